"""The figures of moderation: measured, and written into the page that tells them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from genai.evaluation.labelled_sets import ORDINARY, SETS, Labelled, SetMissing
from genai.evaluation.moderation_speed import SpeedFigures, speed_figures
from genai.evaluation.personal_data import EntityFigures, entity_figures, filled
from genai.evaluation.stream_flags import StreamFigures, stream_figures
from genai.evaluation.toxicity_accuracy import (
    EvasionFigures,
    SetFigures,
    evasion_figures,
    set_figures,
    toxic_sample,
)
from genai.moderation import Moderator, toxicity
from genai.moderation import chain as chains
from genai.moderation.chain import Chain
from genai.moderation.personal_data import redaction as privacy
from genai.moderation.settings import ModerationSettings
from genai.moderation.toxicity import Toxicity

ROUNDS = 10
"""How often each template of personal data is filled."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was measured; `missing` names what was not, and why."""

    chain: str
    sets: tuple[SetFigures, ...]
    evasions: tuple[EvasionFigures, ...]
    personal: tuple[EntityFigures, ...]
    speed: SpeedFigures | None
    missing: tuple[str, ...]
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
    evasions = _told(say, "disguising words", _evasions, stage, known)
    personal = _told(say, "filling templates of personal data", _personal, settings, data, missing)
    say("streaming attacks among calm sentences")
    streams = await _streams(chain, settings)
    say("timing")
    texts = [text for each in known if len(set(each.toxic)) == 1 for text in each.texts]
    speed = await speed_figures(chain, settings, texts) if len(texts) > 64 else None
    return Figures(
        chain.version, tuple(rows), tuple(evasions), tuple(personal), speed, tuple(missing), tuple(streams)
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


async def _streams(chain: Chain, settings: ModerationSettings) -> list[StreamFigures]:
    moderator = Moderator(settings, lambda _settings: chain)
    await moderator.start()
    try:
        return await stream_figures(moderator)
    finally:
        await moderator.close()


def _personal(settings: ModerationSettings, data: Path, missing: list[str]) -> list[EntityFigures]:
    templates = data / "privacy" / "templates.txt"
    if not templates.is_file():
        missing.append(f"{templates} is not there")
        return []
    try:
        sentences = filled(templates, ROUNDS)
    except ImportError:
        missing.append("faker is not installed: pip install -e '.[dev]'")
        return []
    return entity_figures(privacy.load(settings), sentences, unlabelled=frozenset({"ADDRESS"}))


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
    parts += ["### Disguised words", _evasion_lines(figures)]
    if figures.personal:
        parts += ["### Personal data", _personal_lines(figures)]
    if figures.streams:
        parts += ["### Streams", _stream_lines(figures)]
    if figures.speed:
        parts += ["### Speed", _speed(figures.speed)]
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


def _personal_lines(figures: Figures) -> str:
    return _table(
        ("entity", "values", "redacted whole", "redactions", "right"),
        (
            (row.entity, str(row.values), _percent(row.recall), str(row.redactions), _percent(row.precision))
            for row in figures.personal
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


def _speed(speed: SpeedFigures) -> str:
    return _table(
        ("what", "figure"),
        (
            ("texts a second of one core's time", f"{speed.texts_a_core_second:,.0f}"),
            (
                f"texts a second by the clock ({speed.cores} cores, load {speed.load:.1f} before)",
                f"{speed.texts_a_second:,.0f}",
            ),
            ("wait for a verdict, 32 replies at once: median", f"{speed.p50_ms:.1f} ms"),
            ("wait for a verdict, 32 replies at once: 99th percentile", f"{speed.p99_ms:.1f} ms"),
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
