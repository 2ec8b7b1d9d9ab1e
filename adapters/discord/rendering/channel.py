"""Shows one reply in Discord: text as it passes moderation, by edits; then the buttons; always an honest end."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import discord

from adapters.discord.gateway.api import EPHEMERAL, Api, Json, Upload
from adapters.discord.gateway.edit_pace import Pace
from adapters.discord.incoming.event import Event
from adapters.discord.rendering.components import rows_for, stop_row
from adapters.discord.rendering.markdown import readable, split
from adapters.discord.rendering.panels import panel_payloads
from adapters.discord.rendering.sending import ChannelTarget, Target, plain
from adapters.discord.rendering.standing import Standing, StandingNotes
from adapters.discord.rendering.streamed_message import UNDELIVERED, StreamedMessage, is_passing
from bot.core.buttons import CARD, Panel
from bot.core.domain import Document, Passed, Reply
from bot.core.message_marks import in_words
from bot.core.notices import CANCELLED, DOCUMENT, Notice
from bot.language import N_, _

log = logging.getLogger("riff.discord")

IN_FILE = N_("The whole answer is in the file.")
TOO_LARGE = N_("That file is larger than Discord takes from me here.")
MOST_BYTES = 10 * 1024 * 1024
_ALT_CHARACTERS = 1024
_HEARD = "👀"
"""On what somebody said whom nothing can be told alone."""
_NAME = 100
"""Most characters of a thread's name."""
Publish = Callable[[Document], Awaitable[str]]
"""Makes a post of a document and gives its mention; "" where that cannot be."""


