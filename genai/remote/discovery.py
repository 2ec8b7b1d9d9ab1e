"""Which servers answer, which models they have and which of those is meant, and how each takes a real request."""

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from rapidfuzz import fuzz, process

from genai.errors import GenerationError, ModelMissing
from genai.remote.chat_completions import stream_chat
from genai.remote.connection import translated
from genai.remote.errors import ContextExceeded, ServerFailed
from genai.remote.habits import Asking
from genai.remote.servers import Server, Servers
from genai.request import Sampling, Turn

_LOG = logging.getLogger(__name__)
_UNNAMED = "embedded"
_KEY = {401, 403}
_NO_LIST = {400, 404, 405, 500, 501}
"""It answers, but cannot list its models: `transformers serve` breaks where it has no cache to look into."""
_VERSION = "v1"
_MOST_MODELS = 10_000
_NAMES = ("id", "name", "model")
_CONTEXTS = (
    "max_model_len",
    "context_length",
    "max_context_length",
    "context_window",
    "n_ctx",
    "n_ctx_train",
)
"""What servers call the longest prompt and answer together."""
_LONGEST_CONTEXT = 100_000_000
_TRIAL = (
    Turn("system", "You are a tester."),
    Turn("user", "Good day."),
    Turn("user", "Say hello."),
)
"""With all that servers differ in: an instruction, and two turns of one role, as in a thread of several people."""
_TRIAL_SECONDS = 30.0
_NEAR = 60.0
"""Of 100: from here on one name may be meant by the other."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """One server: what is wrong with it ('' for nothing), its models, and the longest context of each, 0 for unsaid."""

    server: Server
    fault: str = ""
    models: Mapping[str, int] = field(default_factory=dict)
    wants_key: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """How a server took a real request: what is wrong with it ('' for nothing), and what was adapted for it."""

    server: Server
    fault: str = ""
    adapted: tuple[str, ...] = ()
    seconds: float = 0.0
    """How long the answer took."""


async def look_at_all(servers: Servers) -> tuple[Reachable, ...]:
    """How every server is, asked at the same time."""
    return tuple(await asyncio.gather(*map(_look_at, servers.all)))


async def _look_at(server: Server) -> Reachable:
    """How the server is at its address; where that lists no models, at the `/v1` below it, where most have them."""
    found = await _look_there(server)
    if found.models or not server.may_lack_version:
        return found
    given, server.url = server.url, server.address(_VERSION)
    below = await _look_there(server)
    if below.models:
        _LOG.info("the language model server %s is asked at /%s, below its address", server.place, _VERSION)
        return below
    server.url = given
    return found


async def _look_there(server: Server) -> Reachable:
    """A server that answers, but has no list of models that can be read, may answer requests all the same."""
    try:
        with translated(server):
            response = await server.client.get(server.address("models"))
    except ServerFailed as failed:
        return Reachable(server, failed.error.say)
    if response.status_code >= 400 and response.status_code not in _NO_LIST:
        is_key = response.status_code in _KEY
        why = "refused the key; set OPENAI_API_KEY" if is_key else f"failed (HTTP {response.status_code})"
        return Reachable(server, f"The language model server {server.place} {why}.", wants_key=is_key)
    try:
        with translated(server):
            return Reachable(server, "", _models(response.json()) if response.is_success else {})
    except ServerFailed:
        return Reachable(server)


def _models(listed: Any) -> dict[str, int]:
    """Names and contexts, in a list of its own or within an object."""
    entries = listed if isinstance(listed, list) else None
    if isinstance(listed, Mapping):
        entries = next(
            (listed[name] for name in ("data", "models") if isinstance(listed.get(name), list)), None
        )
    models: dict[str, int] = {}
    for entry in (entries or [])[:_MOST_MODELS]:
        if isinstance(entry, str):
            models[entry] = 0
        elif isinstance(entry, Mapping):
            name = next(
                (entry[key] for key in _NAMES if isinstance(entry.get(key), str) and entry[key]), None
            )
            models |= {} if name is None else {name: _context(entry)}
    return models


def _context(entry: Mapping[str, Any]) -> int:
    meta = entry.get("meta")
    for place in (entry, meta if isinstance(meta, Mapping) else {}):
        for name in _CONTEXTS:
            value = place.get(name)
            if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _LONGEST_CONTEXT:
                return value
    return 0


async def model_for(wanted: str, servers: Servers, found: tuple[Reachable, ...]) -> str:
    """The name to ask for; `embedded`, which no server has, stands for the only model there is.

    Servers are told the context of it. Raises GenerationError when no server answers, ModelMissing when none has the
    model.
    """
    answering = [one for one in found if not one.fault]
    for one in found:
        if one.fault:
            _LOG.warning("%s", one.fault)
            servers.failed(one.server)
    if not answering:
        raise GenerationError(" ".join(one.fault for one in found))
    named = sorted({model for one in answering for model in one.models})
    model = await _chosen(wanted, named, answering)
    for one in answering:
        one.server.habits = replace(one.server.habits, context_tokens=one.models.get(model, 0))
    return model


async def _chosen(wanted: str, named: list[str], answering: list[Reachable]) -> str:
    if wanted == _UNNAMED:
        if len(named) == 1:
            return named[0]
        raise ModelMissing(f"Say in generator.model which of the server's models to use{_list(named)}.")
    if wanted not in named and not any([await _has(one.server, wanted) for one in answering]):
        near = process.extractOne(wanted, named, scorer=fuzz.WRatio, score_cutoff=_NEAR)
        meant = f" (did you mean {near[0]}?)" if near else ""
        raise ModelMissing(
            f"The language model server does not have the model {wanted}{meant}{_list(named)}."
        )
    return wanted


async def _has(server: Server, model: str) -> bool:
    """Whether a model works that is not listed: servers list aliases, caches or nothing at all."""
    asking = Asking(model, (Turn("user", "Hello"),), Sampling(max_new_tokens=1))
    try:
        await _asked(server, asking)
    except ServerFailed as failed:
        return not isinstance(failed.error, ModelMissing)
    except ContextExceeded:
        return True
    return True


async def try_all(servers: Servers, asking: Asking) -> tuple[Trial, ...]:
    """How every server takes a request for one token, at the same time."""
    turns = replace(asking, turns=_TRIAL, sampling=replace(asking.sampling, max_new_tokens=1))
    return tuple(await asyncio.gather(*(_tried(server, turns) for server in servers.all)))


async def _tried(server: Server, asking: Asking) -> Trial:
    began = time.monotonic()
    try:
        async with asyncio.timeout(_TRIAL_SECONDS):
            await _asked(server, asking)
    except ServerFailed as failed:
        return Trial(server, failed.error.say)
    except ContextExceeded:
        return Trial(server, f"The language model server {server.place} reads too little for any request.")
    except TimeoutError:
        return Trial(server, f"The language model server {server.place} does not answer in time.")
    return Trial(server, "", server.habits.told(), time.monotonic() - began)


async def _asked(server: Server, asking: Asking) -> None:
    async with aclosing(stream_chat(server, asking)) as pieces:
        async for _ in pieces:
            pass


def _list(names: list[str]) -> str:
    return f"; it has: {', '.join(names[:10])}" if names else ""
