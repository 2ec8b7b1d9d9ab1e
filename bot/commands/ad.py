"""`/ad`: an advertisement in the form, and within the limits, of where it is shown."""

from collections.abc import Mapping
from dataclasses import replace

from bot.commands.creative import MOST, choice, creative_command, with_variants
from bot.config.settings import LimitSettings
from bot.core.domain import Brief, Task
from bot.core.errors import CommandError
from bot.core.forms import Field, audience_field, choice_field, number_field, tone_field, topic_field
from bot.generation.applications.formats import AD_FORMATS
from bot.language import N_, _


def _refined(brief: Brief, options: Mapping[str, str]) -> Brief:
    chosen = choice(options.get("format", ""), tuple(AD_FORMATS), "format") or "plain"
    if chosen != "plain" and brief.max_characters is not None:
        raise CommandError(_("A {format} ad has limits of its own; leave --characters out.", format=chosen))
    limits = ", ".join(f"{part.label} {part.most}" for part in AD_FORMATS[chosen].parts if part.most)
    details = (f"Most characters: {limits}",) if limits else ()
    return with_variants(replace(brief, layout=chosen, details=details), options, 1)


def _fields(_limits: LimitSettings) -> tuple[Field, ...]:
    return (
        topic_field(),
        choice_field("format", _("What kind of ad?"), tuple(AD_FORMATS), "plain"),
        audience_field(),
        tone_field(),
        number_field("variants", _("How many versions?"), 1, MOST),
    )


COMMAND = creative_command(
    Task.AD,
    N_("an advertisement: headline, body, call to action"),
    '[--format plain|search|social|banner] [--action "CALL TO ACTION"] [--variants N] [--characters N] WHAT',
    N_('/ad a weekend pottery class --format search --audience "new parents"'),
    options=frozenset({"characters", "format", "action", "variants"}),
    fields=_fields,
    refine=_refined,
)
