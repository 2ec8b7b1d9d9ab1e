"""Whether who cannot see a message has it all: texts that read aloud, words on buttons, words for pictures.

The local servers' fixtures ask this of everything that Riff sent in any test.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]
_MARKUP = re.compile(r"\*\*\S|(?<!\w)\*\S[^*\n]*\*(?!\w)|```|^#{1,6} |^-# |<[@#!][^>]*\|", re.MULTILINE)
"""Marks that a screen reader would read out in a text without blocks."""
_NUMBERED = re.compile(r"^(\d{1,6})\. ", re.MULTILINE)
_POSTS = ("chat.postMessage", "chat.postEphemeral", "chat.update")
_NESTED = ("blocks", "view", "files", "chunks", "attachments")
_V2_TEXT, _V2_BUTTON, _V2_MEDIA, _V2_THUMBNAIL = 10, 2, 12, 11
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def has_words(text: str) -> bool:
    """Whether something in it can be said: a letter or a digit of any script."""
    return any(unicodedata.category(char)[0] in "LN" for char in text)


def slack_faults(calls: Iterable[tuple[str, Json]]) -> list[str]:
    """What is wrong with the calls of Slack's Web API, in words."""
    return [fault for method, given in calls for fault in _of_call(method, _read(given))]


def _read(given: Json) -> Json:
    """Arguments that are JSON in a form, read."""
    return {
        key: json.loads(value) if key in _NESTED and isinstance(value, str) and value else value
        for key, value in given.items()
    }


def _of_call(method: str, given: Json) -> Iterator[str]:
    if method in _POSTS and given.get("blocks"):
        text = given.get("text") or ""
        if not has_words(text):
            yield f"{method} has blocks, and no text to be read aloud: {text!r}"
        elif found := _MARKUP.search(text):
            yield f"{method} has marks in the text to be read aloud: {found[0]!r} in {text[:120]!r}"
    name = str(given.get("filename", "")) if method == "files.getUploadURLExternal" else ""
    if name.endswith(_IMAGES) and not has_words(str(given.get("alt_txt", ""))):
        yield f"the picture {name} has no alternative text"
    for part in _parts(given):
        if part.get("type") in {"button", "workflow_button"}:
            label = part.get("accessibility_label") or part["text"]["text"]
            if not has_words(label):
                yield f"a button says nothing but {label!r}"
        if part.get("type") == "image" and not has_words(str(part.get("alt_text", ""))):
            yield "an image has no alternative text"


def discord_faults(requests: Iterable[Any]) -> list[str]:
    """What is wrong with the requests to Discord, in words."""
    return [fault for sent in requests if sent.status < 400 for fault in _of_body(sent.body, sent.path)]


def _of_body(body: Any, path: str) -> Iterator[str]:
    for part in _parts(body):
        if part.get("type") == _V2_BUTTON and "style" in part and not has_words(str(part.get("label") or "")):
            yield f"a button says nothing but {part.get('emoji') or part.get('label')!r} ({path})"
        if part.get("type") == _V2_TEXT and not has_words(str(part.get("content") or "")):
            yield f"a text says nothing but {part.get('content')!r} ({path})"
        if part.get("type") in {_V2_MEDIA, _V2_THUMBNAIL}:
            shown = part["items"] if part["type"] == _V2_MEDIA else [part]
            yield from (
                "a picture has no alternative text"
                for one in shown
                if not has_words(one.get("description") or "")
            )
        for file in part.get("attachments") or ():
            name = str(file.get("filename", "")) if isinstance(file, dict) else ""
            if name.endswith(_IMAGES) and not has_words(str(file.get("description") or "")):
                yield f"the picture {name} has no alternative text"
        content = part.get("content")
        if isinstance(content, str) and (wrong := _counted_anew(content)):
            yield f"Discord counts these items anew: {wrong} in {content!r} ({path})"
        if isinstance(content, str) and content and part.get("type") is None and not has_words(content):
            yield f"a message says nothing but {content!r} ({path})"


def _counted_anew(text: str) -> list[int]:
    """The numbers of a list that does not go up by one: what is shown there are other numbers than those written."""
    for block in re.split(r"\n(?!\d+\. )", text):
        numbers = [int(found) for found in _NUMBERED.findall(block)]
        if numbers and numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            return numbers
    return []


def _parts(value: Any) -> Iterator[Json]:
    """Every object inside."""
    if isinstance(value, dict):
        yield value
        for inside in value.values():
            yield from _parts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _parts(inside)
