"""Asks a person once whether Riff shall remember a wish that they keep having: never silently, never twice."""

from bot.core.buttons import Panel
from bot.core.channel import Channel
from bot.core.domain import Place, Profile
from bot.core.notices import Notice
from bot.core.repositories import Memory
from bot.interactions.actions import Action, ActionKind, Button
from bot.language import _
from bot.wishes import question, repeated, wishes_in

_LATELY = 30
"""How many of the person's latest questions are looked at."""


async def ask_once(
    memory: Memory, channel: Channel, *, person_id: int, place: Place, profile: Profile, text: str
) -> None:
    """Puts the question where the wish was repeated; where others read, only wishes from that channel count."""
    if not wishes_in(text):
        return
    asked = await memory.threads.asked_lately(person_id, _LATELY, place=None if place.direct else place)
    wish = repeated(text, asked[1:])
    if wish is None or getattr(profile, wish[0]).lower() == wish[1]:
        return
    suggestion = await memory.suggestions.ask(person_id, *wish)
    if suggestion is None:
        return
    target = str(suggestion.id)
    buttons = (
        Button(Action(ActionKind.REMEMBER, target), _("Yes, remember"), "primary"),
        Button(Action(ActionKind.DECLINE, target), _("No")),
    )
    await channel.panel(Panel(Notice(question(wish)), buttons=buttons))
