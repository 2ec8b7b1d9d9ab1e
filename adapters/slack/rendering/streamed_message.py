"""Keeps Slack showing a text that grows: as a native stream where there is one, else by edits.

`write` may be called with any text at any time; it does what is missing. So nothing is lost or doubled when a
stream ends early, an edit is refused, or an answer is taken up by another process.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from adapters.slack.rendering.block_kit import Block, Look, buttons, prose
from adapters.slack.rendering.markdown import inert, split
from adapters.slack.rendering.sending import Post, Posts
from bot.core.buttons import stop_button


class StreamedMessage:
    """The messages of the answer to an event; `found` are those that an earlier attempt had posted."""

    def __init__(self, posts: Posts, found: Sequence[Post], event_id: str) -> None:
        self._posts = posts
        self._written: list[Post] = list(found)
        self._event_id = event_id
        self._busy = asyncio.Lock()
        self.has_stop = True
        """Whether a button stands below what grows; not where Slack shows one of its own."""

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in Slack."""
        return not self._written

    async def write(self, text: str) -> None:
        """Show all of `text`, more of which may follow."""
        parts = split(inert(text, growing=True), growing=True)
        async with self._busy:
            for index, part in enumerate(parts):
                await self._show(index, part, is_last=index == len(parts) - 1)

    @asynccontextmanager
    async def quiet(self) -> AsyncIterator[None]:
        """Nothing is being written meanwhile: whoever writes may be cancelled without leaving a call undone."""
        async with self._busy:
            yield

    async def finish(self, looks: Sequence[Look]) -> None:
        """Show just these messages."""
        for index, look in enumerate(looks):
            if index < len(self._written):
                await self._posts.update(self._written[index], look)
            else:
                self._written.append(await self._posts.post(look, f"part-{index}"))
        await self._remove_from(len(looks))

    async def leave(self, text: str) -> None:
        """Show `text` as it stands, without a button: the answer ends here."""
        if text.strip():
            await self.finish([prose(part) for part in split(inert(text))])
        else:
            await self.erase()

    async def erase(self) -> None:
        """Remove every message."""
        await self._remove_from(0)

    async def _remove_from(self, index: int) -> None:
        while len(self._written) > index:
            await self._posts.delete(self._written[-1])
            self._written.pop()

    async def _show(self, index: int, part: str, *, is_last: bool) -> None:
        below = (buttons("stop", [stop_button(self._event_id)]),) if is_last and self.has_stop else ()
        if index >= len(self._written):
            self._written.append(await self._begin(index, part, below, is_last=is_last))
            return
        post = self._written[index]
        if post.shown == part and (is_last or not post.is_open):
            return
        grows = is_last and post.shown is not None and part.startswith(post.shown)
        if grows and await self._posts.append(post, part[len(post.shown or "") :]):
            return
        await self._posts.update(post, prose(part, *below), shown=part)

    async def _begin(self, index: int, part: str, below: Sequence[Block], *, is_last: bool) -> Post:
        if self._posts.can_stream and is_last:
            post = await self._posts.start(part, f"part-{index}", below)
            if post is not None:
                return post
        return await self._posts.post(prose(part, *below), f"part-{index}", shown=part)
