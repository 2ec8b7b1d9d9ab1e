"""Shows one reply in Slack: streamed or edited while it grows, as cards or prose at the end, privately if asked.

The pipeline only hands text over; a task of the channel's own brings it to Slack at Slack's pace, so that a slow
Slack does not hold up the model.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from adapters.slack.handling.command_text import as_typed
from adapters.slack.rendering import block_kit
from adapters.slack.rendering.block_kit import Look
from adapters.slack.rendering.documents import Documents
from adapters.slack.rendering.idea_cards import below, cards, is_list_of_ideas
from adapters.slack.rendering.markdown import inert, split
from adapters.slack.rendering.panels import panel_looks
from adapters.slack.rendering.private_messages import PrivateMessages
from adapters.slack.rendering.sending import Found, Posts
from adapters.slack.rendering.standing import Notes, Standing
from adapters.slack.rendering.streamed_message import StreamedMessage
from adapters.slack.rendering.thread_status import Status
from adapters.slack.transport.api import Gone
from bot.core.buttons import CARD, Action, ActionKind, Button, Panel
from bot.core.domain import Document, Outcome, Passed, Reply
from bot.core.notices import Notice
from bot.language import _

log = logging.getLogger("riff.slack")


class SlackChannel:
    """One reply. Use as an async context manager: at its end everything stands in Slack, or what failed is raised.

    Raises Gone, TryLater, Unsure or SlackApiError there.
    """

    def __init__(
        self,
        posts: Posts,
        open_private: Callable[[], PrivateMessages],
        status: Status,
        event_id: str,
        *,
        react: Callable[[str], Awaitable[None]],
        notes: Notes,
        seconds: float,
        all_private: bool = False,
    ) -> None:
        self._posts = posts
        self._open_private = open_private
        self._react = react
        self._standing_notes = notes
        self._status = status
        self._seconds = seconds
        self._event_id = event_id
        self._streamed = StreamedMessage(posts, (), event_id)
        self._found = Found()
        self._text = ""
        self._all_private = all_private
        self.is_for_author_only = all_private
        """Whether it is sent to the person alone."""
        self._changed = asyncio.Event()
        self._painter: asyncio.Task[None] | None = None
        self._failure: Exception | None = None
        self._notes = 0
        self._is_finished = False
        self._has_said = False

    async def resume(self) -> bool:
        """Look for what an earlier attempt had posted, to go on from there; whether there was any."""
        self.take_over()
        found = self._found = await self._posts.find()
        self._streamed = StreamedMessage(self._posts, found.parts, self._event_id)
        return bool(found.parts or found.notes)

    def take_over(self) -> None:
        """Somebody else worked on this reply, and may have left the thread's status as it was."""
        self._status.take_over()

    @cached_property
    def _private(self) -> PrivateMessages:
        return self._open_private()

    @cached_property
    def _documents(self) -> Documents:
        return Documents(self._posts, self._private, self._found)

    @cached_property
    def _standing(self) -> Standing:
        return Standing(self._posts, self._documents, self._standing_notes)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._rest()
        if kind is not None:  # cancelled: what stands is left whole, for whoever goes on
            if not self.is_for_author_only and not isinstance(self._failure, Gone):
                await self._streamed.leave(self._text)
            return
        await self._status.clear()
        if self._failure is not None:
            raise self._failure
        if self._has_said:  # else the earlier attempt had said all there is
            for note in self._found.notes:
                await self._posts.delete(note)

    async def begin(self, *, private: bool) -> None:
        """What follows is for the author only where `private`."""
        self.is_for_author_only = private or self._all_private
        if not self.is_for_author_only:
            await self._status.set(_("is thinking…"))
            self._streamed.has_stop = not self._status.has_stop

    async def show(self, piece: Passed) -> None:
        """Append a piece; raises what keeps the text from Slack, so that nobody writes on for nothing."""
        if self._failure is not None:
            raise self._failure
        self._has_said = True
        self._text += piece.text
        if not self.is_for_author_only:
            self._painter = self._painter or asyncio.create_task(self._paint(), name="slack-painter")
            self._changed.set()

    async def withdraw(self) -> None:
        """Remove the messages of this reply."""
        await self._rest()
        self._text = ""
        await self._do(self._streamed.erase())

    async def notice(self, notice: Notice) -> None:
        """One of Riff's own sentences, to its person alone where it is private and others read along."""
        await self._say(block_kit.notes(as_typed(notice.text)), private=notice.private)

    async def document(self, document: Document) -> None:
        """Upload a file: privately into the conversation with the person, else into the thread."""
        await self._rest()
        await self._do(self._documents.give(document, private=self.is_for_author_only or document.private))

    async def panel(self, panel: Panel) -> None:
        """Lines with buttons, for its person alone where all of the reply is, or the heading is private."""
        private = self.is_for_author_only or (panel.heading.private and self._private.is_needed)
        if (panel.name or panel.pictures or panel.file) and not private:
            self._has_said = True
            await self._rest()
            await self._do(self._standing.show(panel, self._found))
            return
        if panel.name == CARD:
            return
        await self._say(panel_looks(panel), private=panel.heading.private)

    async def open_thread(self, title: Panel, name: str) -> str:
        """The message of its own is what the thread hangs on."""
        look = panel_looks(title)[0]
        if roots := self._found.roots:
            await self._posts.update(roots[0], look)
            return roots[0].ts
        return (await self._posts.post(look, "root")).ts

    async def mark(self, sign: str) -> None:
        """A reaction on the message that is answered, where there is one and Slack lets Riff react."""
        await self._react(sign)

    async def finish(self, reply: Reply) -> None:
        """Turn what was streamed into its final form."""
        await self._rest()
        if not self._text.strip():
            if reply.outcome is not Outcome.ANSWERED and not self._streamed.is_blank:
                await self._do(self._streamed.erase())
            return
        looks = cards(reply) if is_list_of_ideas(reply) else self._prose(reply)
        if self.is_for_author_only:
            await self._do(self._private.send(self._with_share(looks, reply)))
        else:
            await self._do(self._streamed.finish(looks))
        self._text = ""
        self._is_finished = True

    def _prose(self, reply: Reply) -> list[Look]:
        text = self._text.strip()
        *first, last = split(inert(as_typed(text) if self.is_for_author_only else text))
        is_offered = bool(reply.ideas) or not self.is_for_author_only
        return [*map(block_kit.prose, first), block_kit.prose(last, *(below(reply) if is_offered else ()))]

    def _with_share(self, looks: Sequence[Look], reply: Reply) -> list[Look]:
        if reply.message_id is None or not self._private.is_needed:
            return list(looks)
        button = Button(Action(ActionKind.SHARE, str(reply.message_id)), _("Share"))
        last = looks[-1]
        return [*looks[:-1], Look(last.text, (*last.blocks, block_kit.buttons("share", [button])))]

    async def _say(self, looks: Sequence[Look], *, private: bool) -> None:
        """Messages beside the reply's text."""
        self._has_said = True
        await self._rest()
        if self.is_for_author_only or (private and self._private.is_needed):
            if not (self._is_finished or self._streamed.is_blank or self._text):
                await self._do(self._streamed.erase())
            await self._do(self._private.send(looks))
            return
        await self._do(self._post_notes(looks))

    async def _post_notes(self, looks: Sequence[Look]) -> None:
        for look in looks:
            if self._found.notes:
                await self._posts.update(self._found.notes.pop(0), look)
            else:
                await self._posts.post(look, f"note-{self._notes}")
            self._notes += 1

    async def _paint(self) -> None:
        """Bring the text to Slack, then pause: edits of one message come about once a second."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self._streamed.write(self._text)
            except Exception as error:
                self._failure = error
                return
            await asyncio.sleep(self._seconds)

    async def _rest(self) -> None:
        """Stop painting, never in the middle of a call."""
        painter, self._painter = self._painter, None
        if painter is None:
            return
        async with self._streamed.quiet():
            painter.cancel()
        await asyncio.wait({painter})

    async def _do(self, step: Coroutine[Any, Any, None]) -> None:
        """A step towards Slack; after the first that failed there are no more."""
        if self._failure is not None:
            step.close()
            return
        try:
            await step
        except Exception as error:
            self._failure = error
