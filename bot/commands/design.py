"""`/design`: a product design brief, and a table of its features."""

from collections.abc import Mapping
from dataclasses import replace

from bot.commands.creative import creative_command
from bot.config.settings import LimitSettings
from bot.core.domain import Brief, Task
from bot.core.forms import LONG, Field, FieldKind, audience_field, topic_field
from bot.language import N_, _


def _refined(brief: Brief, options: Mapping[str, str]) -> Brief:
    given = (("Problem", options.get("problem", "")), ("Constraints", options.get("constraints", "")))
    details = tuple(f"{label}: {' '.join(text.split())}" for label, text in given if text.strip())
    return replace(brief, details=details)


def _fields(_limits: LimitSettings) -> tuple[Field, ...]:
    return (
        topic_field(_("Which product?")),
        Field("problem", _("Which problem does it solve?"), FieldKind.LINES, max_characters=LONG),
        audience_field(),
        Field("constraints", _("What must it keep to?"), FieldKind.LINES, max_characters=LONG),
    )


COMMAND = creative_command(
    Task.DESIGN,
    N_("a product design brief with a table of its features"),
    '[--problem "P"] [--constraints "C"] PRODUCT',
    N_('/design a foldable bike helmet --audience commuters --constraints "under 40 euros"'),
    options=frozenset({"problem", "constraints"}),
    fields=_fields,
    refine=_refined,
)
