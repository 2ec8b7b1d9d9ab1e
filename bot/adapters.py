"""Finds adapters by entry-point name, so that a new platform changes nothing here."""

from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from bot.core.errors import ConfigError

if TYPE_CHECKING:
    from bot.app import Adapter

GROUP = "riff.adapters"


def adapter_names() -> list[str]:
    """The names of the adapters that are installed."""
    return sorted(entry_points(group=GROUP).names)


def load_adapter(name: str, **options: Any) -> "Adapter":
    """The adapter called `name`; raises ConfigError when none is."""
    found = entry_points(group=GROUP, name=name)
    if not found:
        raise ConfigError(f"There is no adapter called {name}; there are: {', '.join(adapter_names())}.")
    adapter: Adapter = next(iter(found)).load()(**options)
    return adapter
