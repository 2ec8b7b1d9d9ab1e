"""Halves of characters: JSON can hold one half of a surrogate pair, and UTF-8 cannot."""


class SurrogateMender:
    """Joins halves of characters that came in two pieces; a half that stays alone becomes U+FFFD."""

    def __init__(self) -> None:
        self._half = ""

    def add(self, text: str) -> str:
        """The text that is whole now."""
        text, self._half = self._half + text, ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        return mended(text)

    def finish(self) -> str:
        """The half that stayed alone, if any."""
        text, self._half = self._half, ""
        return mended(text)


def mended(text: str) -> str:
    """The text with halves joined, and U+FFFD for those that stand alone."""
    return (
        text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    )
