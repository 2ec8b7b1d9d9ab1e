"""Shows an answer that is made of parts: notices, panels, files, in a row, or a mark alone."""

from bot.core.buttons import Panel
from bot.core.channel import Channel
from bot.core.commands.base import Mark, Part
from bot.core.domain import Document
from bot.core.notices import Notice


async def show_parts(channel: Channel, answer: Part | Mark | tuple[Part, ...]) -> str:
    """Shows each part; gives Riff's own sentences in them, as what was told."""
    told: list[str] = []
    for part in answer if isinstance(answer, tuple) else (answer,):
        match part:
            case Mark(sign):
                if sign:
                    await channel.mark(sign)
            case Panel():
                told.append(part.heading.text)
                await channel.panel(part)
            case Document():
                await channel.document(part)
            case Notice():
                told.append(part.text)
                await channel.notice(part)
            case _:
                await channel.document(await part())
    return "\n".join(told)
