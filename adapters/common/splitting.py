"""Cuts what a renderer wrote into messages. Knows no platform: the limit is given.

Cut where a reader would: between paragraphs, else lines, else sentences, else words. Code that is cut is closed at
the end of one message and opened again, with its language, at the start of the next.
"""

import re
from dataclasses import dataclass

_FENCE = "```"
_OPENER = re.compile(r"```[^`\s]*")
_EMPTY_CODE = re.compile(r"(?:\A|\n)```[^`\s]*\n\s*```\Z")
"""Nothing between two fences: Discord would take what comes next for the code."""
_WHOLE = re.compile(r"(?<!`)(?P<ticks>`++).{0,2000}?(?<!`)(?P=ticks)(?!`)|\\.|&\w{2,6};|<[^<>\s]{1,2000}>")
"""What is not cut within a line: code, an escaped character, an entity, a link."""
_SENTENCES = (". ", "! ", "? ", "。", "！", "？", " ")


@dataclass(frozen=True, slots=True)
class _Code:
    """Code that goes on after a cut: how it is opened again, and closed."""

    opener: str = ""
    closer: str = ""


def split(text: str, limit: int, *, growing: bool = False) -> list[str]:
    """`text` in messages of at most `limit` characters, none of them blank.

    Code that ends the last one is closed unless the text is `growing`; as it does, all but the last stay the same.
    """
    parts: list[str] = []
    rest, code = text.strip("\n"), _Code()
    while rest.strip():
        end = _Code() if growing else _fence_open_in(code.opener + rest)
        if len(code.opener) + len(rest) + len(end.closer) <= limit:
            parts.append(code.opener + rest + end.closer)
            break
        room = limit - len(code.opener) - len(_FENCE) - 1
        piece, rest, after = _cut(rest, room, code)
        parts.append(_EMPTY_CODE.sub("", code.opener + piece + after.closer))
        rest, code = _resumed(rest, after)
    return [part for part in parts if part.strip()]


def _cut(text: str, room: int, code: _Code) -> tuple[str, str, _Code]:
    """What fits, the rest, and the code that is cut; a line end between them belongs to neither."""
    place = _place(text, room, in_code=bool(code.opener))
    piece, rest = text[:place], text[place:]
    after = _fence_open_in(code.opener + piece)
    if not after.opener:
        return piece.rstrip("\n"), rest.lstrip("\n"), _span_at(text, place)
    before, _, last = piece.removesuffix("\n").rpartition("\n")
    if before and last + "\n" == after.opener:  # the fence goes with its code
        return before.rstrip("\n"), text[len(before) + 1 :], _Code()
    return piece.removesuffix("\n"), rest, after


def _place(text: str, room: int, *, in_code: bool) -> int:
    """Where to cut, at most `room` characters in: the best boundary in the last two thirds of it."""
    for boundary in ("\n",) if in_code else ("\n\n", "\n", *_SENTENCES):
        found = text.rfind(boundary, room // 3, room)
        if found > 0:
            place = found + len(boundary)
            break
    else:
        place = room
    whole = None if in_code else _whole_at(text, place)
    if whole is None:
        return place
    return whole.start() or (whole.end() if whole.end() <= room else place)


def _whole_at(text: str, place: int) -> re.Match[str] | None:
    """What a cut at `place` would part."""
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    found = _WHOLE.finditer(text, start, len(text) if end < 0 else end)
    return next((whole for whole in found if whole.start() < place < whole.end()), None)


def _span_at(text: str, place: int) -> _Code:
    """The code within a line that is longer than a message, and so is cut at `place`."""
    whole = _whole_at(text, place)
    ticks = whole["ticks"] if whole else ""
    return _Code(ticks, ticks) if ticks else _Code()


def _fence_open_in(text: str) -> _Code:
    """The fenced code in which `text` ends."""
    opened = ""
    for line in text.split("\n"):
        if _OPENER.fullmatch(line):
            opened = "" if opened else line
    return _Code(f"{opened}\n", f"\n{_FENCE}") if opened else _Code()


def _resumed(rest: str, code: _Code) -> tuple[str, _Code]:
    """The rest as the next message has it: without the end of code that has nothing left in it."""
    if not code.opener.startswith(_FENCE):
        return code.opener + rest, _Code()
    if rest.lstrip().startswith(_FENCE):
        return rest.lstrip().partition("\n")[2].lstrip("\n"), _Code()
    return rest, code
