"""A small HTTP server on loopback that speaks OpenAI's streaming protocol as a test scripts it."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

Answer = Callable[[dict[str, Any]], Response]


def event(text: str = "", finish: str | None = None, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish, **more}
    return {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}


def scored(text: str, *chances: float) -> dict[str, Any]:
    tokens = [{"token": "t", "logprob": chance, "bytes": None, "top_logprobs": []} for chance in chances]
    return event(text, logprobs={"content": tokens})


def usage(tokens: int) -> dict[str, Any]:
    counts = {"prompt_tokens": 1, "completion_tokens": tokens, "total_tokens": tokens + 1}
    return {**event(), "choices": [], "usage": counts}


def streamed(*events: Any, ends: bool = True, seconds: float = 0.0) -> Response:
    async def body() -> AsyncIterator[str]:
        for one in events:
            await asyncio.sleep(seconds)
            yield f"data: {json.dumps(one)}\n\n"
        if ends:
            yield "data: [DONE]\n\n"

    return StreamingResponse(body(), media_type="text/event-stream")


def raw(*parts: str | bytes, media_type: str = "text/event-stream") -> Response:
    """The bytes as they are, in these pieces."""

    async def body() -> AsyncIterator[bytes]:
        for part in parts:
            await asyncio.sleep(0)
            yield part.encode() if isinstance(part, str) else part

    return StreamingResponse(body(), media_type=media_type)


def refused(status: int, message: str = "no", **headers: str) -> Response:
    return JSONResponse({"error": {"message": message}}, status, headers)


@dataclass
class Server:
    """Answers with the next of `answers`, the last one again and again; keeps what it was sent."""

    answers: list[Answer]
    models: tuple[str, ...] = ("m",)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""
    open: int = 0
    listing: Response | None = None
    """What it answers when it is asked for its models, where that is not as it should be."""

    async def chat(self, request: Request) -> Response:
        body = await request.json()
        self.bodies.append(body)
        self.keys.append(request.headers.get("authorization", ""))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return self._counted(answer(body))

    async def until_open(self, count: int) -> None:
        """Wait until it is sending `count` answers."""
        async with asyncio.timeout(20):
            while self.open != count:  # noqa: ASYNC110 - what is waited for happens in uvicorn
                await asyncio.sleep(0.01)

    async def list(self, _: Request) -> Response:
        if self.listing is not None:
            return self.listing
        data = [{"id": name, "object": "model", "created": 0, "owned_by": "x"} for name in self.models]
        return JSONResponse({"object": "list", "data": data})

    def _counted(self, response: Response) -> Response:
        if isinstance(response, StreamingResponse):
            inner = response.body_iterator

            async def body() -> AsyncIterator[Any]:
                self.open += 1
                try:
                    async for part in inner:
                        yield part
                finally:
                    self.open -= 1

            response.body_iterator = body()
        return response


@asynccontextmanager
async def serving(
    *answers: Answer, models: tuple[str, ...] = ("m",), listing: Response | None = None, port: int = 0
) -> AsyncIterator[Server]:
    """The server, on a port of this machine, a free one unless it is named, in the running event loop."""
    server = Server(list(answers), models, listing=listing)
    app = Starlette(
        routes=[
            Route("/v1/chat/completions", server.chat, methods=["POST"]),
            Route("/v1/models", server.list),
        ]
    )
    running = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
    )
    running.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    task = asyncio.create_task(running.serve())
    while not running.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.005)
    port = running.servers[0].sockets[0].getsockname()[1]
    server.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield server
    finally:
        running.should_exit = running.force_exit = True
        await task
