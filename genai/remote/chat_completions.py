"""Servers that can be asked in OpenAI's chat completions protocol: which one next, a streamed answer, its refusals.

https://platform.openai.com/docs/api-reference/chat. Fields that not every server knows are sent at first and
left out for a server that refuses them.
"""

import logging
import time
from collections.abc import AsyncGenerator, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2
from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError, AsyncOpenAI, AsyncStream

from genai.errors import GenerationError, GenerationFailed, ModelMissing
from genai.request import FinishReason, Sampling, Turn
from genai.settings import GeneratorSettings

_CONNECT_SECONDS = 5.0
_NO_KEY = "none"
"""The client wants some key; servers of one's own ignore it."""


@dataclass(eq=False, slots=True)
class Server:
    """One server. `streams` is how many texts it writes now; a `plain` one refuses fields beyond the basic ones."""

    url: str
    client: AsyncOpenAI
    streams: int = 0
    rests_until: float = 0.0
    plain: bool = False

    @property
    def place(self) -> str:
        """Host and port, for the log and for whoever runs Riff."""
        return urlsplit(self.url).netloc


class Servers:
    """All of them, in the order of the settings."""

    def __init__(self, settings: GeneratorSettings) -> None:
        for texts_inside in ("openai", "httpx2", "httpcore2"):  # they log whole requests at debug level
            logging.getLogger(texts_inside).setLevel(logging.WARNING)
        key = settings.api_key.get_secret_value() if settings.api_key else _NO_KEY
        timeout = httpx2.Timeout(settings.timeout_seconds, connect=_CONNECT_SECONDS)
        self._cooldown = settings.cooldown_seconds
        self.all = [
            Server(url, AsyncOpenAI(api_key=key, base_url=url, timeout=timeout, max_retries=0))
            for url in settings.base_url
        ]

    def best(self, tried: Collection[Server]) -> Server:
        """One not tried yet, if there is one; then one that does not rest; then the one with the least to do."""
        now = time.monotonic()
        return min(self.all, key=lambda one: (one in tried, max(0.0, one.rests_until - now), one.streams))

    @property
    def any_up(self) -> bool:
        """Whether there is one that has not failed lately."""
        return any(one.rests_until <= time.monotonic() for one in self.all)

    def failed(self, server: Server) -> None:
        """Ask the others first for a while."""
        server.rests_until = time.monotonic() + self._cooldown

    async def close(self) -> None:
        """Close every connection."""
        for server in self.all:
            await server.client.close()


# One streamed answer of one server, in OpenAI's chat completions protocol, and what its refusals mean.
#
# https://platform.openai.com/docs/api-reference/chat. Fields that not every server knows are sent at first and
# left out for a server that refuses them.


_LOG = logging.getLogger(__name__)
_TOO_LONG = ("context_length", "context length", "context size", "maximum context", "too long", "n_ctx")
_PASSING = {408, 409, 425, 429}
_REFUSED = {400, 422}
_OTHER_MODEL = ("pinned to", "model not found", "does not exist", "no such model", "unknown model")


class ServerFailed(Exception):
    """A server could not answer; another one, or the same one later if it is `passing`, may.

    `error` is for whoever waits, `retry_after` the seconds that the server asked for, `status` that of HTTP.
    """

    def __init__(
        self, error: GenerationError, *, passing: bool, status: int = 0, retry_after: float = 0.0
    ) -> None:
        super().__init__(error.say)
        self.error = error
        self.passing = passing
        self.status = status
        self.retry_after = retry_after


class ContextExceeded(Exception):
    """The prompt is longer than the server's model can read."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one event of the stream brings; `log_probability` sums over its `scored` tokens, in nats.

    `total_tokens` is the server's own count of the whole answer, where it gives one.
    """

    text: str = ""
    finish: FinishReason | None = None
    log_probability: float = 0.0
    scored: int = 0
    total_tokens: int | None = None


async def stream_chat(
    server: Server, model: str, turns: Sequence[Turn], sampling: Sampling, seed: int | None
) -> AsyncGenerator[Piece]:
    """The pieces of one answer. Closing the generator closes the connection, which stops the server's work.

    Raises ServerFailed, ContextExceeded, or GenerationFailed for a request that no server would take.
    """
    stream = await _begun(server, _basic(model, turns, sampling), _optional(sampling, seed))
    ended = False
    async with stream:
        with translated(server):
            async for chunk in stream:
                piece = _piece(chunk)
                ended |= piece.finish is not None
                yield piece
    if not ended:
        raise ServerFailed(GenerationFailed(), passing=True)


