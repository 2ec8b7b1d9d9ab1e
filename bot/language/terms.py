"""Names out of Riff's own lists in other layers, marked so that they can be translated where they are shown."""

from collections.abc import Iterable

from bot.language.translating import N_, _

TERMS = (
    # tones, lengths and techniques
    N_("plain"),
    N_("playful"),
    N_("formal"),
    N_("bold"),
    N_("short"),
    N_("medium"),
    N_("long"),
    N_("six hats"),
    N_("reverse thinking"),
    N_("analogy"),
    N_("how might we"),
    N_("crazy eights"),
    # topics that can be off limits
    N_("gambling"),
    N_("investing"),
    N_("legal"),
    N_("medical"),
    N_("politics"),
    N_("religion"),
    # fields of a profile
    N_("display-name"),
    N_("role"),
    N_("tone"),
    N_("language"),
    N_("length"),
    N_("audience"),
    N_("interests"),
    N_("brand-voice"),
    N_("use-words"),
    N_("avoid-words"),
)


def by_name(choices: Iterable[str]) -> dict[str, str]:
    """The choices by what a person may type for them: their names, and what they are called in the locale."""
    named = list(choices)
    return {_(choice).lower(): choice for choice in named} | {choice.lower(): choice for choice in named}


def names_of(choices: Iterable[str]) -> str:
    """The choices with what they are called in the current locale."""
    return ", ".join(one if _(one) == one else f"{one} ({_(one)})" for one in choices)
