"""One candidate written on some server, or on another one when that fails."""

import logging
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from tenacity import AsyncRetrying, RetryCallState, stop_after_attempt, wait_exponential_jitter

from genai.answer_stream import AnswerStream
from genai.errors import GenerationFailed, InvalidRequest, PromptTooLong, ThoughtsShown
from genai.generation_meters import SERVER_FAILURES
from genai.remote.characters import SurrogateMender
from genai.remote.chat_completions import stream_chat
from genai.remote.chunks import Piece
from genai.remote.errors import ContextExceeded, ServerFailed
from genai.remote.habits import Asking
from genai.remote.servers import Server, Servers
from genai.request import FinishReason, Turn

_LOG = logging.getLogger(__name__)
_ROUNDS = 3
"""How often each server is tried; `generator.deadline_seconds` may end it earlier."""
_CRASHED, _CRASHES = 500, 2
"""Some servers crash at a template that refuses roles, and do not say so: this often is no accident."""
_BACKOFF = wait_exponential_jitter(multiplier=0.5, max=8.0, jitter=0.5)
_BROKE_OFF = "The language model server broke off in the middle of its answer; please try again."
_SHORTENED = "The oldest part of the conversation was left out, because it no longer fits."

Show = Callable[[str, int, FinishReason | None], None]
"""Takes new text, the tokens that came with it (0 if unknown), and why it ended, if it did."""


class Conversation:
    """The turns of one request, shared by its candidates; shortened when a server cannot read them all."""

    def __init__(self, turns: tuple[Turn, ...]) -> None:
        if not any(turn.role != "system" for turn in turns):
            raise InvalidRequest("There is nothing to answer: the conversation has no turn of a person.")
        self.turns = turns
        self.notice = ""

    def shorten(self, sent: tuple[Turn, ...]) -> None:
        """Leave out the oldest turn of those `sent`, unless that has been done. Raises PromptTooLong."""
        if sent is not self.turns:
            return
        oldest = next((turn for turn in sent[:-1] if turn.role != "system"), None)
        if oldest is None:
            raise PromptTooLong("That is longer than the language model can read; please shorten it.")
        place = sent.index(oldest)
        self.turns, self.notice = (*sent[:place], *sent[place + 1 :]), _SHORTENED


class ThoughtsFilledRoom(Exception):
    """All room for the answer went to thoughts, which a server was not known to write."""


@dataclass(slots=True)
class Score:
    """Tokens of the answer, thoughts among them, and the sum of their log-probabilities, as far as the server says.

    Without usage and scores each piece counts as one token: servers that stream send few more at a time.
    """

    tokens: int = 0
    thoughts: int = 0
    scored: int = 0
    pieces: int = 0
    log_probability: float = 0.0

    def add(self, piece: Piece, is_thought: bool) -> int:
        """Count a piece; gives the tokens that are known to be new."""
        self.scored += piece.scored
        self.log_probability += piece.log_probability
        count = bool(piece.text or piece.thought)
        self.pieces += count
        if piece.thought_tokens is not None:
            self.thoughts = piece.thought_tokens
        elif is_thought:
            self.thoughts += max(count, piece.scored)
        return self._told(piece.total_tokens or self.scored)

    def settle(self) -> int:
        """Tokens that have not been told, where nothing but the pieces tells of them."""
        return 0 if self.tokens else self._told(self.pieces)

    def _told(self, known: int) -> int:
        new = max(0, known - self.tokens)
        self.tokens += new
        return new

    @property
    def mean(self) -> float | None:
        """Nats per token; None from a server that gives no log-probabilities."""
        return self.log_probability / self.scored if self.scored else None