async def _begun(server: Server, basic: dict[str, Any], optional: dict[str, Any]) -> AsyncStream[Any]:
    if not server.plain:
        try:
            return await _created(server, basic | optional)
        except _Refused:
            pass
    try:
        stream = await _created(server, basic)
    except _Refused as refused:
        raise refused.meaning(server) from refused.__cause__
    if not server.plain:
        _LOG.warning("%s takes basic fields only: no seed, top-k, min-p, penalty or scores", server.place)
        server.plain = True
    return stream


async def _created(server: Server, fields: dict[str, Any]) -> AsyncStream[Any]:
    with translated(server):
        stream: AsyncStream[Any] = await server.client.chat.completions.create(**fields)
        return stream


def _basic(model: str, turns: Sequence[Turn], sampling: Sampling) -> dict[str, Any]:
    messages = [{"role": turn.role, "content": turn.content} for turn in turns]
    fields: dict[str, Any] = {
        "model": model,
        "messages": messages,
        "stream": True,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "max_tokens": sampling.max_new_tokens,
    }
    return fields | ({"stop": list(sampling.stop)} if sampling.stop else {})


def _optional(sampling: Sampling, seed: int | None) -> dict[str, Any]:
    fields: dict[str, Any] = {"logprobs": True, "stream_options": {"include_usage": True}}
    if seed is not None:
        fields["seed"] = seed
    beyond = {
        "top_k": sampling.top_k or None,
        "min_p": sampling.min_p or None,
        "repetition_penalty": sampling.repetition_penalty if sampling.repetition_penalty != 1 else None,
    }
    wanted = {name: value for name, value in beyond.items() if value is not None}
    return fields | ({"extra_body": wanted} if wanted else {})


def _piece(chunk: Any) -> Piece:
    usage = getattr(chunk, "usage", None)
    total = usage.completion_tokens if usage else None
    if not chunk.choices:
        return Piece(total_tokens=total)
    choice = chunk.choices[0]
    scores = [token.logprob for token in (choice.logprobs and choice.logprobs.content) or ()]
    finish: FinishReason | None = None
    if choice.finish_reason:
        finish = "length" if choice.finish_reason == "length" else "stop"
    text = (choice.delta.content if choice.delta else None) or ""
    return Piece(text, finish, sum(scores), len(scores), total)


class _Refused(Exception):
    """The server does not take the request in this form; `said` is its reason, in lower case."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self.said = said

    def meaning(self, server: Server) -> Exception:
        """What it means when even the basic fields are refused."""
        if any(words in self.said for words in _OTHER_MODEL):
            return _no_such_model(server)
        return GenerationFailed("The language model's server refuses this request.")


@contextmanager
def translated(server: Server) -> Iterator[None]:
    """Foreign errors become ours, without the texts that they may repeat."""
    try:
        yield
    except APITimeoutError as error:
        say = f"The language model server {server.place} does not answer in time."
        raise ServerFailed(GenerationFailed(say), passing=True) from error
    except (APIConnectionError, httpx2.HTTPError, httpx2.StreamError) as error:
        say = f"The language model server {server.place} cannot be reached, or broke off; is it running?"
        raise ServerFailed(GenerationFailed(say), passing=True) from error
    except APIStatusError as error:
        _raise_for_status(server, error)
    except APIError as error:  # an error event in the middle of a stream
        raise ServerFailed(GenerationFailed(), passing=True) from error


def _raise_for_status(server: Server, error: APIStatusError) -> None:
    status, said = error.status_code, str(error.message).lower()
    if status in _REFUSED and any(words in said for words in _TOO_LONG):
        raise ContextExceeded from error
    if status in {401, 403}:
        say = f"The language model server {server.place} refused the key; set OPENAI_API_KEY."
        raise ServerFailed(GenerationError(say), passing=False) from error
    if status == 404:
        raise _no_such_model(server) from error
    if status in _REFUSED:
        raise _Refused(said) from error
    say = f"The language model server {server.place} failed (HTTP {status})."
    passing = status >= 500 or status in _PASSING
    raise ServerFailed(
        GenerationFailed(say), passing=passing, status=status, retry_after=_retry_after(error)
    ) from error


def _no_such_model(server: Server) -> ServerFailed:
    say = f"The language model server {server.place} does not have that model; check generator.model."
    return ServerFailed(ModelMissing(say), passing=False, status=404)


def _retry_after(error: APIStatusError) -> float:
    """Seconds that the server asks to wait (RFC 9110, 10.2.3), at most half a minute; 0 for none or a date."""
    value = error.response.headers.get("retry-after", "")
    return min(float(value), 30.0) if value.replace(".", "", 1).isdigit() else 0.0
