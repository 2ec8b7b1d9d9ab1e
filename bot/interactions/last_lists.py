"""Which list the numbers of ideas mean: the last one of the thread, else of the channel.

Commands that a platform takes only outside of threads, and a mention that begins a new one, mean the list that
everybody sees above them.
"""

from collections.abc import Sequence

from bot.core.commands.call import Call
from bot.core.domain import StoredIdea
from bot.core.errors import CommandError
from bot.language import _


async def ideas_meant(call: Call, numbers: Sequence[int]) -> list[StoredIdea]:
    """The ideas with these numbers; raises CommandError, which says where they can be named, where there are none."""
    listed, _is_latest = await call.repositories.ideas.last_list(call.conversation_id, call.person_id)
    listed = listed or await call.repositories.ideas.last_list_in_channel(call.incoming.place, call.person_id)
    if not listed:
        raise CommandError(
            _(
                "I see no list of ideas here. Mention me in the thread of the list that you mean, or ask for a new one."
            )
        )
    by_number = {idea.position: idea for idea in listed}
    unknown = next((number for number in numbers if number not in by_number), None)
    if unknown is not None:
        raise CommandError(
            _(
                "The last list here has no idea number {number}; see /brainstorm for a new one.",
                number=unknown,
            )
        )
    return [by_number[number] for number in numbers]
