"""From the name of a model to what the settings say of it: asked of its server, found on disk, or fetched."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr, ValidationError

from bot.core.errors import ConfigError
from bot.setup.machine import Machine
from bot.setup.suggested_models import kind_wanted, suggested_models
from genai.settings import GeneratorSettings

_LOOK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Chosen:
    """Keys of [generator], None for one to remove, and secrets by their variables."""

    generator: dict[str, object]
    secrets: dict[str, str] = field(default_factory=dict)


async def on_server(url: str, model: str, key: str, ask: Callable[[str, tuple[str, ...]], str]) -> Chosen:
    """The model on a server; where it has several and none is named, or wants a key, `ask` is asked.

    Raises ConfigError for a server that cannot be used.
    """
    from genai.remote.discovery import look_at_all
    from genai.remote.servers import Servers

    secrets = {}
    while True:
        try:
            secret = SecretStr(key) if key else None
            asked = GeneratorSettings(
                backend="openai", base_url=(url,), api_key=secret, timeout_seconds=_LOOK_SECONDS
            )
        except ValidationError:
            raise ConfigError(f"{url} is no address of a server; write http://host:port/v1") from None
        servers = Servers(asked)
        try:
            (found,) = await look_at_all(servers)
        finally:
            await servers.close()
        if not found.wants_key:
            break
        key = ask(f"The key of {found.server.place}", ())
        secrets = {"OPENAI_API_KEY": key}
    if found.fault:
        raise ConfigError(found.fault)
    names = tuple(found.models)
    if not model:
        model = names[0] if len(names) == 1 else ask("Which of its models", names)
    return Chosen({"backend": "openai", "base_url": [found.server.url], "model": model}, secrets)


def on_this_machine(model: str, machine: Machine, folder: Path, say: Callable[[str], None]) -> Chosen:
    """A folder, a file, the embedded model, or one of the hub, which is fetched below `folder`.

    Raises ConfigError for a place where there is none, and DownloadError.
    """
    place = Path(model).expanduser()
    if model == "embedded":
        return _local(model)
    if (
        place.exists()
        or place.is_absolute()
        or model.startswith((".", "~"))
        or model.lower().endswith(".gguf")
    ):
        if not place.exists() or (place.is_dir() and not any(place.glob("*.json"))):
            raise ConfigError(f"There is no model at {place}; name its folder or its .gguf file.")
        return _local(str(place.absolute()))
    from bot.setup.hub_download import download  # the hub's library takes a while to import

    repository = next((one.on_hub(machine) for one in suggested_models() if one.name == model), "") or model
    say(f"Fetching {repository} into {folder}")
    return _local(str(download(repository, folder, kind_wanted(repository))))


def _local(model: str) -> Chosen:
    return Chosen({"backend": "local", "base_url": None, "model": model})