class Writing:
    """One candidate: `write` it once, then `score` says how likely it was."""

    def __init__(self, servers: Servers, asking: Asking, conversation: Conversation, show: Show) -> None:
        self._servers = servers
        self._asking = asking
        self._conversation = conversation
        self._show = show
        self._tried: list[Server] = []
        self._crashes: list[Server] = []
        self._shown = False
        self._answer: AnswerStream | None = None
        self.score = Score()

    async def write(self) -> None:
        """Show the text as it comes, its end included. Raises GenerationError.

        Once something was shown no other server can go on with the same text, so then a failure is final.
        """
        retrying = AsyncRetrying(
            retry=self._may_try_again,
            wait=self._pause,
            stop=stop_after_attempt(_ROUNDS * len(self._servers.all)),
            reraise=True,
        )
        try:
            await retrying(self._attempt)
        except ServerFailed as failed:
            if self._shown:
                raise GenerationFailed(_BROKE_OFF) from failed
            raise failed.error from failed

    def rest(self) -> tuple[str, int]:
        """What is left of a text that was broken off, and its tokens that were not told yet."""
        text = self._answer.finish(is_whole=False) if self._answer else ""
        return text, self.score.settle()

    async def _attempt(self) -> None:
        server = self._servers.best(self._tried)
        self._tried.append(server)
        server.streams += 1
        try:
            await self._follow(server)
        except ServerFailed as failed:
            self._servers.failed(server)
            SERVER_FAILURES.inc()
            self._crashes += [server] if failed.status == _CRASHED else []
            _LOG.warning("%s failed: %s", server.place, type(failed.__cause__ or failed.error).__name__)
            raise
        finally:
            server.streams -= 1

    async def _follow(self, server: Server) -> None:
        while True:
            turns = self._conversation.turns
            try:
                return await self._read(server, replace(self._asking, turns=turns))
            except ContextExceeded:
                self._conversation.shorten(turns)
            except ThoughtsFilledRoom:
                _LOG.info("%s thinks before it answers; its answers get more room", server.place)

    async def _read(self, server: Server, asking: Asking) -> None:
        opens = server.habits.opens_thoughts
        answer = AnswerStream(
            asking.sampling.stop, starts_inside=bool(opens), guessed=True, is_unsure=opens is None
        )
        self._answer, self.score, mender = answer, Score(), SurrogateMender()
        finish: FinishReason = "unknown"
        was_thinking = server.habits.thinks
        without_roles = self._crashes.count(server) >= _CRASHES
        async with aclosing(stream_chat(server, asking, without_roles=without_roles)) as pieces:
            async for piece in pieces:
                thoughts = answer.thought_pieces
                answer.note_thought(piece.thought)
                text, is_stopped = answer.add(mender.add(piece.text))
                if answer.was_taken_back:
                    break
                self._pass_on(text, self.score.add(piece, answer.thought_pieces > thoughts))
                finish = "stop" if is_stopped else piece.finish or finish
                if is_stopped:
                    break
        is_cut = finish == "length"
        self._learn(server, answer, is_cut)
        if is_cut and server.habits.thinks and not was_thinking and not self._shown and asking.thought_tokens:
            raise ThoughtsFilledRoom
        text, _ = answer.add(mender.finish())
        text += answer.finish(is_whole=not is_cut)
        self._show(text, self.score.settle(), finish)

    def _learn(self, server: Server, answer: AnswerStream, is_cut: bool) -> None:
        """Note how the server's model thinks. Raises ThoughtsShown where thoughts were given as the answer.

        What reads like thoughts and takes all the room is taken for thoughts.
        """
        habits, fills_room = server.habits, is_cut and answer.is_kept
        thinks = habits.thinks or answer.has_thought or fills_room
        opens = answer.opened_unsaid or fills_room or (bool(habits.opens_thoughts) and answer.has_thought)
        server.habits = replace(habits, thinks=thinks, opens_thoughts=opens)
        if answer.was_taken_back:
            raise ThoughtsShown

    def _pass_on(self, text: str, tokens: int) -> None:
        if text or tokens:
            self._shown |= bool(text)
            self._show(text, tokens, None)

    def _may_try_again(self, state: RetryCallState) -> bool:
        failed = state.outcome.exception() if state.outcome else None
        if not isinstance(failed, ServerFailed) or self._shown:
            return False
        return failed.passing or len(set(self._tried)) < len(self._servers.all)

    def _pause(self, state: RetryCallState) -> float:
        """None before a server that was not asked yet; then longer and longer."""
        if len(set(self._tried)) < len(self._servers.all):
            return 0.0
        failed = state.outcome.exception() if state.outcome else None
        asked = failed.retry_after if isinstance(failed, ServerFailed) else 0.0
        return max(asked, _BACKOFF(state))
