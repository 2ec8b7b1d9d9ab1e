"""What a workspace holds: channels with their messages, views, and the clock that numbers messages."""

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

TEAM = "T0TEAM"
BOT = "U0RIFF"
BOT_ID = "B0RIFF"
APP = "A0RIFF"
BOT_TOKEN = "xoxb-test"  # noqa: S105
APP_TOKEN = "xapp-test"  # noqa: S105
SIGNING_SECRET = "shhh"  # noqa: S105


@dataclass
class Message:
    """One message; `history` is every text that it ever showed."""

    channel: str
    ts: str
    user: str
    text: str = ""
    thread_ts: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    streaming: bool = False
    deleted: bool = False
    ephemeral_for: str = ""
    history: list[str] = field(default_factory=list)
    reactions: list[str] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """All that a person reads: the texts of the blocks where there are any."""
        return "\n".join(visible_texts(self.blocks)) if self.blocks else self.text

    def as_json(self) -> dict[str, Any]:
        """The message as conversations.replies gives it."""
        own = {"bot_id": BOT_ID, "app_id": APP} if self.user == BOT else {}
        thread = {"thread_ts": self.thread_ts} if self.thread_ts else {}
        metadata = {"metadata": self.metadata} if self.metadata else {}
        base = {"type": "message", "ts": self.ts, "user": self.user, "text": self.text, "blocks": self.blocks}
        files = {"files": self.files, "subtype": "file_share"} if self.files else {}
        return base | own | thread | metadata | files


class Workspace:
    """All messages by channel and ts."""

    def __init__(self) -> None:
        self.messages: dict[tuple[str, str], Message] = {}
        self.ephemeral: list[Message] = []
        self.views: list[dict[str, Any]] = []
        self.homes: dict[str, dict[str, Any]] = {}
        self.statuses: list[tuple[str, str, str]] = []
        self.titles: dict[tuple[str, str], str] = {}
        self.sessions: list[tuple[str, str, str]] = []
        self.prompts: list[dict[str, Any]] = []
        self.responses: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.uploads: list[dict[str, Any]] = []
        self.canvases: dict[str, dict[str, Any]] = {}
        self.members: set[str] | None = None
        self._numbers = itertools.count(1)

    def next_ts(self) -> str:
        """A ts that is later than every earlier one."""
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def add(self, message: Message) -> Message:
        """Keeps a new message."""
        message.history.append(message.shown)
        if message.ephemeral_for:
            self.ephemeral.append(message)
        else:
            self.messages[message.channel, message.ts] = message
        return message

    def by_riff(self, channel: str = "", thread: str = "") -> list[Message]:
        """Riff's messages that stand, in order."""
        found = [
            message
            for message in self.messages.values()
            if message.user == BOT
            and not message.deleted
            and channel in ("", message.channel)
            and thread in ("", message.thread_ts)
        ]
        return sorted(found, key=_order)

    def in_thread(self, channel: str, thread_ts: str) -> list[Message]:
        """The root and the replies that stand."""
        found = [
            message
            for message in self.messages.values()
            if message.channel == channel
            and not message.deleted
            and thread_ts in (message.ts, message.thread_ts)
        ]
        return sorted(found, key=_order)


def visible_texts(value: Any) -> list[str]:
    """Every text in blocks, in order, without what buttons say."""
    if isinstance(value, list):
        return [text for item in value for text in visible_texts(item)]
    if not isinstance(value, dict) or value.get("type") in {"actions", "context_actions", "overflow"}:
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [
        text for item in value.values() if not isinstance(item, str) for text in visible_texts(item)
    ]


def buttons(message: Message) -> dict[str, dict[str, Any]]:
    """What can be pressed or chosen in the message by label (the first of each)."""
    found: dict[str, dict[str, Any]] = {}
    for number, block in enumerate(message.blocks):
        beside = [block["accessory"]] if "accessory" in block else []
        elements = block["elements"] if block["type"] in {"actions", "context_actions"} else beside
        for element in elements:
            for label, pressed in _labelled(element):
                found.setdefault(label, {**pressed, "block_id": block.get("block_id", f"b{number}")})
    return found


def menus(message: Message) -> list[dict[str, dict[str, Any]]]:
    """What can be chosen beside each section of the message, by label."""
    beside = [block["accessory"] for block in message.blocks if "accessory" in block]
    return [{label: {**one, "block_id": "b"} for label, one in _labelled(each)} for each in beside]


def _labelled(element: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The labels of a button, or of the choices of an element that has several, each as it is pressed."""
    base = {"type": element["type"], "action_id": element["action_id"]}
    if element["type"] == "overflow":
        return [(one["text"]["text"], {**base, "selected_option": one}) for one in element["options"]]
    if element["type"] == "feedback_buttons":
        both = (element["positive_button"], element["negative_button"])
        return [(one["text"]["text"], {**base, "value": one["value"], "text": one["text"]}) for one in both]
    if element["type"] in {"static_select", "checkboxes"}:
        key = "selected_option" if element["type"] == "static_select" else "selected_options"
        options = element["options"]
        return [
            (one["text"]["text"], {**base, key: one if key == "selected_option" else [one]})
            for one in options
        ]
    if "text" not in element:
        return []
    return [(element["text"]["text"], element)]


def _order(message: Message) -> str:
    """Every ts is as long as the others."""
    return message.ts
