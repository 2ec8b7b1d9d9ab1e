"""Files of strangers are read in a process with limits: no file takes memory, time or the log from others."""

import asyncio
import io
import logging
import os
import time
import zlib

import psutil
import pytest
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, EncodedStreamObject, NameObject

from adapters.common.attachments import AttachmentError, read_text
from bot.core.sandbox import Limits, Stopped, run_apart
from tests.security import readers

TEXT = b"BT /F1 12 Tf " + b"1 1 Td (a) Tj " * 600_000 + b"ET"
"""8 MB of instructions, which compress to 17 KB and took a gigabyte."""


def pdf(instructions: bytes, *, font: str = "/F1", pages: int = 1) -> bytes:
    writer = PdfWriter()
    names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    kept = DictionaryObject({NameObject(name): NameObject(value) for name, value in names.items()})
    stream = EncodedStreamObject()
    stream._data = zlib.compress(instructions, 9)
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    contents, fonts = (
        writer._add_object(stream),
        DictionaryObject({NameObject(font): writer._add_object(kept)}),
    )
    for _ in range(pages):
        page = writer.add_blank_page(200, 200)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        page[NameObject("/Contents")] = contents
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def memory() -> int:
    """Bytes in use by this process and its children."""
    own = psutil.Process()
    total = 0
    for process in (own, *own.children(recursive=True)):
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


async def most_memory(ended: asyncio.Event) -> int:
    """The most that was in use until then."""
    most = 0
    while not ended.is_set():
        most = max(most, memory())
        await asyncio.sleep(0.02)
    return most


async def test_eight_bombs_at_once_take_little_memory_and_nobodys_time() -> None:
    bomb = pdf(TEXT)
    assert len(bomb) < 100_000
    before, ended = memory(), asyncio.Event()
    watching = asyncio.create_task(most_memory(ended))
    reading = [asyncio.create_task(read_text("a.pdf", "", bomb, most_characters=8000)) for _ in range(8)]
    late = 0.0
    while not all(task.done() for task in reading):
        asked = time.monotonic()
        await asyncio.sleep(0.01)
        late = max(late, time.monotonic() - asked - 0.01)
    ended.set()
    assert late < 0.5
    assert await watching - before < 1_200_000_000, "two at a time, and each within its limit"
    told = await asyncio.gather(*reading, return_exceptions=True)
    assert all(isinstance(error, AttachmentError) and error.say for error in told)


async def test_reading_stops_once_there_is_more_than_a_prompt_can_hold() -> None:
    long = pdf(b"BT /F1 12 Tf " + b"(hello there ) Tj " * 100 + b"ET", pages=50)
    assert len((await read_text("a.pdf", "", long, most_characters=3000)).text) == 3001
    assert len((await read_text("a.txt", "", b"x" * 4_000_000, most_characters=3000)).text) == 3001


async def test_a_file_that_upsets_its_reader_writes_no_log(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    broken = (
        pdf(b"BT /F1 12 Tf (hello) Tj ET")
        .replace(b"startxref", b"startxxxx")
        .replace(b" 00000 n", b" 00001 n")
    )
    await asyncio.gather(read_text("a.pdf", "", broken + b"\n1 0 obj\n<<>>" * 4000), return_exceptions=True)
    assert not [record for record in caplog.records if record.name.startswith("pypdf")]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("reader", "limits", "why"),
    [
        (readers.spin, Limits(processor_seconds=1), "slow"),
        (readers.sleep, Limits(wall_seconds=0.5), "slow"),
        (readers.grow, Limits(memory_bytes=300 << 20), "broken"),
        (readers.crash, Limits(), "broken"),
        (readers.shout, Limits(output_bytes=1000), "large"),
        (readers.write, Limits(), "broken"),
    ],
)
async def test_a_reader_that_oversteps_is_stopped(reader: readers.Reader, limits: Limits, why: str) -> None:
    before = {child.pid for child in psutil.Process().children()}
    with pytest.raises(Stopped) as stopped:
        await run_apart(reader, b"content", limits=limits)
    assert stopped.value.why == why
    assert {child.pid for child in psutil.Process().children()} <= before, "it is gone"


async def test_a_reader_has_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    assert b"xoxb-secret" in "".join(os.environ.values()).encode()
    assert b"xoxb-secret" not in await run_apart(readers.environment, b"")


async def test_whoever_stands_in_line_too_long_is_told() -> None:
    slow = [
        asyncio.create_task(run_apart(readers.sleep, b"", limits=Limits(wall_seconds=3))) for _ in range(2)
    ]
    await asyncio.sleep(0.3)
    with pytest.raises(Stopped, match="busy"):
        await run_apart(readers.environment, b"", limits=Limits(wait_seconds=0.1))
    await asyncio.gather(*slow, return_exceptions=True)


async def test_a_reader_whose_caller_gives_up_is_killed() -> None:
    reading = asyncio.create_task(run_apart(readers.sleep, b""))
    await asyncio.sleep(0.5)
    children = {child.pid for child in psutil.Process().children()}
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert len({child.pid for child in psutil.Process().children()}) < len(children)
