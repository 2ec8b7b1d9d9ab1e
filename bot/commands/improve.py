"""`/improve`: a better version of an idea."""

from collections.abc import Mapping
from dataclasses import replace

from bot.commands.creative import creative_command
from bot.config.settings import LimitSettings
from bot.core.domain import Brief, Task
from bot.core.forms import Field, audience_field, topic_field
from bot.language import N_, _


def _refined(brief: Brief, options: Mapping[str, str]) -> Brief:
    focus = " ".join(options.get("focus", "").split())
    return replace(brief, details=(f"Focus: {focus}",)) if focus else brief


def _fields(_limits: LimitSettings) -> tuple[Field, ...]:
    return (
        topic_field(_("Which idea?"), _("In your words, or its number in the last list.")),
        Field("focus", _("What shall get better?")),
        audience_field(),
    )


COMMAND = creative_command(
    Task.IMPROVE,
    N_("a better version of an idea"),
    '[--focus "F"] IDEA|NUMBER',
    N_('/improve a swap shelf for plants in the lobby --focus "cheaper to run"'),
    options=frozenset({"focus"}),
    fields=_fields,
    refine=_refined,
)
