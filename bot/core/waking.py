"""What can be said of Riff while it wakes up."""

from bot.language import _
from genai.loading import CONVERSION

_WIDTH = 24


def waking_up() -> str:
    """What takes the time: reading a model file for the first time has a bar, for it happens once."""
    share = CONVERSION.share
    if share is None:
        return _("waking up")
    done = round(share * _WIDTH)
    bar = "━" * done + "╌" * (_WIDTH - done)
    return _("preparing the language model for this processor, once: {bar} {percent} %").format(
        bar=bar, percent=round(100 * share)
    )
