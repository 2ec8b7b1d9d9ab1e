"""The figures of ideas as Markdown, with the settings and versions that they depend on."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from bot.evaluation.collecting import Collected, versions
from bot.evaluation.idea_figures import Agreement, Figures, Report, rank_correlation
from bot.evaluation.kept_answers import ASKED
from genai.evaluation.novelty import PATIENCE
from genai.evaluation.simulated_users import TasteEffect
from genai.training.measure.statistics import Estimate

_INTRODUCTION = """# Ideas: measured

Written by `riff eval ideas`; do not edit. [evaluation.md](evaluation.md) says how each figure is made and what it
misses. In brackets are 95 % intervals over the prompts: bootstrapped, for the form Wilson's. Two ideas say the same
where `{measure}` finds them at least {threshold} alike.
"""
_LISTS = f"""
## Lists of {ASKED} ideas
What `/brainstorm {ASKED} TOPIC` gives somebody of whom nothing is known, before moderation.
"""
_ANSWERS = f"""
## {ASKED} answers to one question
Answers that know nothing of each other, as NoveltyBench asks for them.
"""
_AGREEMENT = """
## Does the measure agree with others' partitions?
Distinct answers by the partitions that came with the files, and by the measure above; “apart” is the mean difference
for one prompt. “Utility error” is the largest difference of a utility computed here from the one in the file.
"""
_TASTE = """
## Taste alone
{people} simulated people say of {feedback} of these ideas each whether they like them
(`genai/evaluation/simulated_users.py`). Then of the top three {before:.0%} are liked without taste and {after:.0%} with
it: a lift of {lift:+.0%}. The share of distinct ideas changes by {change:+.1%}.
"""


def page(report: Report) -> str:
    """The whole page."""
    parts = [_INTRODUCTION.format(measure=report.measure, threshold=report.threshold), tables(report)]
    if report.taste:
        parts.append(_taste(report.taste))
    return "\n".join(part.strip("\n") + "\n" for part in [*parts, _settings(report)])


def tables(report: Report) -> str:
    """The figures alone."""
    lists = [row for row in report.rows if row.ask == "list"]
    answers = [row for row in report.rows if row.ask == "answers"]
    parts = []
    if lists:
        parts += [_LISTS, _table(lists, _LIST_COLUMNS)]
    if answers:
        parts += [_ANSWERS, _table(answers, _ANSWER_COLUMNS)]
    if report.judge and report.rows:
        unrated = sum(row.unrated for row in report.rows)
        parts.append(
            f"\nUtility: rated by {report.judge}, patience {PATIENCE}; {unrated} answers got no number and count as 0."
        )
    if report.agreements:
        parts += [_AGREEMENT, _agreements(report.agreements)]
    return "\n".join(parts)


_ANSWER_COLUMNS = ("way", "prompts", "distinct", "on topic", "utility", "tokens", "seconds")
_LIST_COLUMNS = ("way", "prompts", "form kept", "ideas", *_ANSWER_COLUMNS[2:])


def _table(rows: Sequence[Figures], columns: Sequence[str]) -> str:
    if not any(row.utility for row in rows):
        columns = [name for name in columns if name != "utility"]
    return markdown_table([[_cell(row, name) for name in columns] for row in rows], columns)


def _cell(row: Figures, column: str) -> str:
    found: dict[str, Any] = {
        "way": row.way.replace("|", "\\|"),
        "prompts": row.prompts,
        "form kept": _percent(row.form) if row.form else "–",
        "ideas": f"{row.ideas:.1f}",
        "distinct": _interval(row.distinct),
        "on topic": _percent(row.on_topic),
        "utility": _interval(row.utility) if row.utility else "–",
        "tokens": "–" if row.tokens is None else f"{row.tokens:,.0f}",
        "seconds": "–" if row.seconds is None else f"{row.seconds:.1f}",
    }
    return str(found[column])


def _interval(value: Estimate) -> str:
    return f"{value.value:.2f} [{value.lower:.2f}, {value.upper:.2f}]"


def _percent(value: Estimate) -> str:
    return f"{value.value:.0%} [{value.lower:.0%}, {value.upper:.0%}]"


def markdown_table(rows: Sequence[Sequence[str]], head: Sequence[str]) -> str:
    """A table whose first column is text and whose others are figures."""
    ruler = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ruler, *rows))


def _agreements(found: Sequence[Agreement]) -> str:
    rows = [
        (
            one.way,
            str(one.prompts),
            f"{one.given:.2f}",
            f"{one.measured:.2f}",
            f"{one.apart:.2f}",
            "–" if one.utility_error is None else f"{one.utility_error:.0e}",
        )
        for one in found
    ]
    table = markdown_table(rows, ("answers", "prompts", "given", "measured", "apart", "utility error"))
    rank = rank_correlation(found)
    return table if rank is None else f"{table}\n\nRank correlation over the files: {rank:.2f}."


def _taste(taste: TasteEffect) -> str:
    return _TASTE.format(
        people=taste.people,
        feedback=taste.feedback,
        before=taste.liked_by_chance,
        after=taste.liked,
        lift=taste.taste_lift,
        change=taste.taste_distinct_change,
    )


def _settings(report: Report) -> str:
    lines = ["## Settings and versions"]
    lines += [line for one in report.ways for line in _described(one)]
    lines.append("- versions: " + ", ".join(f"{name} {number}" for name, number in versions().items()))
    return "\n".join(lines)


def _described(one: Collected) -> list[str]:
    """Only what tells of no machine: no folder and no address of a server."""
    about, changes = one.description, one.way.told
    if "file" in about:
        return [f"- **{one.way.name}**: the file `{about['file']}`"]
    sampling = ", ".join(f"{name} {value}" for name, value in about["sampling"].items())
    told = f"; with `{changes}`" if changes else ""
    lost = f"; {len(one.failures)} prompts without an answer" if one.failures else ""
    return [f"- **{one.way.name}**: {_model(about['model'])}, seed {about['seed']}, {sampling}{told}{lost}"]


def _model(named: str) -> str:
    """A model in a folder by the folder's own name."""
    return PurePath(named).name if named.startswith(("/", "~", ".")) else named
