"""Servers of models that run on this machine already, at the ports where they usually listen."""

from dataclasses import dataclass

from genai.remote.discovery import look_at_all
from genai.remote.servers import Servers
from genai.settings import GeneratorSettings

USUAL_PORTS = {"Ollama": 11434, "vLLM": 8000, "llama.cpp": 8080, "LM Studio": 1234}
_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server and the models it has; none where it wants a key before it tells."""

    kind: str
    url: str
    models: tuple[str, ...]

    def told(self) -> str:
        """What it is, for people."""
        return f"{self.kind} at {self.url}" + ("" if self.models else ", which wants a key")


async def find_servers() -> tuple[LocalServer, ...]:
    """Those that answer. No key is sent: whatever listens there may be something else."""
    urls = {f"http://127.0.0.1:{port}/v1": kind for kind, port in USUAL_PORTS.items()}
    asked = GeneratorSettings(backend="openai", base_url=tuple(urls), timeout_seconds=_SECONDS)
    servers = Servers(asked)
    try:
        found = await look_at_all(servers)
    finally:
        await servers.close()
    return tuple(
        LocalServer(urls[one.server.url], one.server.url, tuple(one.models))
        for one in found
        if one.models or one.wants_key
    )
