"""Asking `/healthz` and `/readyz` as a watcher does, over real sockets."""

import asyncio
import socket

import aiohttp

Answer = tuple[int, str]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


async def asked(port: int, path: str = "/readyz") -> Answer:
    """Status and text; (0, '') where nobody listens."""
    timeout = aiohttp.ClientTimeout(total=10)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"http://127.0.0.1:{port}{path}") as answer,
        ):
            return answer.status, await answer.text()
    except aiohttp.ClientConnectionError:
        return 0, ""


async def until(port: int, wanted: Answer, seconds: float = 60.0) -> None:
    """Ask until the answer is the wanted one; the last one is in the error otherwise."""
    found: Answer = (0, "")
    try:
        async with asyncio.timeout(seconds):
            while found != wanted:
                found = await asked(port)
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"{found}, and not {wanted}, after {seconds} s") from None
