"""The tags by which models set their thoughts apart from the answer, and where one stands in a text."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class TagKind(StrEnum):
    """What a tag does."""

    OPENS = "opens"
    CLOSES = "closes"
    ANSWERS = "answers"
    """Begins or ends what wraps an answer."""
    HEADS = "heads"
    """Begins a header of the harmony format; the channel that it names says what follows."""
    MESSAGE = "message"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as it is written, and the character behind it. A `token` of its own is never part of ordinary words."""

    kind: TagKind
    text: str
    behind: str
    is_token: bool

    @property
    def is_ending(self) -> bool:
        """Whether it ends what a tag of its name began."""
        return self.text.startswith("</") or self.text.lower().startswith("<|end")


_NAMES = (
    *(
        "think",
        "thinking",
        "thought",
        "thoughts",
        "reasoning",
        "reflection",
        "scratchpad",
        "analysis",
        "inner_monologue",
    ),
    *("internal_monologue", "seed:think", "mm:think", "longcat_think", "antthinking"),
)
_WRAPPERS = ("answer", "response", "final", "final_answer", "solution")
_TOKENS = {
    TagKind.OPENS: (
        *("[think]", "◁think▷", "<|think|>", "<|thinking|>", "<|begin_of_thought|>", "<|start_thinking|>"),
        *("<unused94>thought", "<|channel>thought"),
    ),
    TagKind.CLOSES: (
        *("[/think]", "◁/think▷", "<|/think|>", "<|/thinking|>", "<|end_of_thought|>", "<|end_thinking|>"),
        *("<unused95>", "<channel|>"),
    ),
    TagKind.ANSWERS: (
        "<|begin_of_solution|>",
        "<|end_of_solution|>",
        "<|start_response|>",
        "<|end_response|>",
    ),
    TagKind.HEADS: ("<|start|>", "<|channel|>"),
    TagKind.MESSAGE: ("<|message|>",),
    TagKind.ENDS: ("<|end|>", "<|return|>", "<|call|>"),
}
BARE_OPENING = "analysis"
"""How a harmony channel begins where a server has dropped the tokens: this word, and the thought right behind it."""
BARE_CLOSING = "assistantfinal"


_HARMONY_ANSWER = "<|end|><|start|>assistant<|channel|>final<|message|>"
"""What ends a thought of the harmony format."""


def is_part_of_tag(token: str) -> bool:
    """Whether a token that a model knows is a tag, or the beginning of one that is spelt in two."""
    return any(tag.startswith(token.lower()) for tag in _kinds()) and token[:1] in "<[◁" and len(token) > 2


def opened_at_the_end(text: str) -> str:
    """The tag that opens a thought at the end of `text`, with nothing behind it; "" where none does."""
    end = text.rstrip()
    tag, kind = next(((tag, kind) for tag, kind in _by_length() if end.lower().endswith(tag)), ("", None))
    return end[len(end) - len(tag) :] if kind is TagKind.OPENS else ""


def closing_of(opening: str) -> str:
    """What ends a thought that `opening` began."""
    if opening in {"<|channel|>", "<|start|>"}:
        return _HARMONY_ANSWER
    tokens = dict(zip(_TOKENS[TagKind.OPENS], _TOKENS[TagKind.CLOSES], strict=True))
    if opening.lower() in tokens:
        closing = tokens[opening.lower()]
        return closing.upper() if opening.isupper() else closing
    return f"</{opening[1:]}"


@cache
def _by_length() -> tuple[tuple[str, TagKind], ...]:
    kinds = _kinds()
    return tuple((tag, kinds[tag][0]) for tag in sorted(kinds, key=len, reverse=True))


@cache
def _kinds() -> dict[str, tuple[TagKind, bool]]:
    """What each tag does, by how it is written in small letters, and whether it is a token."""
    known = {tag: (kind, True) for kind, tags in _TOKENS.items() for tag in tags}
    known |= {f"<{name}>": (TagKind.OPENS, False) for name in _NAMES}
    known |= {f"</{name}>": (TagKind.CLOSES, False) for name in _NAMES}
    known |= {f"<{slash}{name}>": (TagKind.ANSWERS, False) for name in _WRAPPERS for slash in ("", "/")}
    return known | {BARE_CLOSING: (TagKind.CLOSES, True)}


@cache
def _pattern() -> re.Pattern[str]:
    tags = sorted(_kinds(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, tags)), re.IGNORECASE)


class TagStream:
    """Cuts a text that arrives in pieces into its tags and what stands between them."""

    def __init__(self) -> None:
        self._pending = ""

    def feed(self, text: str) -> list[str | Tag]:
        """What is certain by now: a tag is, once the character behind it is known."""
        self._pending += text
        return self._cut(is_last=False)

    def close(self) -> list[str | Tag]:
        """The rest."""
        return self._cut(is_last=True)

    def _cut(self, is_last: bool) -> list[str | Tag]:
        text, place = self._pending, 0
        cut: list[str | Tag] = []
        for found in _pattern().finditer(text):
            if found.end() == len(text) and not is_last:
                break
            if found[0][0] == "[" and not found[0].isupper():
                continue
            kind, is_token = _kinds()[found[0].lower()]
            cut += [
                text[place : found.start()],
                Tag(kind, found[0], text[found.end() : found.end() + 1], is_token),
            ]
            place = found.end()
        end = len(text) if is_last else _begin_of_tag(text, place)
        self._pending = text[end:]
        return [one for one in (*cut, text[place:end]) if one]


def _begin_of_tag(text: str, start: int) -> int:
    """Where the end of `text` could be a tag or the beginning of one; its length where it could not."""
    for place in range(max(start, len(text) - max(map(len, _kinds()))), len(text)):
        if text[place] in "<[◁aA" and any(tag.startswith(text[place:].lower()) for tag in _kinds()):
            return place
    return len(text)
