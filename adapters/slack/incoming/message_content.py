"""What a message says, and what it passes on: shared messages, previews and other attachments.

https://docs.slack.dev/reference/block-kit and https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from adapters.common.attachments import kind_of

_REFERENCE = re.compile(r"<(?P<sign>[@#!]?)(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")
_FILE = ("id", "name", "mimetype", "filetype", "size", "url_private_download", "url_private", "subtype")
_DEEPEST = 12


def said_in(message: Mapping[str, Any], bot_user: str) -> str:
    """All that a message says and passes on, below each other; where it has no text, that of its blocks."""
    text = plain_text(message.get("text") or "", bot_user)
    if not text and not message.get("files"):
        text = plain_text(_words(message.get("blocks")), bot_user)
    return _joined([text, *(_attached(one, bot_user) for one in _attachments(message))])


def files_in(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is attached, and of what is passed on the files that can be read."""
    own = list(message.get("files") or [])
    shared = [file for one in _attachments(message) for file in one.get("files") or []]
    readable = [file for file in shared if _is_readable(file)]
    return [{key: file[key] for key in _FILE if key in file} for file in (*own, *readable)]


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


def _attachments(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A shared message, a preview of a link, or what an app says beside its text."""
    return (one for one in message.get("attachments") or [] if isinstance(one, Mapping))


def _attached(attachment: Mapping[str, Any], bot_user: str) -> str:
    fields = (f"{one.get('title', '')}: {one.get('value', '')}" for one in attachment.get("fields") or [])
    text = attachment.get("text") or _shared_words(attachment)
    parts = [attachment.get("pretext"), attachment.get("title"), text, *fields]
    return _joined(plain_text(str(part or ""), bot_user) for part in parts) or plain_text(
        str(attachment.get("fallback") or ""), bot_user
    )


def _shared_words(attachment: Mapping[str, Any]) -> str:
    """The words of what was shared, where Slack gives it as blocks."""
    shared = (one.get("message") or {} for one in attachment.get("message_blocks") or [])
    return _joined([*(_words(one.get("blocks")) for one in shared), _words(attachment.get("blocks"))])


def _words(block: Any, depth: int = 0) -> str:
    """The texts of blocks and of what is in them, without what is on buttons."""
    if depth > _DEEPEST:
        return ""
    if isinstance(block, list):
        return "\n".join(filter(None, (_words(one, depth + 1) for one in block)))
    if not isinstance(block, Mapping) or block.get("type") in {"actions", "button", "image"}:
        return ""
    match block.get("type"):
        case "rich_text_section" | "rich_text_preformatted" | "rich_text_quote":
            return "".join(_span(one) for one in block.get("elements") or [])
    own = block.get("text")
    text = own if isinstance(own, str) else _words(own, depth + 1)
    inside = (_words(block.get(name), depth + 1) for name in ("fields", "elements"))
    return "\n".join(filter(None, (text, *inside)))


def _span(element: Mapping[str, Any]) -> str:
    """A stretch of rich text in the markup that texts have."""
    match element.get("type"):
        case "text":
            return html.escape(str(element.get("text") or ""), quote=False)
        case "link":
            return (
                f"<{element.get('url')}|{element['text']}>"
                if element.get("text")
                else str(element.get("url"))
            )
        case "user":
            return f"<@{element.get('user_id')}>"
        case "channel":
            return f"<#{element.get('channel_id')}>"
        case "broadcast":
            return f"<!{element.get('range')}>"
        case "emoji":
            return f":{element.get('name')}:"
    return ""


def _is_readable(file: Mapping[str, Any]) -> bool:
    return kind_of(str(file.get("name") or ""), str(file.get("mimetype") or "")) != "other"


def _joined(parts: Iterable[str]) -> str:
    """The parts with a line between them, each once."""
    return "\n\n".join(dict.fromkeys(part for part in parts if part))
