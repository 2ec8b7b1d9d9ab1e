"""Figures of answers: how many differ and are about what was asked, whether lists keep their form, the cost."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from bot.evaluation.collecting import Collected
from bot.evaluation.kept_answers import ASKED, Answered, Said
from bot.evaluation.prompt_sets import Ask
from genai.evaluation.novelty import Sameness, share_on_topic, utility
from genai.evaluation.simulated_users import TasteEffect, simulate
from genai.reranking.settings import RerankingSettings
from genai.training.measure.statistics import Estimate, mean, proportion

Scores = Mapping[str, Sequence[float | None]]
"""What a judge gave each answer, by the prompt's id; None where it gave nothing."""

_FEWEST_TO_LIKE = 40
"""Ideas that taste is judged by at least: four times what one list is chosen from."""
_OPEN_ENDS = tuple(",;:-–—([{/&、，：；")
_OPEN_WORDS = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with")
)


@dataclass(frozen=True, slots=True)
class Figures:
    """One way's answers to one kind of prompts; each figure with its interval over the prompts.

    `form` is the share of lists that have as many ideas as asked for, each with a title and a text, none of them cut;
    None for answers that are no list. `utility` is None where nothing was rated, `unrated` counts answers that the
    judge gave no number. `tokens` and `seconds` are means of a prompt, None where they are not known.
    """

    way: str
    ask: Ask
    prompts: int
    ideas: float
    distinct: Estimate
    on_topic: Estimate
    form: Estimate | None
    utility: Estimate | None
    unrated: int
    tokens: float | None
    seconds: float | None


def figures(
    way: str, answers: Sequence[Answered], sameness: Sameness, scores: Scores | None = None
) -> list[Figures]:
    """The figures of lists, and those of answers, as far as there are any; blocking, for some seconds."""
    kinds: tuple[Ask, ...] = ("list", "answers")
    found = [(ask, [one for one in answers if one.prompt.ask == ask]) for ask in kinds]
    return [_of_kind(way, ask, some, sameness, scores) for ask, some in found if some]


def _of_kind(
    way: str, ask: Ask, answers: Sequence[Answered], sameness: Sameness, scores: Scores | None
) -> Figures:
    texts = [one.compared() for one in answers]
    classes = [sameness.partition(some) for some in texts]
    whole = [[one.text for one in answered.said] for answered in answers]
    topics = [one.prompt.text for one in answers]
    worth = [_worth(one, its, scores) for one, its in zip(answers, classes, strict=True)]
    rated = [value for value in worth if value is not None]
    unrated = sum(list(scores.get(one.prompt.id, ())).count(None) for one in answers) if scores else 0
    kept = sum(keeps_form(one) for one in answers)
    return Figures(
        way,
        ask,
        len(answers),
        float(np.mean([len(one.said) for one in answers])),
        mean([float(len(set(its))) for its in classes]),
        mean(share_on_topic(whole, topics, sameness)),
        proportion(kept, len(answers)) if ask == "list" else None,
        mean(rated) if rated else None,
        unrated,
        _mean([one.tokens for one in answers]),
        _mean([one.seconds for one in answers]),
    )


def _worth(answered: Answered, classes: Sequence[int], scores: Scores | None) -> float | None:
    """The utility by a judge's scores, else by those that came with the answers; None where there are none."""
    if scores is not None and answered.prompt.id in scores:
        return utility(classes, [score or 0.0 for score in scores[answered.prompt.id]], ASKED)
    judged = answered.judged
    if judged is None or not judged.scores:
        return None
    return utility(judged.partition, judged.scores, len(judged.partition))


def keeps_form(answered: Answered) -> bool:
    """Whether a list is as it was asked for."""
    return len(answered.said) == ASKED and all(map(_is_whole, answered.said))


def _is_whole(said: Said) -> bool:
    end = said.body.rstrip()
    words = end.rsplit(maxsplit=1)[-1:]
    return bool(
        said.title.strip() and end and not end.endswith(_OPEN_ENDS) and words[0].lower() not in _OPEN_WORDS
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


# How far the measure agrees with partitions that came with the answers.


@dataclass(frozen=True, slots=True)
class Agreement:
    """Distinct answers of a prompt by the partitions in a file, and by the measure; `apart` is their mean difference
    without its sign, `utility_error` the largest difference of the utility computed here from the one in the file."""

    way: str
    prompts: int
    given: float
    measured: float
    apart: float
    utility_error: float | None


def agreement(way: str, answers: Sequence[Answered], sameness: Sameness) -> Agreement | None:
    """None where the answers come without partitions; blocking."""
    judged = [(one, one.judged) for one in answers if one.judged is not None]
    if not judged:
        return None
    given = np.array([len(set(its.partition)) for _, its in judged])
    measured = np.array([len(set(sameness.partition(one.compared()))) for one, _ in judged])
    errors = [
        abs(utility(its.partition, its.scores, len(its.partition)) - its.utility)
        for _, its in judged
        if its.scores and its.utility is not None
    ]
    return Agreement(
        way,
        len(judged),
        float(given.mean()),
        float(measured.mean()),
        float(np.abs(given - measured).mean()),
        max(errors) if errors else None,
    )


def rank_correlation(found: Sequence[Agreement]) -> float | None:
    """Whether the measure puts files into the same order as their partitions do (Spearman); None for under three."""
    if len(found) < 3:
        return None
    return float(spearmanr([one.given for one in found], [one.measured for one in found]).statistic)


# All figures of one run.


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured; `measure` names what tells whether two ideas say the same, `judge` who rated, if anybody."""

    measure: str
    threshold: float
    rows: tuple[Figures, ...]
    agreements: tuple[Agreement, ...]
    taste: TasteEffect | None
    ways: tuple[Collected, ...]
    judge: str = ""

    def as_json(self) -> dict[str, Any]:
        """The figures by name."""
        taste = self.taste
        return {
            "measure": {"likeness": self.measure, "threshold": self.threshold},
            "judge": self.judge or None,
            "figures": [asdict(row) for row in self.rows],
            "agreement": [asdict(one) for one in self.agreements],
            "rank_correlation": rank_correlation(self.agreements),
            "taste": taste
            and {
                **asdict(taste),
                "taste_lift": taste.taste_lift,
                "taste_distinct_change": taste.taste_distinct_change,
            },
            "ways": [
                {
                    "way": one.way.name,
                    "changes": one.way.changes,
                    "unanswered": list(one.failures),
                    **one.description,
                }
                for one in self.ways
            ],
        }


def taste_of(
    answers: Sequence[Answered], settings: RerankingSettings, people: int, seed: int
) -> TasteEffect | None:
    """What taste changes for simulated people who judge the ideas of lists; None for too few. Blocking."""
    lists = [one for one in answers if one.prompt.ask == "list"]
    pool = tuple(dict.fromkeys(text for one in lists for text in one.compared()))
    if len(pool) < _FEWEST_TO_LIKE or not people:
        return None
    return simulate(pool, seed=seed, people=people, settings=settings)
