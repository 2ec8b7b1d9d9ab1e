"""Cuts long text into overlapping windows, so that a classifier with a short view sees all of it."""


def windows(text: str, size: int, overlap: int) -> list[str]:
    """Windows of at most `size` characters that cover `text`, neighbours sharing at least `overlap`.

    Cuts fall on white space where there is some, so that no word is seen only in halves.
    """
    cut: list[str] = []
    start = 0
    while len(text) - start > size:
        end = _last_space(text, start + size // 2, start + size)
        cut.append(text[start:end])
        start = _last_space(text, end - overlap - overlap // 2, end - overlap)
    return [*cut, text[start:]]


def _last_space(text: str, low: int, high: int) -> int:
    """The position after the last white space of `text[low:high]`, or `high` where there is none."""
    for position in range(high, low, -1):
        if text[position - 1].isspace():
            return position
    return high
