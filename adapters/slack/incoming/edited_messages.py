"""Messages that people edited or deleted, read out of Slack's payloads.

https://docs.slack.dev/reference/events/message/message_changed
https://docs.slack.dev/reference/events/message/message_deleted
"""

from collections.abc import Mapping
from typing import Any

from adapters.slack.incoming.event import Event, message_event
from bot.jobs.scheduled import ScheduledJob
from bot.session.idea_changes import message_changed


def changed_message(body: Mapping[str, Any], bot_user: str) -> tuple[Event, ScheduledJob] | None:
    """The message as it was sent, and the job for what it says now; None where no person's words changed."""
    raw = body["event"]
    before = raw.get("previous_message") or {}
    now = raw.get("message") or {}
    match raw.get("subtype"):
        case "message_deleted":
            text = ""
        case "message_changed" if now.get("subtype") == "tombstone":  # deleted, with replies beneath it
            text = ""
        case "message_changed" if now.get("text") and now["text"] != before.get("text"):
            text = str(now["text"])
        case _:
            return None
    said = {**before, "type": "message", "subtype": None, "channel": raw.get("channel"), "text": text}
    event = message_event({**body, "event": said}, bot_user)
    if event is None or (not event.thread and not event.direct):
        return None
    change = f"x:{event.event_id.removeprefix('m:')}:{raw.get('event_ts') or raw.get('ts')}"
    return event, message_changed(change, event.place, event.author, event.event_id, event.text)
