"""Runs several streams at once."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TypeVar

T = TypeVar("T")


async def merged(streams: Sequence[AsyncGenerator[T]]) -> AsyncGenerator[tuple[int, T]]:
    """What the streams give as it comes, each with the number of its stream; closing it closes them all.

    Raises what one of them raises.
    """
    waiting: asyncio.Queue[tuple[int, T] | BaseException | None] = asyncio.Queue()

    async def run(number: int, stream: AsyncGenerator[T]) -> None:
        try:
            async with aclosing(stream):
                async for item in stream:
                    waiting.put_nowait((number, item))
        except BaseException as error:
            waiting.put_nowait(error)
            raise
        waiting.put_nowait(None)

    tasks = [asyncio.create_task(run(number, stream)) for number, stream in enumerate(streams)]
    try:
        for _stream in streams:
            while (found := await waiting.get()) is not None:
                if isinstance(found, BaseException):
                    raise found
                yield found
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
