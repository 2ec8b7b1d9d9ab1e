"""`/copy`: brand copy for a channel, in several versions."""

from collections.abc import Mapping
from dataclasses import replace

from bot.commands.creative import MOST, choice, creative_command, with_variants
from bot.config.settings import LimitSettings
from bot.core.domain import Brief, Task
from bot.core.errors import CommandError
from bot.core.forms import Field, choice_field, number_field, topic_field
from bot.generation.applications.formats import COPY_CHANNELS
from bot.language import N_, _
from genai.prompts import LENGTHS

_VARIANTS = 2
_SAID = {"email": "e-mail", "post": "post on a social network", "sms": "text message (SMS)"}


def _refined(brief: Brief, options: Mapping[str, str]) -> Brief:
    channel = choice(options.get("channel", ""), tuple(COPY_CHANNELS), "channel") or "website"
    if channel == "email" and brief.max_characters is not None:
        raise CommandError(
            _("An e-mail's parts have their own limits; leave --characters out, or take --length.")
        )
    details = (f"Channel: {_SAID[channel]}",) if channel in _SAID else ()
    return with_variants(replace(brief, layout=channel, details=details), options, _VARIANTS)


def _fields(_limits: LimitSettings) -> tuple[Field, ...]:
    return (
        topic_field(),
        choice_field("channel", _("Where is it shown?"), tuple(COPY_CHANNELS), "website"),
        choice_field("length", _("Length"), LENGTHS),
        Field("action", _("Call to action"), max_characters=60),
        number_field("variants", _("How many versions?"), _VARIANTS, MOST),
    )


COMMAND = creative_command(
    Task.COPY,
    N_("brand copy for a website, an e-mail, a post or an SMS"),
    '[--channel website|email|post|sms] [--action "CALL TO ACTION"] [--variants N] [--characters N] WHAT',
    N_('/copy a refill shop --channel sms --action "Come by on Saturday." --variants 3'),
    options=frozenset({"characters", "channel", "action", "variants"}),
    fields=_fields,
    refine=_refined,
)
