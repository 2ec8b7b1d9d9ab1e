"""How well toxicity is told from the rest, and what is left of that where words wear a disguise."""

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from genai.evaluation.functional_tests import Sentence
from genai.evaluation.labelled_sets import Labelled
from genai.moderation.policy import Item
from genai.moderation.toxicity import Toxicity
from genai.moderation.verdict import Action
from genai.training.toxicity_head.calibration import Reliability, reliability

Evasion = Callable[[str, random.Random], str]

_LETTERS = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[A-Za-z]{3,}")
_LEET = str.maketrans("aeiostAEIOST", "4310574310$7")
_ALIKE = str.maketrans("aceopxyijsABCEHKMOPTX", "асеорхуіјѕАВСЕНКМОРТХ")
_FULL = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_BOLD = {ord("a") + i: 0x1D41A + i for i in range(26)} | {ord("A") + i: 0x1D400 + i for i in range(26)}
_CIRCLED = {ord("a") + i: 0x24D0 + i for i in range(26)} | {ord("A") + i: 0x24B6 + i for i in range(26)}
_MARKS = "\u0300\u0301\u0308\u0323\u0330\u0336"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def _each_word(text: str, change: Callable[[str], str]) -> str:
    return _WORD.sub(lambda match: change(match.group()), text)


def _mixed(text: str, chance: random.Random) -> str:
    """Half of the letters as look-alikes of other alphabets, as whole texts in them would stand out."""
    return "".join(char.translate(_ALIKE) if chance.random() < 0.5 else char for char in text)


def _after_letters(text: str, chance: random.Random, signs: str, share: float) -> str:
    return _LETTERS.sub(
        lambda match: match.group() + (chance.choice(signs) if chance.random() < share else ""), text
    )


def _repeated(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at] * chance.randint(3, 6) + word[at + 1 :]


