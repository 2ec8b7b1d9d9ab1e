"""One prompt from Discord, as the inbox keeps it: who, where, what, and how to answer."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, Self

from adapters.common.attachments import File, Source, joined, read_files
from bot.core.commands.declaration import PASTED
from bot.core.domain import Account, Incoming, Invocation, Listener, Place, Request, request_from_json
from bot.jobs.inbox import NewEvent

PLATFORM = "discord"


@dataclass(frozen=True, slots=True)
class Event:
    """What to answer. Ids are Discord's, as texts; "" where there is none.

    `channel` is where it was said; `place_channel` and `thread` name the conversation. `token` belongs to an
    interaction, `message` is the message to reply to, `chain` are the messages and interactions of the chain of
    replies that leads to it (None: all of the thread is its history). `locale` is the author's, a BCP 47 tag.
    A `is_quiet` one was said in a running brainstorm, and not to Riff by name. `request` is what is meant, as JSON,
    where a command, a form or a button says it; `more` names a form that goes on once this is answered. What `files`
    say belongs into its option `file_option`, where there is one. `said` is what stands over the thread that is
    opened.
    """

    id: str
    user: str
    guild: str
    channel: str
    place_channel: str
    thread: str
    text: str
    direct: bool = False
    message: str = ""
    token: str = ""
    app: str = ""
    acknowledged: bool = False
    private: bool = False
    can_post: bool = True
    request: Mapping[str, Any] | None = None
    open_thread: str = ""
    files: tuple[File, ...] = ()
    chain: tuple[str, ...] | None = None
    roles: tuple[str, ...] = ()
    mentioned: bool = False
    by_admin: bool = False
    author_name: str = ""
    locale: str = ""
    is_quiet: bool = False
    needs_thread: bool = False
    more: str = ""
    file_option: str = ""
    said: str = ""

    @property
    def account(self) -> Account:
        """Who asked; an account is the same in every server."""
        return Account(PLATFORM, "", self.user)

    @property
    def place(self) -> Place:
        """The conversation it is part of."""
        return Place(PLATFORM, self.guild, self.place_channel, self.thread, self.direct)

    @property
    def asked(self) -> Request | None:
        """What is meant, where more than the text says it."""
        return request_from_json(self.request)

    def incoming(self, received_at: datetime, text: str, request: Request | None) -> Incoming:
        """The prompt as the pipeline takes it."""
        return Incoming(
            event_id=self.id,
            author=self.account,
            place=self.place,
            text=text,
            received_at=received_at,
            request=request,
            locale=self.locale,
            mentioned=self.mentioned,
            by_admin=self.by_admin,
            author_name=self.author_name,
            chain=self.chain,
            threadless=self.channel == self.place_channel and not self.direct,
        )

    def kept(self, order: str, sent_at: datetime) -> NewEvent:
        """For the inbox; events with the same `order` are answered one after the other."""
        return NewEvent(self.id, self.account, order, sent_at, asdict(self))

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> Self:
        """The event out of what the inbox kept, also before an upgrade: what is meant was a "brief" then."""
        known = {each.name for each in fields(cls)}
        values = {name: value for name, value in payload.items() if name in known}
        values.setdefault("request", payload.get("brief"))
        values["files"] = tuple(File(**file) for file in values.get("files", ()))
        values["roles"] = tuple(values.get("roles", ()))
        if values.get("chain") is not None:
            values["chain"] = tuple(values["chain"])
        return cls(**values)


# An event's text with what is attached to it.
#
# https://docs.discord.com/developers/resources/message#attachment-object


_HOSTS = ("discordapp.com", "discordapp.net", "discord.com")


class Files:
    """Reads attachments; they are for everybody who knows their address."""

    def __init__(self, api_url: str, most_characters: int, listener: Listener) -> None:
        self._source = Source("Discord", _HOSTS, api_url)
        self._most = most_characters
        self._listener = listener

    async def text_of(self, event: Event) -> str:
        """The event's text with what is attached below it. Raises AttachmentError."""
        return event.text if event.file_option else await self._below(event.text, event, self._most)

    async def asked(self, event: Event) -> Request | None:
        """What is meant, with what was handed over in its place. Raises AttachmentError."""
        request = event.asked
        if not event.file_option or not isinstance(request, Invocation):
            return request
        said = await self._below("", event, PASTED)
        return replace(request, values={**request.values, event.file_option: said})

    async def _below(self, text: str, event: Event, most: int) -> str:
        if not event.files:
            return text
        return joined(text, await read_files(event.files, self._source, self._listener, self._most), most)
