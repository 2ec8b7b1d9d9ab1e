"""One streamed answer of one server in OpenAI's chat completions protocol, asked for as the server takes it.

https://platform.openai.com/docs/api-reference/chat. What a server refuses is learned (`genai.remote.habits`), left out
and remembered once an answer has come.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import httpx2

from genai.errors import GenerationError, GenerationFailed, ModelMissing
from genai.remote.chunks import Piece, fault_in, piece_of
from genai.remote.connection import post, read_to_end, readable, translated
from genai.remote.errors import ContextExceeded, Filtered, Refused, ServerFailed, TooLong
from genai.remote.event_stream import Event, EventReader
from genai.remote.habits import LIMIT, NEW_LIMIT, SQUEEZED, Asking, Habits
from genai.remote.servers import Server

_LOG = logging.getLogger(__name__)
_TOO_LONG = (
    *("context_length", "context length", "context size", "context window", "maximum context", "too long"),
    *("n_ctx", "exceeds the available context", "too many tokens", "prompt is too"),
)
_FILTERED = ("content_filter", "content management policy", "content policy", "responsibleaipolicy")
_OTHER_MODEL = ("pinned to", "model not found", "does not exist", "no such model", "unknown model")
_TEMPLATE = ("template", "jinja", "role", "alternat", "not support", "unsupported")
"""What is said by servers that call a refusal a failure of their own."""
_PASSING = {408, 409, 425, 429}
_REFUSED = {400, 405, 413, 415, 422}
_KEY = {401, 403}
_MOST_ERROR_BYTES = 64_000
_USAGE_SECONDS = 2.0
"""How long a server may take to say how many tokens an answer had, once that has ended."""


async def stream_chat(
    server: Server, asking: Asking, *, without_roles: bool = False
) -> AsyncGenerator[Piece]:
    """The pieces of one answer; the last one that has a `finish` says how it ended.

    `without_roles` asks as for a template that refuses them. Closing the generator closes the connection, which stops
    the server's work. Raises ServerFailed, or ContextExceeded where the prompt alone is too long.
    """
    habits = server.habits.without_roles() if without_roles else server.habits
    is_squeezed, was_refused = False, without_roles
    while True:
        sent = habits.fields(asking, is_squeezed)
        try:
            async with aclosing(_answer(server, sent)) as pieces:
                async for piece in pieces:
                    if was_refused:
                        was_refused = False
                        _remember(server, habits)
                    yield piece
            return
        except Filtered:
            yield Piece(finish="content_filter")
            return
        except TooLong as refused:
            learned = habits.after_too_long(refused.said)
            if learned is None and not _is_squeezable(sent, is_squeezed):
                raise ContextExceeded from refused
            habits, is_squeezed, was_refused = learned or habits, learned is None, True
        except Refused as refused:
            by = habits.after_named_refusal if refused.may_be_trouble else habits.after_refusal
            learned = by(refused.said, sent)
            if learned is None:
                raise _given_up(server, refused) from refused
            habits, was_refused = learned, True


def _remember(server: Server, habits: Habits) -> None:
    """Keep what an answer has shown to be enough; other requests may have learned at the same time."""
    taught = server.habits.taught(habits)
    if taught != server.habits:
        _LOG.warning("%s takes less: %s", server.place, "; ".join(taught.told()))
        server.habits = taught


def _is_squeezable(sent: Mapping[str, Any], is_squeezed: bool) -> bool:
    return not is_squeezed and int(sent.get(LIMIT) or sent.get(NEW_LIMIT) or 0) > SQUEEZED


def _given_up(server: Server, refused: Refused) -> ServerFailed:
    if refused.may_be_trouble:
        return _trouble(server, refused.status)
    say = f"The language model server {server.place} refuses this request."
    return ServerFailed(GenerationFailed(say), passing=False, status=refused.status)


async def _answer(server: Server, fields: Mapping[str, Any]) -> AsyncGenerator[Piece]:
    """The pieces of the answer to one request. Raises Refused, TooLong and Filtered before the first piece only."""
    has_begun = is_ended = may_end = False
    reader = EventReader()
    async with aclosing(_events(server, fields, reader)) as events:
        while True:
            try:
                async with asyncio.timeout(_USAGE_SECONDS if is_ended else None):
                    event = await anext(events)
                piece = _read(server, event, has_begun)
            except StopAsyncIteration:
                break
            except (ServerFailed, TimeoutError):
                if is_ended:  # all that matters has come
                    return
                raise
            has_begun = has_begun or bool(piece.text or piece.thought or piece.finish)
            is_ended = is_ended or piece.finish is not None
            may_end = may_end or piece.says_no_reason
            yield piece
    if is_ended:
        return
    if not (has_begun and (reader.is_done or may_end)):
        raise ServerFailed(_broke_off(server), passing=True)
    yield Piece(finish="unknown")


def _read(server: Server, event: Event, has_begun: bool) -> Piece:
    if fault := fault_in(event):
        status, said = fault
        if has_begun and any(words in said.lower() for words in _FILTERED):
            return Piece(finish="content_filter")
        if has_begun:
            raise ServerFailed(_broke_off(server), passing=True)
        raise _meaning(server, status or 500, said.lower(), 0.0)
    with readable(server):
        return piece_of(event)


async def _events(server: Server, fields: Mapping[str, Any], reader: EventReader) -> AsyncGenerator[Event]:
    async with post(server, fields) as response:
        if response.status_code >= 300:
            raise await _refusal(server, response)
        with translated(server):
            async with aclosing(response.aiter_bytes()) as chunks:
                async for chunk in chunks:
                    for event in reader.feed(chunk):
                        yield event
                    if reader.is_done:
                        await read_to_end(chunks)
                        return
        with readable(server):
            last = reader.close()
        for event in last:
            yield event


async def _refusal(server: Server, response: httpx2.Response) -> Exception:
    """What a response means that is no answer; the text of it is looked at, and kept nowhere."""
    said = bytearray()
    with translated(server):
        async with aclosing(response.aiter_bytes()) as chunks:
            async for chunk in chunks:
                said += chunk
                if len(said) > _MOST_ERROR_BYTES:
                    break
    text = said[:_MOST_ERROR_BYTES].decode("utf-8", "replace").lower()
    return _meaning(server, response.status_code, text, _retry_after(response))


def _meaning(server: Server, status: int, said: str, retry_after: float) -> Exception:
    """What a server means by a status and some words."""
    if any(words in said for words in _FILTERED) and status < 500:
        return Filtered()
    if any(words in said for words in _TOO_LONG) and status not in {*_KEY, 404, 429}:
        return TooLong(said, status=status)
    if status in _KEY:
        say = f"The language model server {server.place} refused the key; set OPENAI_API_KEY."
        return ServerFailed(GenerationError(say), passing=False, status=status)
    if status == 404 or (status in _REFUSED and any(words in said for words in _OTHER_MODEL)):
        return no_such_model(server)
    if status in _REFUSED:
        return Refused(said, status=status)
    if status >= 500 and any(words in said for words in _TEMPLATE):
        return Refused(said, status=status, may_be_trouble=True)
    return _trouble(server, status, retry_after)


def _trouble(server: Server, status: int, retry_after: float = 0.0) -> ServerFailed:
    say = f"The language model server {server.place} failed (HTTP {status})."
    passing = status >= 500 or status in _PASSING
    return ServerFailed(GenerationFailed(say), passing=passing, status=status, retry_after=retry_after)


def _broke_off(server: Server) -> GenerationFailed:
    return GenerationFailed(f"The language model server {server.place} broke off.")


def no_such_model(server: Server) -> ServerFailed:
    """The server lacks the model, or is no server of models."""
    say = f"The language model server {server.place} does not have that model; check generator.model."
    return ServerFailed(ModelMissing(say), passing=False, status=404)


def _retry_after(response: httpx2.Response) -> float:
    """Seconds that the server asks to wait (RFC 9110, 10.2.3), at most half a minute; 0 for none or a date."""
    value = response.headers.get("retry-after", "")
    return min(float(value), 30.0) if value.isascii() and value.replace(".", "", 1).isdigit() else 0.0