class DiscordChannel:
    """The reply to `event`; `failure` is what kept it from being shown.

    What is said in answer to an `is_private` command is for its person alone, however it was asked.
    """

    def __init__(
        self,
        event: Event,
        target: Target,
        api: Api,
        own_id: str,
        pace: Pace,
        file_characters: int,
        notes: StandingNotes,
        publish: Publish | None = None,
    ) -> None:
        self._standing = Standing(api, notes, event)
        self.failure: BaseException | None = None
        self.is_private = False
        self.event = event
        self._api = api
        self._own_id = own_id
        self._pace = pace
        self._file_characters = file_characters
        self._publish = publish
        self._streamed = StreamedMessage(target, pace, types=not event.is_quiet)
        self._text = ""
        self._is_finished = False
        self._rows: list[Json] = []
        self._whispers = False
        self._gave_file = False
        self._is_direct = event.direct or not event.user

    @asynccontextmanager
    async def working(self, *, again: bool) -> AsyncIterator[None]:
        """Typing and edits while the reply is made; `again` goes on from what was shown before."""
        if again:
            await self._streamed.take_up()
        self._streamed.start()
        try:
            yield
            if again and self.failure is None:
                await self._tried(self._streamed.tidy())
        finally:
            await self._streamed.stop()

    @property
    def is_for_author_only(self) -> bool:
        """Whether it is hidden from the others, or said in a direct message in place of a channel."""
        return self.event.private or self._whispers or (self._is_direct and not self.event.direct)

    async def begin(self, *, private: bool) -> None:
        """Text follows, below what stands there already. A private one goes to the person alone."""
        await self._complete()
        self._streamed.show_typing()
        if private:
            await self._turn_private()
        else:
            self._rows = [stop_row(self.event.id)]

    async def show(self, piece: Passed) -> None:
        """Append a piece; it is shown when the clock of the message allows."""
        self._text += piece.text
        if not self._whispers:
            self._streamed.write(self._beginning(), self._rows, working=True)

    async def withdraw(self) -> None:
        """Take back all that was shown."""
        self._text = ""
        await self._tried(self._streamed.clear())

    async def notice(self, notice: Notice) -> None:
        """One of Riff's own sentences: under the text where there is some, else in its place."""
        if self._gave_file and notice is DOCUMENT:
            return
        if self._text and not self._whispers:
            self._streamed.remark(notice.text)
            await self._tried(self._streamed.sync())
        else:
            if notice.private and self.is_private:
                await self._turn_private()
            if notice.private and self.event.is_quiet and not await self._can_turn_private():
                await self.mark(_HEARD)
                return
            await self._say(notice.text, private=notice.private)

    async def _can_turn_private(self) -> bool:
        """Whether the person alone can be told; what was said in a brainstorm is no reason to speak before all."""
        try:
            await self._turn_private()
        except UNDELIVERED as error:
            if is_passing(error):
                raise
            self.failure = None
            return False
        return True

    async def panel(self, panel: Panel) -> None:
        """Cards of lines with their buttons; a private one to its person alone, beside what all see."""
        if panel.name == CARD:
            await self._show_card(panel)
            return
        await self._complete()
        if not (panel.heading.private and not self._is_direct) and (
            panel.name or panel.pictures or panel.file
        ):
            await self._tried(self._shown_standing(panel))
            return
        for payload in panel_payloads(panel):
            if panel.heading.private and not self._is_direct:
                await self._tried(self._beside(payload))
            else:
                await self._tried(self._do_post(payload))

    async def _show_card(self, panel: Panel) -> None:
        """A courtesy to the channel: where it cannot stand, the thread goes on without."""
        try:
            if not self.event.private:
                await self._standing.show(panel, self._streamed)
        except UNDELIVERED as error:
            if is_passing(error):
                self.failure = error
            log.info("no card in the channel: %s", error)

    async def _shown_standing(self, panel: Panel) -> None:
        """What came of it is a post where the channel is a forum, to which the panel leads."""
        if panel.file is not None and (link := await self._published(panel.file)):
            panel = replace(panel, file=None)
            await self._standing.show(panel, self._streamed)
            await self._post_pinned(plain(link))
            return
        await self._standing.show(panel, self._streamed)

    async def offer(self, text: str, row: Json) -> None:
        """What can be done next, for the person alone, below what was answered."""
        await self._tried(self._beside(plain(text, [row])))

    async def _beside(self, payload: Json) -> None:
        """For the person alone: hidden under a command, else a direct message."""
        if self.event.private and await self._streamed.target.whisper(payload):
            return
        if self.event.token:
            hidden = {**payload, "flags": payload.get("flags", 0) | EPHEMERAL}
            await self._api.follow_up(self.event.app, self.event.token, hidden)
            return
        channel = await self._api.direct_channel(self.event.user)
        await ChannelTarget(self._api, self._own_id, channel, self.event.id).send(0, payload)

    async def open_thread(self, title: Panel, name: str) -> str:
        """A thread on a message of its own, the one that an earlier attempt had posted where there is one."""
        (payload,) = panel_payloads(title)
        earlier = await self._streamed.target.earlier()
        message = earlier[0]["id"] if earlier else await self._streamed.target.send(0, payload)
        try:
            return await self._api.open_thread(self.event.channel, message, " ".join(name.split())[:_NAME])
        except discord.Forbidden as error:
            log.info("no thread was opened: %s", error)
            return ""

    async def mark(self, sign: str) -> None:
        """A reaction on the message that is answered; under a command, the sign in place of "thinking"."""
        if self.event.token:
            await self._say(in_words(sign) or _("Done."), private=True)
        elif self.event.message and sign:
            try:
                await self._api.react(self.event.channel, self.event.message, sign)
            except UNDELIVERED as error:  # a courtesy: the message may be deleted, or Riff not allowed
                log.info("no reaction: %s", error)

    async def refuse(self, notice: Notice) -> None:
        """Say privately why the person may not ask; nothing where that cannot be done."""
        try:
            await self._turn_private()
            await self._say(notice.text, private=True)
        except UNDELIVERED as error:
            log.info("nobody could be told: %s", type(error).__name__)
            self.failure = None

    async def document(self, document: Document) -> None:
        """Give the file, a text for all as a post of its own where the channel is a forum."""
        if document.private:
            await self._turn_private()
        if len(document.content) > MOST_BYTES:
            await self._say(_(TOO_LARGE), private=True)
            return
        self._gave_file = True
        if not document.private and not self._whispers and await self._posted(document):
            return
        file = Upload(document.name, document.content, document.alt_text[:_ALT_CHARACTERS])
        payload = plain(document.title or document.name)
        if not (self._whispers and await self._streamed.target.whisper(payload, [file])):
            await self._complete()
            await self._tried(self._do_post(payload, [file]))

    async def finish(self, reply: Reply) -> None:
        """The reply as it stays: whole, with its buttons, no longer marked as being written."""
        if not self._text:
            return
        if self._whispers:
            for part in split(readable(self._text)):
                await self._say(part, private=True)
            return
        for idea in reply.ideas:
            if idea.because:
                self._streamed.remark(readable(f"{idea.position}. {idea.because}"))
        self._rows = rows_for(reply)
        await self._finished(self._text, as_list=bool(self._rows and reply.ideas))
        self._is_finished = True

    async def stopped(self) -> None:
        """A person stopped the work: what is there stays, and says so."""
        self._rows = []
        if self._text:
            self._streamed.remark(CANCELLED.text)
            await self._finished(self._text)
        else:
            await self._say(CANCELLED.text, private=False)

    async def _finished(self, text: str, *, as_list: bool = False) -> None:
        self._streamed.write(self._beginning(), self._rows, working=False, as_list=as_list)
        if len(text) > self._file_characters:
            self._streamed.remark(_(IN_FILE))
        await self._tried(self._streamed.sync())
        if len(text) > self._file_characters and self.failure is None:
            await self._tried(self._do_post(plain(""), [Upload("answer.md", text.encode())]))

    async def _complete(self) -> None:
        """What was said stands; what comes next is a message below it."""
        if self._text and not self._is_finished and not self._whispers:
            self._streamed.write(self._beginning(), working=False)
            await self._tried(self._streamed.sync())
        if self._text:
            await self._streamed.seal()
        self._text, self._is_finished = "", False

    async def _posted(self, document: Document) -> bool:
        """Whether it stands in the forum as a post now."""
        link = await self._published(document)
        if link:
            await self._complete()
            await self._tried(self._post_pinned(plain(link)))
        return bool(link)

    async def _do_post(self, payload: Json, files: Sequence[Upload] = ()) -> None:
        await self._streamed.post(payload, files)

    async def _published(self, document: Document) -> str:
        """The mention of the post that it is in the forum now; "" where the channel is none."""
        if document.media_type != "text/markdown" or self._publish is None:
            return ""
        try:
            return await self._publish(document)
        except UNDELIVERED as error:
            if is_passing(error):
                raise
            log.info("no post in the forum: %s", error)
            return ""

    async def _post_pinned(self, payload: Json) -> None:
        """What came of it is found at once, where Riff may pin it."""
        message = await self._streamed.post(payload)
        if message.isdecimal():
            try:
                await self._api.pin(self.event.channel, message)
            except discord.HTTPException as error:
                log.info("nothing was pinned: %s", error)

    def _beginning(self) -> str:
        """What is shown of the text in messages; the rest of a very long one comes as a file."""
        if len(self._text) <= self._file_characters:
            return self._text
        return split(self._text, self._file_characters)[0]

    async def _say(self, text: str, *, private: bool) -> None:
        """A sentence that stands alone. Raises what may pass, so that the event is tried again."""
        try:
            if private and await self._streamed.target.whisper(plain(text)):
                return
            self._streamed.write(text, working=False)
            await self._streamed.sync()
            await self._streamed.seal()
        except UNDELIVERED as error:
            self.failure = error
            if is_passing(error):
                raise

    async def _turn_private(self) -> None:
        """From here on only the person sees what is said: an interaction can do that, else a direct message."""
        if self.event.token:
            self._whispers = not self.event.private
            return
        if self._is_direct:
            return
        try:
            channel = await self._api.direct_channel(self.event.user)
        except UNDELIVERED as error:
            self.failure = error
            raise
        await self._streamed.stop()
        self._is_direct = True
        self._streamed = StreamedMessage(
            ChannelTarget(self._api, self._own_id, channel, self.event.id), self._pace
        )

    async def _tried(self, work: Coroutine[Any, Any, object]) -> None:
        """Do what may fail; the failure is kept for the handler, which decides whether to try again."""
        try:
            await work
        except UNDELIVERED as error:
            self.failure = error
