"""`/ad`: an advertisement in the form, and within the limits, of where it is shown."""

from dataclasses import replace

from bot.commands.creative import ACTION, CHARACTERS, creative_command, variants_option, with_variants
from bot.core.commands.declaration import Kind, Option
from bot.core.domain import Brief, Invocation, Task
from bot.core.errors import CommandError
from bot.generation.applications.formats import AD_FORMATS
from bot.language import N_, _


def _refined(brief: Brief, asked: Invocation) -> Brief:
    chosen = asked.text("format") or "plain"
    if chosen != "plain" and brief.max_characters is not None:
        raise CommandError(_("A {format} ad has limits of its own; leave --characters out.", format=chosen))
    limits = ", ".join(f"{part.label} {part.most}" for part in AD_FORMATS[chosen].parts if part.most)
    details = (f"Most characters: {limits}",) if limits else ()
    return with_variants(replace(brief, layout=chosen, details=details), asked, 1)


_FORMAT = Option("format", N_("What kind of ad?"), Kind.CHOICE, choices=tuple(AD_FORMATS), default="plain")

COMMAND = creative_command(
    Task.AD,
    N_("an advertisement: headline, body, call to action"),
    N_('/ad a weekend pottery class --format search --audience "new parents"'),
    _FORMAT,
    ACTION,
    variants_option(1),
    CHARACTERS,
    form=("topic", "format", "audience", "tone", "variants"),
    title=N_("An advertisement"),
    refine=_refined,
)
