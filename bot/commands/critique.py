"""`/critique`: strength, risk and a test for an idea."""

from bot.commands.creative import creative_command
from bot.config.settings import LimitSettings
from bot.core.domain import Task
from bot.core.forms import Field, audience_field, topic_field
from bot.language import N_, _


def _fields(_limits: LimitSettings) -> tuple[Field, ...]:
    hint = _("In your words, or its number in the last list.")
    return (topic_field(_("Which idea?"), hint), audience_field())


COMMAND = creative_command(
    Task.CRITIQUE,
    N_("strength, risk and a test for an idea"),
    "IDEA|NUMBER",
    N_("/critique pay-what-you-want Fridays"),
    fields=_fields,
)
