"""`/design`: a product design brief, and a table of its features."""

from dataclasses import replace

from bot.commands.creative import TOPIC, creative_command
from bot.core.commands.declaration import PASTED, Kind, Option
from bot.core.domain import Brief, Invocation, Task
from bot.language import N_


def _refined(brief: Brief, asked: Invocation) -> Brief:
    given = (
        ("Problem", asked.text("problem")),
        ("Constraints", asked.text("constraints")),
        ("Material", asked.text("material")),
    )
    details = tuple(f"{label}: {' '.join(text.split())}" for label, text in given if text)
    return replace(brief, details=details)


COMMAND = creative_command(
    Task.DESIGN,
    N_("a product design brief with a table of its features"),
    N_('/design a foldable bike helmet --audience commuters --constraints "under 40 euros"'),
    Option("problem", N_("Which problem does it solve?"), Kind.LINES, '"P"'),
    Option("constraints", N_("What must it keep to?"), Kind.LINES, '"C"'),
    Option(
        "material",
        N_("What is known of it"),
        Kind.FILE,
        '"M"',
        hint=N_("A file with notes, research or a draft."),
        most_characters=PASTED,
    ),
    topic=replace(TOPIC, label=N_("Which product?"), placeholder=N_("PRODUCT")),
    form=("topic", "problem", "audience", "constraints", "material"),
    title=N_("A design brief"),
    refine=_refined,
)
