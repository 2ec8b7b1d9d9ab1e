"""The tables of the page "How good is the moderation?", in Markdown between two marks."""

from collections.abc import Iterable, Sequence

from genai.evaluation.moderation_report import Figures
from genai.evaluation.moderation_speed import SpeedFigures

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
