"""A text that arrives in pieces and is given away from its beginning, at places that count from there."""


class TextBuffer:
    """Joins pieces only when something is taken, so that neither many pieces nor many takings cost much."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._whole = ""
        self._base = 0
        self._given = 0

    def add(self, text: str) -> None:
        """Append a piece."""
        self._pieces.append(text)

    @property
    def begin(self) -> int:
        """The place of the first character that has not been taken."""
        return self._base + self._given

    def take(self, end: int) -> str:
        """The text from `begin` to the place `end`, which is gone then."""
        self._join()
        begin, self._given = self._given, end - self._base
        return self._whole[begin : self._given]

    def rest(self) -> str:
        """All that has not been taken; it stays."""
        self._join()
        return self._whole[self._given :]

    def _join(self) -> None:
        if self._pieces:
            self._whole = "".join((self._whole[self._given :], *self._pieces))
            self._base, self._given = self.begin, 0
            self._pieces.clear()
