"""The marks that Riff puts on messages, in words for where there is no message to put them on."""

from bot.language import N_, _

_SAID = {
    "💡": N_("On the board."),
    "🤝": N_("Joined with an idea like it."),
    "👋": N_("I heard you."),
}


def in_words(sign: str) -> str:
    """The mark with what it says, so that it can be read aloud; what is not known stays as it is."""
    said = _SAID.get(sign, "")
    return f"{sign} {_(said)}" if said else sign
