"""Tells thoughts from the answer while both arrive: `<think>` and its relatives, channels, tags that a template opens.

Nothing is lost: the texts of all pieces, tags among them, are what arrived, and how it was cut makes no difference.
Tags that the answer only shows, in code or within a sentence, stay in the answer.
"""

from dataclasses import dataclass
from enum import StrEnum

from genai.answers.markdown.code_spans import CodeSpans
from genai.answers.thought_tags import BARE_CLOSING, BARE_OPENING, Tag, TagKind, TagStream


class Part(StrEnum):
    """What a piece of text belongs to."""

    THOUGHT = "thought"
    ANSWER = "answer"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text.

    `takes_back` is set on a tag that nothing had opened: a template did, and all of the answer before it was thought.
    """

    part: Part
    text: str
    takes_back: bool = False


_LONGEST_HEADER = 200
_HARMONY = {TagKind.HEADS, TagKind.MESSAGE, TagKind.ENDS}
_BEFORE_A_MENTION = " `'\"(“‘「"
_BEHIND_A_MENTION = " `'\".,;:!?)”’」"


class ThoughtSplitter:
    """Splits one answer. `starts_inside` says that the template has opened the tag before the first word.

    `thought_characters` and `answer_characters` count what has come; `thought_pieces` counts how often thoughts came.
    """

    def __init__(self, starts_inside: bool = False) -> None:
        self.thought_characters = 0
        self.thought_pieces = 0
        self.answer_characters = 0
        self._tags = TagStream()
        self._part = Part.THOUGHT if starts_inside else Part.ANSWER
        self._depth = int(starts_inside)
        self._edge: str | None = None if starts_inside else ""
        """The space that has come since the beginning or since a tag; None once something else has."""
        self._is_at_start = not starts_inside
        self._has_answer = False
        self._is_wrapped = False
        self._is_bare = False
        self._header: str | None = None
        """What stands between messages of the harmony format; None within one, and in every other format."""
        self._is_harmony = False
        self._unsure: list[str] | None = None
        """Text behind a tag that closed an inner thought: thought if another such tag comes, else the answer."""
        self._code = CodeSpans()
        self._pieces: list[Piece] = []

    @property
    def is_thinking(self) -> bool:
        """Whether the text so far ends within a thought; after `close`, whether the thought never ended."""
        return self._part is Part.THOUGHT and self._header is None

    def feed(self, text: str) -> list[Piece]:
        """The pieces that are certain by now."""
        for one in self._tags.feed(text):
            self._read(one)
        return self._given()

    def close(self) -> list[Piece]:
        """The rest."""
        for one in self._tags.close():
            self._read(one)
        if self._header is not None:
            self._give_up_header()
        if self._edge is not None:
            self._leave_edge(is_tag=not self._is_at_start)
        if self._unsure is not None:
            self._part = Part.ANSWER
            self._settle()
        return self._given()

    def note_thought(self, text: str) -> None:
        """Count a thought that a server sent in a field of its own."""
        self.thought_characters += len(text)
        self.thought_pieces += bool(text)

    def _given(self) -> list[Piece]:
        pieces, self._pieces = self._pieces, []
        for piece in pieces:
            if piece.takes_back:
                self.thought_characters += self.answer_characters
                self.answer_characters = 0
            self.thought_characters += len(piece.text) if piece.part is Part.THOUGHT else 0
            self.answer_characters += len(piece.text) if piece.part is Part.ANSWER else 0
        self.thought_pieces += any(piece.part is Part.THOUGHT for piece in pieces)
        return pieces

    def _read(self, one: str | Tag) -> None:
        if isinstance(one, str):
            self._text(one)
        elif self._header is not None:
            self._read_in_header(one)
        elif self._counts(one):
            self._leave_edge(is_tag=True)
            self._apply(one)
        else:
            self._text(one.text)

    def _text(self, text: str) -> None:
        """Words, or a tag that is no more than words here."""
        if self._header is not None:
            self._header += text
            if len(self._header) > _LONGEST_HEADER:
                self._give_up_header()
            return
        if self._edge is None:
            self._add(text)
            return
        self._edge += text
        begin = self._edge.lstrip()
        if begin and not (self._is_at_start and BARE_OPENING.startswith(begin)):
            self._leave_edge(is_tag=False)

    def _leave_edge(self, is_tag: bool) -> None:
        """What has come at the edge: space around tags belongs to them, but for the indent of a first line."""
        if self._edge is None:
            return
        text, self._edge = self._edge, None
        space = len(text) - len(text.lstrip())
        if self._is_at_start and not is_tag:
            bare = len(BARE_OPENING)
            self._is_bare = text[space : space + bare] == BARE_OPENING and text[space + bare :][:1].isupper()
            cut = space + bare if self._is_bare else 0
        elif is_tag or "\n" not in text[:space]:
            cut = space
        else:
            cut = text.rindex("\n", 0, space) + 1
        self._is_at_start = False
        self._tag(text[:cut])
        if self._is_bare and self._part is Part.ANSWER and cut:
            self._enter(Part.THOUGHT)
        self._add(text[cut:])

    def _add(self, text: str) -> None:
        if not text:
            return
        self._code.feed(text)
        if self._unsure is not None:
            self._unsure.append(text)
        else:
            self._pieces.append(Piece(self._part, text))
            self._has_answer = self._has_answer or self._part is Part.ANSWER

    def _tag(self, text: str, takes_back: bool = False) -> None:
        if text:
            self._pieces.append(Piece(Part.TAG, text, takes_back))

    def _enter(self, part: Part) -> None:
        self._part, self._code = part, CodeSpans()

    def _settle(self) -> None:
        """Give what was unsure as what it has turned out to be."""
        texts, self._unsure = self._unsure or [], None
        self._pieces += [Piece(self._part, text) for text in texts]

    def _counts(self, tag: Tag) -> bool:
        """Whether a tag is one here, and not words about one."""
        if tag.text.lower() == BARE_CLOSING:
            return self._is_bare and self._part is Part.THOUGHT
        if tag.kind in _HARMONY:
            is_free = self._part is Part.ANSWER and not self._code.is_open
            return self._is_harmony or (tag.kind is TagKind.HEADS and is_free)
        is_first = self._code.is_blank
        if self._part is Part.THOUGHT:
            return tag.kind is TagKind.CLOSES or (is_first and not tag.is_ending)
        if self._code.is_open:
            return False
        match tag.kind:
            case TagKind.OPENS:
                is_mention = not is_first or (tag.behind == " " and self._edge is None)
                return tag.is_token or tag.behind in {"\n", "\r"} or not is_mention
            case TagKind.CLOSES:
                is_within = self._code.last in _BEFORE_A_MENTION and tag.behind in _BEHIND_A_MENTION
                return tag.is_token or not (is_within and tag.behind and self._code.last)
            case _:
                return self._is_wrapped if tag.is_ending else self._edge is not None and not self._is_at_start

    def _apply(self, tag: Tag) -> None:
        is_thought = self._part is Part.THOUGHT
        if is_thought:
            self._settle()
        match tag.kind:
            case TagKind.OPENS:
                self._tag(tag.text)
                self._depth += 1
                self._enter(Part.THOUGHT)
            case TagKind.CLOSES:
                self._close_thought(tag, is_thought)
            case TagKind.ANSWERS:
                self._tag(tag.text)
                self._is_wrapped = not tag.is_ending
                self._begin_answer()
            case TagKind.HEADS:
                self._header, self._is_harmony = tag.text, True
            case _:
                self._tag(tag.text)
                self._header = "" if tag.kind is TagKind.ENDS else None

    def _close_thought(self, tag: Tag, is_thought: bool) -> None:
        self._tag(tag.text, takes_back=not is_thought and self._has_answer)
        self._has_answer = self._has_answer and is_thought
        self._depth = max(0, self._depth - 1)
        if self._depth:
            self._unsure = []
        else:
            self._begin_answer()

    def _begin_answer(self) -> None:
        self._depth, self._edge = 0, ""
        self._enter(Part.ANSWER)

    def _read_in_header(self, tag: Tag) -> None:
        header = (self._header or "") + tag.text
        if tag.kind is not TagKind.MESSAGE:
            self._header = header
            return
        self._header = None
        self._tag(header)
        _before, has_channel, channel = header.lower().rpartition("<|channel|>")
        is_answer = not has_channel or channel.lstrip().startswith("final")
        self._enter(Part.ANSWER if is_answer else Part.THOUGHT)

    def _give_up_header(self) -> None:
        """What seemed to stand between messages is only text, unless it begins as a header does."""
        text, self._header = self._header or "", None
        self._enter(Part.ANSWER)
        if text.startswith("<|") and len(text) <= _LONGEST_HEADER:
            self._tag(text)
        else:
            self._add(text)


@dataclass(frozen=True, slots=True)
class Split:
    """An answer without its thoughts, and those. `is_thinking` says that the thought never ended."""

    answer: str
    thoughts: str
    is_thinking: bool = False


def split_thoughts(text: str, starts_inside: bool = False) -> Split:
    """Thoughts and answer of a whole text."""
    splitter = ThoughtSplitter(starts_inside)
    texts = {Part.ANSWER: "", Part.THOUGHT: "", Part.TAG: ""}
    for piece in (*splitter.feed(text), *splitter.close()):
        if piece.takes_back:
            texts = {**texts, Part.THOUGHT: texts[Part.THOUGHT] + texts[Part.ANSWER], Part.ANSWER: ""}
        texts[piece.part] += piece.text
    return Split(texts[Part.ANSWER], texts[Part.THOUGHT], splitter.is_thinking)
