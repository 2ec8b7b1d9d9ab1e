"""A local Discord: REST v10 and gateway, with the documented limits enforced. For tests and benchmarks only."""

from tests.support.discord_server.interactions import Interaction
from tests.support.discord_server.server import DiscordServer, buttons, text_of

__all__ = ["DiscordServer", "Interaction", "buttons", "text_of"]
