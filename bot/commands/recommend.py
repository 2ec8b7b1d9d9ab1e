"""`/recommend`: recommendations that fit your interests."""

from bot.commands.creative import creative_command
from bot.config.settings import LimitSettings
from bot.domain import Task
from bot.forms import Field, audience_field, number_field, topic_field
from bot.language import N_, _

_COUNT = 3


def _fields(limits: LimitSettings) -> tuple[Field, ...]:
    return (
        topic_field(_("Recommendations for what?")),
        number_field("count", _("How many?"), min(_COUNT, limits.ideas), limits.ideas),
        audience_field(),
    )


COMMAND = creative_command(
    Task.RECOMMEND,
    N_("recommendations that fit your interests"),
    "[N] TOPIC",
    N_("/recommend 3 team outings"),
    count=_COUNT,
    fields=_fields,
)
