"""`/copy`: brand copy for a channel, in several versions."""

from dataclasses import replace

from bot.commands.creative import ACTION, CHARACTERS, creative_command, variants_option, with_variants
from bot.core.commands.declaration import Kind, Option
from bot.core.domain import Brief, Invocation, Task
from bot.core.errors import CommandError
from bot.generation.applications.formats import COPY_CHANNELS
from bot.language import N_, _

_VARIANTS = 2
_SAID = {"email": "e-mail", "post": "post on a social network", "sms": "text message (SMS)"}


def _refined(brief: Brief, asked: Invocation) -> Brief:
    channel = asked.text("channel") or "website"
    if channel == "email" and brief.max_characters is not None:
        raise CommandError(
            _("An e-mail's parts have their own limits; leave --characters out, or take --length.")
        )
    details = (f"Channel: {_SAID[channel]}",) if channel in _SAID else ()
    return with_variants(replace(brief, layout=channel, details=details), asked, _VARIANTS)


_CHANNEL = Option(
    "channel", N_("Where is it shown?"), Kind.CHOICE, choices=tuple(COPY_CHANNELS), default="website"
)

COMMAND = creative_command(
    Task.COPY,
    N_("brand copy for a website, an e-mail, a post or an SMS"),
    N_('/copy a refill shop --channel sms --action "Come by on Saturday." --variants 3'),
    _CHANNEL,
    ACTION,
    variants_option(_VARIANTS),
    CHARACTERS,
    form=("topic", "channel", "length", "action", "variants"),
    title=N_("Brand copy"),
    refine=_refined,
)
