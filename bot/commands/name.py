"""`/name`: names for a thing."""

from bot.commands.creative import creative_command
from bot.config.settings import LimitSettings
from bot.core.domain import Task
from bot.core.forms import Field, FieldKind, audience_field, number_field, tone_field, topic_field
from bot.language import N_, _

_COUNT = 5


def _fields(limits: LimitSettings) -> tuple[Field, ...]:
    return (
        topic_field(_("Names for what?")),
        number_field("count", _("How many?"), min(_COUNT, limits.ideas), limits.ideas),
        Field("characters", _("Characters of a name, at most"), FieldKind.NUMBER, least=3, most=100),
        audience_field(),
        tone_field(),
    )


COMMAND = creative_command(
    Task.NAME,
    N_("names for a thing"),
    "[N] [--characters N] WHAT",
    N_("/name 6 a bike repair van --characters 12"),
    count=_COUNT,
    options=frozenset({"characters"}),
    fields=_fields,
)
