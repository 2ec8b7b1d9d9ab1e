"""The figures of moderation: measured, and written into the page that tells them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from genai.evaluation import privacy_report
from genai.evaluation.functional_tests import ABILITIES, UNTOUCHED, sentences
from genai.evaluation.labelled_sets import ORDINARY, SETS, Labelled, SetMissing
from genai.evaluation.moderation_speed import SpeedFigures, speed_figures
from genai.evaluation.privacy_report import PrivacyFigures
from genai.evaluation.stream_flags import StreamFigures, stream_figures
from genai.evaluation.toxicity_accuracy import (
    EvasionFigures,
    KindFigures,
    SetFigures,
    evasion_figures,
    kind_figures,
    set_figures,
    toxic_sample,
)
from genai.moderation import Moderator, toxicity
from genai.moderation import chain as chains
from genai.moderation.chain import Chain
from genai.moderation.settings import ModerationSettings
from genai.moderation.toxicity import Toxicity
from genai.training.toxicity_head.calibration import draw

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was measured; `missing` names what was not, and why."""

    chain: str
    sets: tuple[SetFigures, ...]
    evasions: tuple[EvasionFigures, ...]
    personal: PrivacyFigures | None
    speed: SpeedFigures | None
    missing: tuple[str, ...]
    kinds: tuple[KindFigures, ...] = ()
    streams: tuple[StreamFigures, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


async def measure(settings: ModerationSettings, data: Path, say: Say) -> Figures:
    """All figures of the chain of `settings` on the public sets in `data`; `say` is told of each step."""
    chain = chains.load(settings)
    stage = toxicity.load(settings)
    words = toxicity.load(settings.model_copy(update={"classifier": ("profanity-check",)}))
    missing: list[str] = []
    known = list(_present(data, missing))
    rows = [_told(say, f"scoring: {each.name}", set_figures, stage, words, each) for each in known]
    kinds = _told(say, "scoring by kind", kind_figures, stage, sentences((*ABILITIES, *UNTOUCHED)))
    evasions = _told(say, "disguising words", _evasions, stage, known)
    personal = _told(say, "redacting personal data", privacy_report.measure, settings, data, missing)
    say("streaming attacks among calm sentences")
    streams = await _streams(chain, settings)
    say("timing")
    texts = [text for each in known if len(set(each.toxic)) == 1 for text in each.texts]
    speed = await timed(settings, texts, missing) if len(texts) > 64 else None
    return Figures(
        chain.version,
        tuple(rows),
        tuple(evasions),
        personal,
        speed,
        tuple(missing),
        tuple(kinds),
        tuple(streams),
    )


def _told(say: Say, what: str, call: Callable[..., Any], *arguments: Any) -> Any:
    say(what)
    return call(*arguments)


def _present(data: Path, missing: list[str]) -> Iterable[Labelled]:
    for load in SETS:
        try:
            yield load(data)
        except SetMissing as error:
            missing.append(str(error))


def _evasions(stage: Toxicity, known: Sequence[Labelled]) -> list[EvasionFigures]:
    """On the same number of toxic texts of each set, and on ordinary prompts where they are there."""
    toxic = [text for each in known for text in toxic_sample(each)]
    ordinary = [text for each in known if each.name == ORDINARY for text in each.texts]
    return evasion_figures(stage, stage.without_reader(), toxic, ordinary)


async def timed(
    settings: ModerationSettings, texts: Sequence[str], missing: list[str]
) -> SpeedFigures | None:
    """None where timing fails, which must not cost all that was measured before."""
    try:
        return await speed_figures(chains.load(settings), settings, texts)
    except Exception as error:
        missing.append(f"speed, for {type(error).__name__}: {error}")
        return None


async def _streams(chain: Chain, settings: ModerationSettings) -> list[StreamFigures]:
    moderator = Moderator(settings, lambda _settings: chain)
    await moderator.start()
    try:
        return await stream_figures(moderator)
    finally:
        await moderator.close()


# The tables of the page "How good is the moderation?", in Markdown between two marks.


START, END = "<!-- figures: riff eval moderation --write -->", "<!-- end of figures -->"


def rewritten(page: str, figures: Figures) -> str:
    """`page` with new tables between the marks; raises ValueError where it has none."""
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"the page lacks the lines {START} and {END}")
    return f"{before}{START}\n{tables(figures)}\n{END}{after}"


