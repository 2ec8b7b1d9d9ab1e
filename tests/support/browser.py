"""Chromium, driven by its own DevTools protocol: pages opened, looked at and asked about. No library, no driver."""

import asyncio
import base64
import itertools
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

_START_SECONDS, _ANSWER_SECONDS = 30.0, 20.0


def chromium() -> str:
    """The browser's path; "" where there is none."""
    return next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), "")


class Browser:
    """One tab. What goes wrong in it (errors, what its policy refused) is in `complaints`."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._loaded = asyncio.Event()
        self.complaints: list[str] = []

    async def open(self, url: str) -> None:
        """Goes there, and waits until all is loaded."""
        self._loaded.clear()
        await self.tell("Page.navigate", url=url)
        async with asyncio.timeout(_ANSWER_SECONDS):
            await self._loaded.wait()
        await self.until(f"document.readyState === 'complete' && location.href === {json.dumps(url)}")

    async def look(self, width: int, height: int, *, dark: bool = False, calm: bool = False) -> None:
        """The screen, and what the person prefers."""
        phone = width < 600
        await self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=phone,
        )
        preferences = {"prefers-color-scheme": "dark" if dark else "light"}
        if calm:
            preferences["prefers-reduced-motion"] = "reduce"
        features = [{"name": name, "value": value} for name, value in preferences.items()]
        await self.tell("Emulation.setEmulatedMedia", features=features)

    async def ask(self, expression: str) -> Any:
        """What a JavaScript expression comes to."""
        told = await self.tell(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in told:
            raise AssertionError(told["exceptionDetails"])
        return told["result"].get("value")

    async def until(self, expression: str, seconds: float = 10.0) -> None:
        """Waits until the expression is true."""
        async with asyncio.timeout(seconds):
            while not await self.ask(expression):  # noqa: ASYNC110  (the page knows)
                await asyncio.sleep(0.05)

    async def press(self, key: str) -> None:
        """One key, down and up."""
        for kind in ("keyDown", "keyUp"):
            await self.tell("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    async def picture(self) -> bytes:
        """What is on the screen, as a PNG."""
        return base64.b64decode((await self.tell("Page.captureScreenshot", format="png"))["data"])

    async def tell(self, method: str, **values: Any) -> dict[str, Any]:
        """One command of the protocol, and its result."""
        number = next(self._ids)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": values})
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                return await self._waiting[number]
        finally:
            del self._waiting[number]

    async def listen(self) -> None:
        """Takes what the browser says, until it says no more."""
        async for message in self._socket:
            told = message.json()
            if (waits := self._waiting.get(told.get("id", 0))) is not None:
                if "error" in told:
                    waits.set_exception(AssertionError(told["error"]))
                else:
                    waits.set_result(told["result"])
            match told.get("method"):
                case "Page.loadEventFired":
                    self._loaded.set()
                case "Runtime.exceptionThrown":
                    self.complaints.append(str(told["params"]["exceptionDetails"]))
                case "Log.entryAdded" if told["params"]["entry"]["level"] == "error":
                    self.complaints.append(told["params"]["entry"]["text"])


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """A browser with a profile of its own, ended afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        process = await asyncio.create_subprocess_exec(
            chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
            "--disable-dev-shm-usage", "--remote-debugging-port=0", f"--user-data-dir={home}", "about:blank",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with aiohttp.ClientSession() as session:
                socket = await session.ws_connect(await _tab(session, Path(home)), max_msg_size=0)
                browser = Browser(socket)
                listening = asyncio.create_task(browser.listen())
                await browser.tell("Emulation.setFocusEmulationEnabled", enabled=True)
                for domain in ("Page", "Runtime", "Log"):
                    await browser.tell(f"{domain}.enable")
                yield browser
                await socket.close()
                await listening
        finally:
            process.terminate()
            await process.wait()


async def _tab(session: aiohttp.ClientSession, home: Path) -> str:
    """The address of the first tab's protocol."""
    file = home / "DevToolsActivePort"
    async with asyncio.timeout(_START_SECONDS):
        while not file.is_file() or not file.read_text():  # noqa: ASYNC110  (the browser writes it)
            await asyncio.sleep(0.05)
        port = file.read_text().split()[0]
        while True:
            tabs = await (await session.get(f"http://127.0.0.1:{port}/json/list")).json()
            for tab in tabs:
                if tab["type"] == "page":
                    return str(tab["webSocketDebuggerUrl"])
            await asyncio.sleep(0.05)
