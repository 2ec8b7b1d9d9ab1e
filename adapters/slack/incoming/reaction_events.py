"""Reactions to messages, read out of Slack's payloads, and kept where a brainstorm runs.

https://docs.slack.dev/reference/events/reaction_added
"""

from collections.abc import Mapping
from typing import Any

from adapters.slack.incoming.event import PLATFORM, thread_key
from bot.core.domain import Account, Place, Repositories
from bot.jobs.inbox import Inbox
from bot.session.reactions import means_something, reacted

_SIGNS = {"x": "❌", "heavy_multiplication_x": "✖", "negative_squared_cross_mark": "❎"}
_SIGNS |= {"+1": "👍", "thumbsup": "👍", "star": "⭐", "ballot_box_with_ballot": "🗳"}
"""Of Slack's names those that mean something; a colour of skin comes after "::"."""


async def keep_reaction(
    body: Mapping[str, Any], bot_user: str, inbox: Inbox, repositories: Repositories
) -> None:
    """Plan what it means in the line of its thread; nothing for other messages. Raises InboxFull, StorageError.

    The event names no thread: the message's idea tells which brainstorm of the channel it is for.
    """
    raw = body["event"]
    item, sign = raw.get("item") or {}, _SIGNS.get(str(raw.get("reaction", "")).partition("::")[0], "")
    if item.get("type") != "message" or raw.get("user") in {bot_user, None} or not means_something(sign):
        return
    enterprise, team = body.get("enterprise_id") or "", body.get("team_id") or ""
    workspace, channel, ts = enterprise or team, str(item["channel"]), str(item["ts"])
    author, here = Account(PLATFORM, workspace, raw["user"]), Place(PLATFORM, workspace, channel)
    event_id = f"m:{workspace}:{channel}:{ts}"
    for running in await repositories.brainstorms.running_in_channel(here):
        if not await repositories.boards.has_event(running.id, event_id):
            continue
        change = f"r:{workspace}:{channel}:{ts}:{raw['user']}:{raw['event_ts']}"
        added = raw["type"] == "reaction_added"
        job = reacted(change, running.place, author, event_id, sign, added=added)
        await inbox.add(job.event(thread_key(workspace, channel, running.place.thread)))
