"""Who comes where: Riff into a channel that it is invited to, a person to Riff's tabs. Pure functions."""

from collections.abc import Mapping
from typing import Any

from adapters.slack.incoming.event import Event, team_of


def invitation(body: Mapping[str, Any], bot_user: str) -> Event | None:
    """Riff itself joined a channel; None for anybody else.

    https://docs.slack.dev/reference/events/member_joined_channel
    """
    raw = body["event"]
    if raw["user"] != bot_user:
        return None
    team, enterprise = team_of(body), body.get("enterprise_id") or ""
    event_id = f"j:{enterprise or team}:{raw['channel']}:{raw.get('event_ts', '')}"
    return Event(
        "invited",
        event_id,
        team,
        enterprise,
        raw.get("inviter") or bot_user,
        raw["channel"],
        recipient_team=team,
    )


def who(
    body: Mapping[str, Any], user: str, channel: str = "", thread: str = "", *, event_id: str = ""
) -> Event:
    """A person in a place, who has not said anything."""
    enterprise = body.get("enterprise_id") or ""
    return Event("message", event_id, body["team_id"], enterprise, user, channel, thread=thread)
