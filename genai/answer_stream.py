"""One answer on its way out of a model, local or on a server: thoughts are kept back, and a stop string ends it.

The one place where a model's text becomes an answer's. Stop strings within thoughts stop nothing.
"""

from collections.abc import Sequence

from genai.answers.thoughts import Part, Piece, ThoughtSplitter
from genai.engine.stop_strings import StopStrings

_ALOUD = (
    *("okay, ", "okay so", "ok, ", "ok so", "alright, ", "hmm", "let me ", "let's ", "first, i ", "the user"),
    *("so the user", "so, the user", "we need ", "we are asked", "we have to ", "i need to ", "i should "),
    *("好的，", "好，", "嗯", "用户", "首先，", "我需要", "我们需要"),
)
"""How models begin to think aloud."""
_LONGEST_ALOUD = max(map(len, _ALOUD))


class AnswerStream:
    """Is fed what a model writes and gives what may be shown.

    `starts_inside` says that a template has opened a thought. Where that is only `guessed` from earlier answers, or
    not known (`is_unsure`), what reads like thoughts is kept until it is clear what it is.
    """

    def __init__(
        self,
        stops: Sequence[str],
        *,
        starts_inside: bool = False,
        guessed: bool = False,
        is_unsure: bool = False,
    ) -> None:
        self._splitter = ThoughtSplitter(starts_inside)
        self._stops = StopStrings(stops)
        self._guess: list[str] | None = [] if starts_inside and guessed else None
        """The thoughts so far that only a guess makes thoughts; None once a tag has said so."""
        self._kept: str | None = "" if is_unsure else None
        self._has_given = False
        self._is_closed = False
        self.was_taken_back = False
        """Whether text that has been given was a thought, which nothing had said."""
        self.was_no_thought = False
        """Whether what was guessed to be thoughts was the answer: the text ended, and no tag had come."""
        self.opened_unsaid = False
        """Whether a thought was closed that nothing had opened, given or not."""

    @property
    def is_thinking(self) -> bool:
        """Whether the text so far ends within a thought."""
        return self._splitter.is_thinking

    @property
    def has_thought(self) -> bool:
        """Whether there was any thought."""
        return bool(self._splitter.thought_pieces) and not self._guess

    @property
    def thought_pieces(self) -> int:
        """How many times thoughts came."""
        return self._splitter.thought_pieces

    @property
    def is_kept(self) -> bool:
        """Whether all of the answer so far reads like thoughts, and nothing has said what it is."""
        return bool(self._guess) or _begin_of(self._kept or "").startswith(_ALOUD)

    def add(self, text: str) -> tuple[str, bool]:
        """The text of the answer that may be shown now, and whether a stop string came after it."""
        return ("", True) if self._is_closed else self._passed(self._splitter.feed(text))

    def note_thought(self, text: str) -> None:
        """A thought that a server sent in a field of its own; its text has no others then."""
        if text and self._guess == []:
            self._splitter, self._guess = ThoughtSplitter(), None
        self._splitter.note_thought(text)
        self._kept = None if text and not self._kept else self._kept

    def finish(self, is_whole: bool = True) -> str:
        """What was held back; nothing follows. What may be thoughts is given only where the text `is_whole`."""
        if self._is_closed:
            return ""
        text, is_stopped = self._passed(self._splitter.close())
        self._is_closed = True
        if self._guess and is_whole:
            self.was_no_thought = True
            text, is_stopped = self._stops.add("".join(self._guess))
            self._guess = None
        kept = "" if self.is_kept and not is_whole else self._kept or ""
        self._kept = None
        text = kept + text
        return text if is_stopped else text + self._stops.finish()

    def _passed(self, pieces: Sequence[Piece]) -> tuple[str, bool]:
        given = ""
        for piece in pieces:
            if piece.takes_back:
                given = self._take_back()
            if piece.part is Part.ANSWER:
                text, is_stopped = self._stops.add(piece.text)
                given += text
                if is_stopped:
                    kept, self._kept, self._is_closed = self._kept or "", None, True
                    return self._gave(kept + given), True
            elif self._guess is not None:
                self._guess = [*self._guess, piece.text] if piece.part is Part.THOUGHT else None
        return self._gave(self._sure(given)), False

    def _take_back(self) -> str:
        self._stops.finish()
        self.opened_unsaid = True
        self.was_taken_back |= self._has_given
        self._kept = None
        return ""

    def _sure(self, text: str) -> str:
        """The text, unless it may be thoughts: those begin in one of a few ways."""
        if self._kept is None:
            return text
        self._kept += text
        begin = _begin_of(self._kept)
        if any(begin.startswith(one) or one.startswith(begin) for one in _ALOUD):
            return ""
        text, self._kept = self._kept, None
        return text

    def _gave(self, text: str) -> str:
        self._has_given |= bool(text)
        return text


def _begin_of(text: str) -> str:
    return text.lstrip()[:_LONGEST_ALOUD].lower()
