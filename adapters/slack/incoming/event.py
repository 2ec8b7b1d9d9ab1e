"""What a person did in Slack that wants an answer, read out of Slack's payloads: pure functions.

Everything else (edits, joins, other bots, what was not said to Riff) comes to None and costs nothing.
"""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, Self

from adapters.common.attachments import File, Source
from adapters.slack.incoming.shared_messages import passed_on, shared_files
from bot.core.domain import Account, Place
from bot.jobs.inbox import NewEvent

PLATFORM = "slack"

Kind = Literal["message", "command", "action", "form", "shortcut", "invited"]

_SUBTYPES = {None, "file_share", "thread_broadcast"}
_REFERENCE = re.compile(r"<(?P<sign>[@#!]?)(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")
_LEADING_MENTION = re.compile(r"\s*<@(?P<user>[A-Z0-9]+)(?:\|[^<>]*)?>")


@dataclass(frozen=True, slots=True)
class Event:
    """One event as the inbox keeps it; `values` is what its kind adds: an action, a form, files.

    A direct message that is a thread of its own `is_root` there. Of an invitation `user` is who invited Riff.
    """

    kind: Kind
    event_id: str
    team: str
    enterprise: str
    user: str
    channel: str
    ts: str = ""
    thread: str = ""
    text: str = ""
    recipient_team: str = ""
    response_url: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def workspace(self) -> str:
        """What ids are unique in: the organisation on Enterprise Grid, else the workspace."""
        return self.enterprise or self.team

    @property
    def direct(self) -> bool:
        """Whether only this person and Riff are there."""
        return self.channel.startswith("D")

    @property
    def author(self) -> Account:
        """The person."""
        return Account(PLATFORM, self.workspace, self.user)

    @property
    def answer_thread(self) -> str:
        """The ts of the thread that the answer belongs in; "" for a direct message outside of any."""
        return self.thread or ("" if self.direct and not self.values.get("is_root") else self.ts)

    @property
    def place(self) -> Place:
        """Where the conversation is."""
        team = self.team if self.enterprise else ""
        return Place(PLATFORM, self.workspace, self.channel, self.answer_thread, self.direct, team)

    def as_event(self, order: str = "") -> NewEvent:
        """The event for the inbox; it is answered in its turn in the thread, or in the line called `order`."""
        return NewEvent(
            self.event_id,
            self.author,
            order or thread_key(self.workspace, self.channel, self.answer_thread),
            moment_of(self.ts),
            asdict(self),
        )

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> Self:
        """Out of what the inbox kept."""
        return cls(**{key: payload[key] for key in payload if key in cls.__dataclass_fields__})


def thread_key(workspace: str, channel: str, thread: str) -> str:
    """The name of a thread in the inbox."""
    return f"{workspace}:{channel}:{thread}"


def moment_of(ts: str) -> datetime:
    """When a message with this ts was sent, to the microsecond; now, where there is none."""
    seconds, _, micro = ts.partition(".")
    if not seconds.isdigit():
        return datetime.now(UTC)
    return datetime.fromtimestamp(int(seconds), UTC).replace(
        microsecond=int((micro or "0")[:6].ljust(6, "0"))
    )


def message_event(body: Mapping[str, Any], bot_user: str) -> Event | None:
    """The message in a `message` or `app_mention` event, when a person may have said it to Riff.

    One that neither mentions Riff nor is direct is a reply in some thread (`needs_known_thread`).
    """
    raw = body["event"]
    if raw.get("subtype") not in _SUBTYPES or raw.get("bot_id") or raw.get("hidden"):
        return None
    user, channel, ts = raw.get("user"), raw.get("channel"), raw.get("ts")
    if not user or not channel or not ts or user in {bot_user, "USLACKBOT"}:
        return None
    text, thread = raw.get("text") or "", raw.get("thread_ts") or ""
    mentioned = raw["type"] == "app_mention" or f"<@{bot_user}>" in text or f"<@{bot_user}|" in text
    is_direct = channel.startswith("D")
    if not (mentioned or is_direct or thread):
        return None
    team, enterprise = team_of(body), body.get("enterprise_id") or ""
    return Event(
        kind="message",
        event_id=f"m:{enterprise or team}:{channel}:{ts}",
        team=team,
        enterprise=enterprise,
        user=user,
        channel=channel,
        ts=ts,
        thread="" if thread == ts else thread,
        text=said_in(raw, bot_user),
        recipient_team=raw.get("user_team") or raw.get("team") or team,
        values={
            "files": _files(raw) if raw.get("files") or raw.get("attachments") else [],
            "mentioned": mentioned,
            "to_riff": mentioned or raw.get("parent_user_id") == bot_user,
            "to_other": not mentioned and not is_direct and bool(_LEADING_MENTION.match(text)),
        },
    )


