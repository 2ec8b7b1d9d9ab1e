"""The page of a board, its changes as they come, and the board as files; opened by a secret in the address."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from aiohttp import web

from adapters.web.board_markup import BoardMarkup
from adapters.web.pages import PAGES, streams
from adapters.web.visitors import VISITORS
from bot.language import LOCALE, _, negotiate
from bot.session.board_files import FILES, BoardFiles
from bot.session.live_boards import BoardState, LiveBoard, LiveBoards

if TYPE_CHECKING:
    from bot.app import App

_HEARTBEAT_SECONDS = 15.0
"""So often a stream says something, so that proxies keep it and one that nobody reads is found."""
_WRITE_SECONDS = 10.0
_FIRST_SECONDS = 18.0
"""The first look may load what compares ideas."""
_SHARE_OF_CONNECTIONS = 2
"""One of so many connections may be a stream; the others are for pages."""


class BoardPages:
    """Everything under /board."""

    def __init__(self, app: "App") -> None:
        self._links = app.repositories.board_links
        language = app.settings.language.default
        self._boards = LiveBoards(app.repositories, app.moderator, app.policies, language)
        self._files = BoardFiles()
        self._markup: WeakKeyDictionary[LiveBoard, dict[str, BoardMarkup]] = WeakKeyDictionary()
        self._most = max(1, app.settings.web.most_connections // _SHARE_OF_CONNECTIONS)
        self._streams = 0

    def add_to(self, site: web.Application) -> None:
        """The routes, and the end of all readers with the site's."""
        site.router.add_get("/board/{secret}", self._page)
        site.router.add_get("/board/{secret}/changes", self._changes, allow_head=False)
        site.router.add_get("/board/{secret}/file/{form}", self._file)
        site.on_shutdown.append(self._close)

    async def _close(self, _site: web.Application) -> None:
        await self._boards.close()

    async def _opened(self, request: web.Request) -> tuple[int, LiveBoard, BoardState]:
        """The link's id, its board and what stands there. Raises 404, the same whatever is wrong."""
        found = await self._links.find(request.match_info["secret"])
        if found is None:
            request.app[VISITORS].wrong(request)
            raise web.HTTPNotFound
        link, brainstorm = found
        board = self._boards.board(brainstorm)
        async with asyncio.timeout(_FIRST_SECONDS):
            state = await board.state()
        if state is None:
            raise web.HTTPNotFound
        return link, board, state

    async def _page(self, request: web.Request) -> web.Response:
        _link, board, state = await self._opened(request)
        pages = request.app[PAGES]
        markup = self._in_language(request, board, state)
        return pages.page(
            request,
            "board.html",
            has_map=request.query.get("view") == "map",
            base=pages.url(f"/board/{request.match_info['secret']}"),
            files=[(_(name), form) for form, name in FILES.items()],
            **markup.for_page(),
        )

    async def _file(self, request: web.Request) -> web.Response:
        form = request.match_info["form"]
        if form not in FILES:
            raise web.HTTPNotFound
        _link, _board, state = await self._opened(request)
        file = await self._files.of(state.shown, form)
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return web.Response(body=file.content, content_type=file.media_type, headers=headers)

    @streams
    async def _changes(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events (HTML, 9.2): the board as it is now, then each change, until the link ends."""
        link, board, _state = await self._opened(request)
        if self._streams >= self._most:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "30"})
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        )
        self._streams += 1
        try:
            with board.watched():
                await response.prepare(request)
                seen = request.headers.get("Last-Event-ID") or request.query.get("seen", "")
                async for event in self._events(request, link, board, seen):
                    async with asyncio.timeout(_WRITE_SECONDS):
                        await response.write(event)
        except (ConnectionError, TimeoutError):
            if request.transport is not None:
                request.transport.close()  # nobody reads, or not fast enough
        finally:
            self._streams -= 1
        return response

    async def _events(
        self, request: web.Request, link: int, board: LiveBoard, seen: str
    ) -> AsyncIterator[bytes]:
        """What to send, as long as the link can be opened; nobody is told what they have."""
        state = await board.state()
        while state is not None and link in state.links:
            markup = self._in_language(request, board, state)
            if seen != markup.mark:
                yield markup.message(seen)
                seen = markup.mark
            version = state.version
            state = None
            while state is None and not board.is_over:
                try:
                    async with asyncio.timeout(_HEARTBEAT_SECONDS):
                        state = await board.after(version)
                except TimeoutError:
                    yield b": still here\n\n"

    def _in_language(self, request: web.Request, board: LiveBoard, state: BoardState) -> BoardMarkup:
        """The board's markup in the language that is spoken, up to date."""
        languages = self._markup.setdefault(board, {})
        language = negotiate(LOCALE.get())
        if language not in languages:
            languages[language] = BoardMarkup(request.app[PAGES])
        languages[language].update(state)
        return languages[language]
