"""What a message passes on, in Slack's own markup: shared messages, previews and other attachments.

https://docs.slack.dev/reference/block-kit and https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments
"""

import html
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from adapters.common.attachments import kind_of

_DEEPEST = 12


def passed_on(message: Mapping[str, Any]) -> str:
    """The texts of what is attached, below each other; for a message without a text or a file those of its blocks."""
    is_empty = not message.get("text") and not message.get("files")
    own = _words(message.get("blocks")) if is_empty else ""
    return _joined([own, *(_attached(one) for one in _attachments(message))])


def shared_files(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The files of what is passed on, as far as they can be read."""
    shared = (file for one in _attachments(message) for file in one.get("files") or [])
    return [file for file in shared if _is_readable(file)]


def _attachments(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A shared message, a preview of a link, or what an app says beside its text."""
    return (one for one in message.get("attachments") or [] if isinstance(one, Mapping))


def _attached(attachment: Mapping[str, Any]) -> str:
    fields = (f"{one.get('title', '')}: {one.get('value', '')}" for one in attachment.get("fields") or [])
    text = attachment.get("text") or _shared_words(attachment)
    parts = [attachment.get("pretext"), attachment.get("title"), text, *fields]
    return _joined(str(part or "") for part in parts) or str(attachment.get("fallback") or "")


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