def _bidirectional(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    return f"{word[:at]}\u202d{word[at:]}\u202c"


EVASIONS: dict[str, Evasion] = {
    "compatible forms": lambda text, chance: text.translate(chance.choice((_FULL, _BOLD, _CIRCLED))),
    "look-alike letters": _mixed,
    "zero-width characters": lambda text, chance: _after_letters(text, chance, _INVISIBLE, 0.7),
    "bidirectional controls": lambda text, chance: _each_word(
        text, lambda word: _bidirectional(word, chance)
    ),
    "combining marks": lambda text, chance: _after_letters(text, chance, _MARKS, 0.7),
    "leetspeak": lambda text, _: text.translate(_LEET),
    "repeated letters": lambda text, chance: _each_word(text, lambda word: _repeated(word, chance)),
    "spaced-out letters": lambda text, _: "   ".join(" ".join(word) for word in text.split()),
    "dotted letters": lambda text, _: _each_word(text, ".".join),
}


def evaded(text: str, name: str) -> str:
    """`text` in the disguise called `name`, the same every time; in none where it is "none"."""
    return text if name == "none" else EVASIONS[name](text, random.Random(f"{name} {text}"))


BATCH = 64
SAMPLE = 40
"""Toxic texts of each set that are disguised in each way; every nth of all that there are."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Scores of `toxicity`, from 0 to 1, and what the stage decided by the thresholds of every category."""

    scores: tuple[float, ...]
    flagged: tuple[bool, ...]
    blocked: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class SetFigures:
    """Figures on one set; shares are from 0 to 1, None where the set has no texts of that kind.

    A text is flagged, too, where it is blocked.
    """

    name: str
    texts: int
    auc: float | None
    auc_words_alone: float | None
    recall_flagged: float | None
    recall_blocked: float | None
    false_flagged: float | None
    false_blocked: float | None
    reliability: tuple[Reliability, ...] = ()


@dataclass(frozen=True, slots=True)
class KindFigures:
    """What is flagged and blocked of sentences of one kind."""

    name: str
    hostile: bool
    texts: int
    flagged: float
    blocked: float


@dataclass(frozen=True, slots=True)
class EvasionFigures:
    """What is flagged in one disguise, by the classifier alone (`unread`) and behind the reader.

    `recall` is a share of what is flagged of the same toxic texts without disguise and reader; `false_flagged` the
    share of ordinary prompts that are flagged in the same disguise.
    """

    name: str
    recall_unread: float
    recall: float
    false_flagged_unread: float
    false_flagged: float


def judged(stage: Toxicity, texts: Sequence[str]) -> Judged:
    """What `stage` says of `texts`."""
    verdicts = [
        verdict
        for start in range(0, len(texts), BATCH)
        for verdict in stage.judge([Item(text) for text in texts[start : start + BATCH]])
    ]
    return Judged(
        tuple(verdict.scores.get("toxicity", verdict.score) for verdict in verdicts),
        tuple(verdict.action is not Action.ALLOW for verdict in verdicts),
        tuple(verdict.action is Action.BLOCK for verdict in verdicts),
    )


def set_figures(stage: Toxicity, words: Toxicity, labelled: Labelled) -> SetFigures:
    """The figures of `stage` on one set, beside the AUC of `words`, the linear model alone."""
    found = judged(stage, labelled.texts)
    toxic = labelled.toxic
    mixed = len(set(toxic)) == 2
    return SetFigures(
        name=labelled.name,
        texts=len(toxic),
        auc=area(toxic, found.scores) if mixed else None,
        auc_words_alone=area(toxic, judged(words, labelled.texts).scores) if mixed else None,
        recall_flagged=share(found.flagged, toxic, of=True),
        recall_blocked=share(found.blocked, toxic, of=True),
        false_flagged=share(found.flagged, toxic, of=False),
        false_blocked=share(found.blocked, toxic, of=False),
        reliability=tuple(reliability(found.scores, toxic)) if mixed else (),
    )


def kind_figures(stage: Toxicity, sentences: Iterable[Sentence]) -> list[KindFigures]:
    """The figures of `stage` on each ability of the functional tests."""
    kinds: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        kinds.setdefault(sentence.ability, []).append(sentence)
    figures = []
    for name, of_kind in kinds.items():
        found = judged(stage, [sentence.text for sentence in of_kind])
        hostile = of_kind[0].hostile
        figures.append(KindFigures(name, hostile, len(of_kind), mean(found.flagged), mean(found.blocked)))
    return figures


def toxic_sample(labelled: Labelled) -> list[str]:
    """Up to about SAMPLE toxic texts, spread over a set that has others too."""
    if len(set(labelled.toxic)) < 2:
        return []
    toxic = [text for text, is_toxic in zip(labelled.texts, labelled.toxic, strict=True) if is_toxic]
    return toxic[:: max(1, len(toxic) // SAMPLE)]


def evasion_figures(
    stage: Toxicity, unread: Toxicity, toxic: Sequence[str], ordinary: Sequence[str]
) -> list[EvasionFigures]:
    """Figures of texts without disguise and in each; `unread` is the same stage without a reader."""
    plain = mean(judged(unread, toxic).flagged)
    figures = []
    for name in ("none", *EVASIONS):
        disguised = [evaded(text, name) for text in toxic]
        harmless = [evaded(text, name) for text in ordinary]
        figures.append(
            EvasionFigures(
                name,
                mean(judged(unread, disguised).flagged) / plain,
                mean(judged(stage, disguised).flagged) / plain,
                mean(judged(unread, harmless).flagged),
                mean(judged(stage, harmless).flagged),
            )
        )
    return figures


def area(toxic: Sequence[bool], scores: Sequence[float]) -> float:
    """The area under the ROC curve: how often a toxic text scores higher than another one."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(toxic, scores))


def share(decisions: Sequence[bool], toxic: Sequence[bool], *, of: bool) -> float | None:
    """The share of texts with the label `of` that are decided true, None where there are none."""
    chosen = [decision for decision, label in zip(decisions, toxic, strict=True) if label is of]
    return mean(chosen) if chosen else None


def mean(values: Iterable[bool]) -> float:
    """The share of `values` that are true; 0 of none."""
    listed = list(values)
    return sum(listed) / max(1, len(listed))
