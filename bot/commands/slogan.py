"""`/slogan`: slogans."""

from bot.commands.creative import creative_command
from bot.config.settings import LimitSettings
from bot.core.domain import Task
from bot.core.forms import Field, FieldKind, audience_field, number_field, tone_field, topic_field
from bot.language import N_, _

_COUNT = 5


def _fields(limits: LimitSettings) -> tuple[Field, ...]:
    return (
        topic_field(_("Slogans for what?")),
        number_field("count", _("How many?"), min(_COUNT, limits.ideas), limits.ideas),
        Field("characters", _("Characters of a slogan, at most"), FieldKind.NUMBER, least=10, most=200),
        audience_field(),
        tone_field(),
    )


COMMAND = creative_command(
    Task.SLOGAN,
    N_("slogans"),
    "[N] [--characters N] WHAT",
    N_("/slogan 4 a night market --characters 40"),
    count=_COUNT,
    options=frozenset({"characters"}),
    fields=_fields,
)
