"""`riff run`: serve every platform that has its tokens."""

from bot.adapters import adapter_names, load_adapter
from bot.cli.shared import Failure, run_async, settings


def run() -> None:
    """Serve every platform whose tokens are in the environment, until stopped."""
    from bot.app import Adapter, serve
    from bot.health_server import HealthServer

    loaded = settings()
    chosen = [adapter for adapter in map(load_adapter, adapter_names()) if adapter.is_configured(loaded)]
    if not chosen:
        raise Failure("no platform is configured; `riff doctor` lists the tokens, `riff chat` needs none.")

    health = HealthServer(loaded.health)
    watched: list[Adapter] = [*chosen, health] if health.is_configured(loaded) else chosen
    run_async(lambda: serve(loaded, watched))
