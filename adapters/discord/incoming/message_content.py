"""What a message says, and what it passes on: forwarded messages, embeds and the message that it answers.

https://docs.discord.com/developers/resources/message#message-snapshot-object
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import discord

from adapters.common.attachments import File, kind_of

_PERSON = re.compile(r"<@!?\d+>")
_EMOJI = re.compile(r"<a?(:\w+:)\d+>")
_BLANK_LINES = re.compile(r"\n{3,}")


def passed_on(message: discord.Message) -> str:
    """What a message shows that its author did not type: forwarded messages, and previews of what it links to."""
    forwarded = (_said(one.content, one.embeds) for one in message.message_snapshots)
    return _joined([*forwarded, _said("", message.embeds)])


def quoted(message: discord.Message, own_id: int) -> str:
    """What a reply to somebody else answers, which the prompt is about; "" where Riff may not read it."""
    answered = answered_other(message, own_id)
    return _joined([readable(answered.content), passed_on(answered)]) if answered else ""


def answered_other(message: discord.Message, own_id: int) -> discord.Message | None:
    """The message that a reply answers, where it is not one of Riff's."""
    answered = message.reference.resolved if message.reference else None
    is_others = isinstance(answered, discord.Message) and answered.author.id != own_id
    return answered if is_others and isinstance(answered, discord.Message) else None


def is_forward(message: discord.Message) -> bool:
    """Whether it passes a message on, and answers none."""
    reference = message.reference
    return reference is not None and reference.type is discord.MessageReferenceType.forward


def files_of(message: discord.Message, own_id: int) -> tuple[File, ...]:
    """What its author attached, and of what it passes on or answers the files that can be read."""
    answered = answered_other(message, own_id)
    others = [*_forwarded_files(message)]
    if answered:
        others += [*answered.attachments, *_forwarded_files(answered)]
    is_all = not message.content and not message.attachments and not passed_on(message)
    taken = [file for file in map(_file, others) if is_all or kind_of(file.name, file.media_type) != "other"]
    return (*map(_file, message.attachments), *taken)


def said_in(payload: Mapping[str, Any]) -> str:
    """All that a message says and passes on, out of Discord's own JSON."""
    snapshots = (one.get("message") or {} for one in payload.get("message_snapshots") or ())
    return _joined(
        _said(str(one.get("content") or ""), map(discord.Embed.from_dict, one.get("embeds") or ()))
        for one in (payload, *snapshots)
    )


def readable(content: str) -> str:
    """What somebody else wrote, without ids."""
    return _EMOJI.sub(r"\1", _PERSON.sub("@…", content)).strip()


def _said(content: str, embeds: Iterable[discord.Embed]) -> str:
    return _joined([readable(content), *map(_embedded, embeds)])


def _embedded(embed: discord.Embed) -> str:
    """The words of an embed, from its top to its bottom."""
    return readable("\n".join(part.strip() for part in _parts(embed) if part and part.strip()))


def _parts(embed: discord.Embed) -> Iterator[str | None]:
    yield embed.title
    yield embed.description
    for field in embed.fields:
        yield f"{field.name}: {field.value}"


def _forwarded_files(message: discord.Message) -> Iterator[discord.Attachment]:
    for one in message.message_snapshots:
        yield from one.attachments


def _file(attachment: discord.Attachment) -> File:
    return File(attachment.filename, attachment.url, attachment.size, attachment.content_type or "")


def _joined(parts: Iterable[str]) -> str:
    """The parts with a blank line between them, each once."""
    return _BLANK_LINES.sub("\n\n", "\n\n".join(dict.fromkeys(part for part in parts if part)))
