"""Which servers answer with which models, and one candidate written on some server, or on another when that fails."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

from tenacity import AsyncRetrying, RetryCallState, stop_after_attempt, wait_exponential_jitter

from genai.engine.stop_strings import StopStrings
from genai.errors import GenerationError, GenerationFailed, InvalidRequest, ModelMissing, PromptTooLong
from genai.remote.chat_completions import (
    ContextExceeded,
    Server,
    ServerFailed,
    Servers,
    stream_chat,
    translated,
)
from genai.request import FinishReason, Sampling, Turn

_LOG = logging.getLogger(__name__)
_ROUNDS = 3
"""How often each server is tried; `generator.deadline_seconds` may end it earlier."""
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


@dataclass(slots=True)
class Score:
    """Tokens of the answer and the sum of their log-probabilities, as far as the server says."""

    tokens: int = 0
    scored: int = 0
    log_probability: float = 0.0

    @property
    def mean(self) -> float | None:
        """Nats per token; None from a server that gives no log-probabilities."""
        return self.log_probability / self.scored if self.scored else None


class Writing:
    """One candidate: `write` it once, then `score` says how likely it was."""

    def __init__(self, servers: Servers, model: str, conversation: Conversation, show: Show) -> None:
        self._servers = servers
        self._model = model
        self._conversation = conversation
        self._show = show
        self._tried: list[Server] = []
        self._shown = False
        self.score = Score()

    async def write(self, sampling: Sampling, seed: int | None) -> None:
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
            await retrying(self._attempt, sampling, seed)
        except ServerFailed as failed:
            if self._shown:
                raise GenerationFailed(_BROKE_OFF) from failed
            raise failed.error from failed

    async def _attempt(self, sampling: Sampling, seed: int | None) -> None:
        server = self._servers.best(self._tried)
        self._tried.append(server)
        server.streams += 1
        try:
            await self._follow(server, sampling, seed)
        except ServerFailed as failed:
            self._servers.failed(server)
            _LOG.warning("%s failed: %s", server.place, type(failed.__cause__ or failed.error).__name__)
            raise
        finally:
            server.streams -= 1

    async def _follow(self, server: Server, sampling: Sampling, seed: int | None) -> None:
        while True:
            turns = self._conversation.turns
            try:
                return await self._read(server, turns, sampling, seed)
            except ContextExceeded:
                self._conversation.shorten(turns)

    async def _read(
        self, server: Server, turns: tuple[Turn, ...], sampling: Sampling, seed: int | None
    ) -> None:
        stops, score = StopStrings(sampling.stop), Score()
        finish: FinishReason | None = None
        stopped = False
        async with aclosing(stream_chat(server, self._model, turns, sampling, seed)) as pieces:
            async for piece in pieces:
                text, stopped = stops.add(piece.text)
                score.scored += piece.scored
                score.log_probability += piece.log_probability
                known = piece.total_tokens if piece.total_tokens is not None else score.scored
                self._pass_on(text, known - score.tokens if text or piece.total_tokens else 0, score)
                finish = "stop" if stopped else piece.finish or finish
                if stopped:
                    break
        self.score = score
        self._show("" if stopped else stops.finish(), 0, finish)

    def _pass_on(self, text: str, tokens: int, score: Score) -> None:
        score.tokens += tokens
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


# Which servers answer, which models they have, and which of those is meant.

_UNNAMED = "embedded"
_NO_LIST = {404, 405, 500, 501}
"""It answers, but cannot list its models: `transformers serve` breaks where it has no cache to look into."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """One server: what is wrong with it ('' for nothing), its models, and the longest context that it names."""

    server: Server
    fault: str = ""
    models: tuple[str, ...] = ()
    context_tokens: int = 0


async def look_at_all(servers: Servers) -> tuple[Reachable, ...]:
    """How every server is, asked at the same time."""
    return tuple(await asyncio.gather(*map(_look_at, servers.all)))


async def _look_at(server: Server) -> Reachable:
    try:
        with translated(server):
            models = [model async for model in server.client.models.list()]
    except ServerFailed as failed:
        if failed.status in _NO_LIST:
            return Reachable(server)
        return Reachable(server, failed.error.say)
    lengths = [int(getattr(model, "max_model_len", None) or 0) for model in models]
    return Reachable(server, "", tuple(model.id for model in models), max(lengths, default=0))


async def model_for(wanted: str, servers: Servers, found: tuple[Reachable, ...]) -> str:
    """The name to ask for; `embedded`, which no server has, stands for the only model there is.

    Raises GenerationError when no server answers, ModelMissing when none has the model.
    """
    answering = [one for one in found if not one.fault]
    for one in found:
        if one.fault:
            _LOG.warning("%s", one.fault)
            servers.failed(one.server)
    if not answering:
        raise GenerationError(" ".join(one.fault for one in found))
    named = sorted({model for one in answering for model in one.models})
    if wanted == _UNNAMED:
        if len(named) == 1:
            return named[0]
        raise ModelMissing(f"Say in generator.model which of the server's models to use{_list(named)}.")
    if wanted not in named and not any([await _has(one.server, wanted) for one in answering]):
        raise ModelMissing(f"The language model server does not have the model {wanted}{_list(named)}.")
    return wanted


async def _has(server: Server, model: str) -> bool:
    """Whether a model works that is not listed: servers list aliases, caches or nothing at all."""
    try:
        async for _ in stream_chat(server, model, (Turn("user", "Hello"),), Sampling(max_new_tokens=1), None):
            pass
    except ServerFailed as failed:
        return not isinstance(failed.error, ModelMissing)
    except GenerationError:
        return False
    return True


def _list(names: list[str]) -> str:
    return f"; it has: {', '.join(names[:10])}" if names else ""
