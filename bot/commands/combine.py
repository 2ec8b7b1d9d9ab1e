"""`/combine`: two or more ideas made into one."""

from bot.commands.creative import creative_command
from bot.config.settings import LimitSettings
from bot.core.domain import Task
from bot.core.forms import Field, audience_field, topic_field
from bot.language import N_, _


def _fields(_limits: LimitSettings) -> tuple[Field, ...]:
    hint = _("In your words with “and” between, or their numbers in the last list.")
    return (topic_field(_("Which ideas?"), hint), audience_field())


COMMAND = creative_command(
    Task.COMBINE,
    N_("two or more ideas made into one"),
    "IDEA and IDEA",
    N_("/combine a lunch club and a book swap"),
    fields=_fields,
)
