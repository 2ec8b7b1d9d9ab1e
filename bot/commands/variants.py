"""What commands share whose answers come in several whole versions, each ending with a call to action."""

from collections.abc import Mapping
from dataclasses import replace

from bot.commands.creative import number
from bot.core.domain import Brief
from bot.core.errors import CommandError
from bot.generation.applications.formats import LEAST_CHARACTERS
from bot.language import _

MOST = 5
_MOST_ENDING = 60


def with_variants(brief: Brief, options: Mapping[str, str], default: int) -> Brief:
    """The brief with the options --variants, --action and --characters checked; raises CommandError."""
    variants = number(options["variants"], "variants") if "variants" in options else default
    if variants > MOST:
        raise CommandError(_("I write at most {most} versions at a time.", most=MOST))
    ending = " ".join(options.get("action", "").split())
    if len(ending) > _MOST_ENDING:
        raise CommandError(_("A call to action has at most {most} characters.", most=_MOST_ENDING))
    least = LEAST_CHARACTERS[brief.task] + (len(ending) if ending else 0)
    if brief.max_characters is not None and brief.max_characters < least:
        raise CommandError(_("--characters takes at least {least} here.", least=least))
    return replace(brief, variants=variants, ending=ending)