def needs_known_thread(event: Event) -> bool:
    """Whether the message is for Riff only if its thread is one that Riff is in."""
    return not event.direct and not event.values.get("to_riff")


def is_to_somebody_else(event: Event) -> bool:
    """Whether the message begins with somebody else's name and does not mention Riff."""
    return bool(event.values.get("to_other"))


def command_event(body: Mapping[str, Any]) -> Event:
    """A slash command."""
    return Event(
        kind="command",
        event_id=f"c:{body['trigger_id']}",
        team=body["team_id"],
        enterprise=body.get("enterprise_id") or "",
        user=body["user_id"],
        channel=body["channel_id"],
        text=plain_text(body.get("text") or "", ""),
        recipient_team=body["team_id"],
        response_url=body.get("response_url") or "",
        values={"typed": body.get("text") or ""},
    )


def interaction_event(body: Mapping[str, Any], kind: Kind, values: Mapping[str, Any]) -> Event:
    """A pressed button, a message shortcut or a filled form."""
    container, message = body.get("container") or {}, body.get("message") or {}
    team = (body.get("team") or {}).get("id") or body["user"].get("team_id") or ""
    ts = message.get("ts") or container.get("message_ts") or ""
    return Event(
        kind=kind,
        event_id=f"i:{body['trigger_id']}",
        team=team,
        enterprise=(body.get("enterprise") or {}).get("id") or "",
        user=body["user"]["id"],
        channel=(body.get("channel") or {}).get("id") or container.get("channel_id") or "",
        ts=ts,
        thread=message.get("thread_ts") or container.get("thread_ts") or "",
        recipient_team=body["user"].get("team_id") or team,
        response_url=body.get("response_url") or "",
        values=values,
    )


def said_in(message: Mapping[str, Any], bot_user: str) -> str:
    """All that a message says and passes on, as a person reads it."""
    text = message.get("text") or ""
    if message.get("attachments") or not text:
        text = "\n\n".join(filter(None, (text, passed_on(message))))
    return plain_text(text, bot_user)


def plain_text(text: str, bot_user: str) -> str:
    """Slack's markup as a person reads it; the mention of Riff itself goes.

    https://docs.slack.dev/messaging/formatting-message-text
    """

    def readable(match: re.Match[str]) -> str:
        sign, target, label = match["sign"], match["target"], match["label"]
        if sign == "@" and target == bot_user:
            return ""
        if sign == "!":
            return label or "@" + target.split("^")[0]
        if sign:
            return f"{sign}{label or target}"
        target = target.removeprefix("mailto:")
        return target if not label or label == target else f"{label} ({target})"

    return html.unescape(_REFERENCE.sub(readable, text)).strip()


def team_of(body: Mapping[str, Any]) -> str:
    """The workspace that the event was sent for."""
    authorizations = body.get("authorizations") or [{}]
    return authorizations[0].get("team_id") or body.get("team_id") or ""


def _files(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    return described([*(raw.get("files") or []), *shared_files(raw)])


def described(files: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What of Slack's description of files is needed to read them."""
    keys = ("id", "name", "mimetype", "filetype", "size", "url_private_download", "url_private", "subtype")
    return [{key: file[key] for key in keys if key in file} for file in files]


# Slack's description of a file. https://docs.slack.dev/reference/objects/file-object


_HOSTS = ("slack.com", "slack-files.com", "slack-gov.com")


def source(token: str, api_url: str) -> Source:
    """Slack's hosts; its token goes nowhere else."""
    return Source("Slack", _HOSTS, api_url, {"Authorization": f"Bearer {token}"})


def file_of(described: Mapping[str, Any]) -> File:
    """A file out of an event."""
    return File(
        str(described.get("name") or ""),
        str(described.get("url_private_download") or described.get("url_private") or ""),
        int(described.get("size") or 0),
        str(described.get("mimetype") or ""),
    )