def tables(figures: Figures) -> str:
    """Every table of `figures` under its heading."""
    parts = [f"Chain: `{figures.chain}`", "### Toxicity", _sets(figures)]
    if figures.kinds:
        parts += ["### By kind of sentence", _kinds(figures.kinds)]
    parts += ["### Disguised words", _evasion_lines(figures)]
    if figures.personal:
        parts += ["### Personal data", *privacy_report.tables(figures.personal)]
    if figures.streams:
        parts += ["### Streams", _stream_lines(figures)]
    if figures.speed:
        parts += ["### Speed", _speed_lines(figures.speed)]
    if figures.missing:
        parts += ["Not measured: " + "; ".join(figures.missing) + "."]
    return "\n\n".join(parts)


def _sets(figures: Figures) -> str:
    head = (
        "set",
        "texts",
        "AUC",
        "AUC of words alone",
        "recall: flagged",
        "blocked",
        "false: flagged",
        "blocked",
    )
    return _table(
        head,
        (
            (
                row.name,
                f"{row.texts:,}",
                _decimal(row.auc),
                _decimal(row.auc_words_alone),
                _percent(row.recall_flagged),
                _percent(row.recall_blocked),
                _percent(row.false_flagged),
                _percent(row.false_blocked),
            )
            for row in figures.sets
        ),
    )


def _kinds(kinds: Sequence[KindFigures]) -> str:
    return _table(
        ("kind", "attacks", "sentences", "flagged", "blocked"),
        (
            (
                row.name,
                "yes" if row.hostile else "no",
                str(row.texts),
                _percent(row.flagged),
                _percent(row.blocked),
            )
            for row in kinds
        ),
    )


def draw_reliability(figures: Figures, path: Path) -> None:
    """Write as PNG how far the scores on each mixed set can be believed."""
    draw({row.name: row.reliability for row in figures.sets if row.reliability}, path)


def _evasion_lines(figures: Figures) -> str:
    head = ("disguise", "recall kept without reading", "recall kept", "ordinary prompts flagged without reading",
            "ordinary prompts flagged")  # fmt: skip
    return _table(
        head,
        (
            (
                row.name,
                _percent(row.recall_unread),
                _percent(row.recall),
                _percent(row.false_flagged_unread),
                _percent(row.false_flagged),
            )
            for row in figures.evasions
        ),
    )


def _stream_lines(figures: Figures) -> str:
    return _table(
        ("attack among calm sentences", "streams", "first flagged inside it", "before", "after", "never"),
        (
            (
                row.kind,
                str(row.streams),
                *map(_percent, (row.inside, row.before, row.after, row.never)),
            )
            for row in figures.streams
        ),
    )


def _speed_lines(speed: SpeedFigures) -> str:
    waits = (
        (f"wait for a verdict on a piece, {wait.replies} replies at once: {name}", f"{value:.0f} ms")
        for wait in speed.waits
        for name, value in (("median", wait.p50_ms), ("99th percentile", wait.p99_ms))
    )
    return _table(
        ("what", "figure"),
        (
            (
                f"short texts ({speed.short_characters:.0f} characters on average) a second of one core's time",
                f"{speed.short_a_core_second:,.0f}",
            ),
            (
                f"all texts ({speed.characters:.0f} characters) a second of one core's time",
                f"{speed.texts_a_core_second:,.0f}",
            ),
            (
                f"the same by the clock ({speed.cores} cores, load {speed.load:.1f} before)",
                f"{speed.texts_a_second:,.0f}",
            ),
            *waits,
            ("Detoxify's class, batched against one by one, tiny checkpoint", f"{speed.batched_ratio:.1f} ×"),
        ),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
