"""The figures as Markdown, for docs/brainstorm-figures.md."""

from dataclasses import asdict

from bot.evaluation.brainstorm import Report, Scale
from bot.evaluation.playing import LIKED

_INTRODUCTION = """# How good a partner Riff is: measured

Written by `riff eval brainstorm --write{options}`; do not edit. The same seed gives the same figures.

{sessions} simulated brainstorms with the embedded model, on topics that its training never saw. Ten ideas stand on
the board; Riff takes {turns} turns and shows five ideas in each, chosen from twice as many with the settings that it
ships with. A simulated person with a hidden taste says of each shown idea whether they like it. Every row plays the
same brainstorms, without Sobol sampling, ranking or taste in turn; taste acts on the ranking, so that without
ranking there is neither.
"""

_MEANING = """
- **written**: of the ideas written for one turn, those that differ, before any are chosen: what Sobol sampling is for,
  and `distinct_sobol` and `distinct_independent` of `--json`. Among ideas that were chosen Sobol makes no difference:
  the choice drops what is alike anyway.
- **distinct**: of about {shown:.0f} shown ideas, those that say something else than all shown before them, by the
  measure that drops near-duplicates (`quality.duplicate`), with the standard error.
- **coverage**: of the groups that all written ideas fall into (`genai/text/clusters.py`), the share that is shown.
- **novelty**: how far a shown idea is from the nearest one on the board, from 0 (the same) to 1.
- **liked**: the share of shown ideas that the person likes; by chance it is {liked:.2f}.
"""

_TASTE = """
## Taste alone

{people} simulated people say of {feedback} ideas each whether they like them (`genai/evaluation/simulated_users.py`; ideas are
patterns of the model's corpus). Then of the top three {before:.0%} are liked without taste and {after:.0%} with it:
a lift of {lift:+.0%}. The share of distinct ideas changes by {change:+.1%}.
"""


def table(report: Report) -> str:
    """The ablation."""
    lines = ["| Riff | written | distinct | coverage | novelty | liked |", "|" + " --- |" * 6]
    for row in report.rows:
        distinct = f"{row.distinct:.1f} ± {row.distinct_error:.1f}"
        shares = f"{row.coverage:.2f} | {row.novelty:.3f} | {row.liked:.2f}"
        lines.append(f"| {row.variant} | {row.written:.2f} | {distinct} | {shares} |")
    return "\n".join(lines)


def page(report: Report) -> str:
    """The whole page."""
    scale, taste = report.scale, report.taste
    return "\n".join(
        [
            _INTRODUCTION.format(options=_options(scale), sessions=scale.sessions, turns=scale.turns),
            table(report),
            _MEANING.format(shown=report.shown, liked=LIKED).rstrip(),
            _TASTE.format(
                people=taste.people,
                feedback=taste.feedback,
                before=taste.liked_by_chance,
                after=taste.liked,
                lift=taste.taste_lift,
                change=taste.taste_distinct_change,
            ),
        ]
    )


def _options(scale: Scale) -> str:
    """The options that differ from the defaults, as they are typed."""
    usual = asdict(Scale())
    return "".join(f" --{name} {value}" for name, value in asdict(scale).items() if value != usual[name])
