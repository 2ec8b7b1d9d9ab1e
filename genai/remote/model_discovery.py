"""Which servers answer, which models they have, and which of those is meant."""

import asyncio
import logging
from dataclasses import dataclass

from genai.chat import Turn
from genai.errors import GenerationError, ModelMissing
from genai.remote.chat_completions import ServerFailed, stream_chat, translated
from genai.remote.servers import Server, Servers
from genai.request import Sampling

_LOG = logging.getLogger(__name__)
_UNNAMED = frozenset({"embedded", "demo"})
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
    if wanted in _UNNAMED:
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
