"""Runs a whole brainstorm with the embedded model, and writes down what people in its thread see.

    python -m benchmarks.session_transcript --write docs/sessions.md

Three people type; the clock is moved instead of waited for. Pictures come beside the file that is written.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App
from bot.config import Settings
from bot.core.buttons import CARD, Panel
from bot.core.domain import Account, Document, Incoming, Passed, Place, Reply
from bot.core.notices import Notice
from bot.jobs.scheduled import ScheduledJob
from bot.session.timing import Clock

_PLACE = Place("transcript", "w1", "ideas", "t1")
_SECONDS = {"quiet": 40, "next prompt": 87, "quiet for longer": 140}
_PASSES = {
    "quiet": "nobody writes for half a minute",
    "quiet for longer": "nobody writes for a minute and a half",
    "next prompt": "a seventh of the time for ideas is over",
    "next phase": "the time of the phase is over",
}
_BEGIN, _END = "<!-- measured: begin -->", "<!-- measured: end -->"
_SEED = 7
_SCRIPT = (
    ("host", '/session start "plants in the office" 20 SCAMPER --votes 2'),
    ("guest", "my old fax machine, it was a gift"),
    ("host", "/session skip diverge"),
    ("host", "swap shelf: everybody may leave a cutting and take one"),
    ("guest", "- replace the coffee table by a herb bed\n- moss wall in the meeting room"),
    ("third", "lol"),
    ("third", "Herb bed instead of the coffee table"),
    ("", "quiet"),
    ("", "next prompt"),
    ("third", "pair each plant with a person who waters it"),
    ("host", "@Riff what grows without light?"),
    ("", "quiet for longer"),
    ("host", "/session board"),
    ("host", "/session skip vote"),
    ("guest", "1"),
    ("guest", "2"),
    ("third", "1 2"),
    ("third", "3"),
    ("host", "/session skip"),
    ("guest", "the shelf could stand in the hall"),
    ("guest", "/session skip"),
    ("host", "improve 1"),
    ("", "next phase"),
    ("third", "/session export csv"),
)
"""Who types what; nobody stands for time that passes."""


@dataclass
class Transcript:
    """What was seen; pictures go into `folder`."""

    folder: Path
    blocks: list[str] = field(default_factory=list)

    def write(self, who: str, text: str) -> None:
        """A line of somebody's, further lines of it indented."""
        first, *rest = text.split("\n")
        lines = [f"{who:<6}{first}", *(" " * 6 + line for line in rest)]
        if self.blocks and not self.blocks[-1].startswith("!"):
            self.blocks[-1] += "\n" + "\n".join(lines)
        else:
            self.blocks.append("\n".join(lines))

    def document(self, document: Document) -> None:
        """A picture stands in the page, a file is named."""
        if document.media_type != "image/png":
            self.write("Riff", f"[file {document.name}]")
            return
        name = f"sessions-{document.name.rpartition('-')[2]}"
        (self.folder / name).write_bytes(document.content)  # the last one of each kind stays
        self.write("Riff", f"[picture: {document.title}]")

    def text(self) -> str:
        """The whole."""
        return "\n\n".join(f"```text\n{block}\n```" for block in self.blocks)


class TranscriptChannel:
    """Writes down what is shown; `who` is told alone what is private."""

    def __init__(self, transcript: Transcript, who: str) -> None:
        self._transcript = transcript
        self._who = who
        self._shown = ""

    is_for_author_only = False

    async def begin(self, *, private: bool) -> None:
        """Nothing to do."""

    async def show(self, piece: Passed) -> None:
        """Collect the reply."""
        self._shown += piece.text

    async def withdraw(self) -> None:
        """Forget it."""
        self._shown = ""

    async def notice(self, notice: Notice) -> None:
        """A sentence of Riff's."""
        self._flush()
        alone = f"(to {self._who} alone) " if notice.private and self._who else ""
        self._transcript.write("Riff", alone + notice.text)

    async def document(self, document: Document) -> None:
        """A file."""
        self._transcript.document(document)

    async def open_thread(self, title: Panel, name: str) -> str:
        """None."""
        return ""

    async def panel(self, panel: Panel) -> None:
        """Lines with their buttons and menus, and what stands beside them."""
        lines = [
            f"(the card in the channel) {panel.heading.text}" if panel.name == CARD else panel.heading.text
        ]
        lines += [
            row.text.text + (" 🕑" if row.until else "") + _buttons(button.label for button in row.buttons)
            for row in panel.rows
        ]
        menus = (f"{choice.label} ▾" for choice in panel.choices)
        below = [*filter(None, [panel.link]), *(button.label for button in panel.buttons), *menus]
        lines += [_buttons(below).strip()] if below else []
        self._transcript.write("Riff", "\n".join(lines).replace("**", ""))
        for document in (*panel.pictures, *filter(None, [panel.file])):
            self._transcript.document(document)

    async def mark(self, sign: str) -> None:
        """A reaction on the message."""
        self._transcript.write("", f"[{sign}]")

    async def finish(self, reply: Reply) -> None:
        """The reply is whole."""
        self._flush()

    def _flush(self) -> None:
        if self._shown.strip():
            self._transcript.write("Riff", self._shown.strip().replace("**", ""))
        self._shown = ""


def _buttons(labels: Iterable[str]) -> str:
    return "".join(f"  🔘 {label}" for label in labels)


class Stage:
    """The app with people in it."""

    def __init__(self, app: App, transcript: Transcript) -> None:
        self._app = app
        self._transcript = transcript
        self._clock = Clock(app.settings.session, app.repositories, "en")
        self._events = 0

    async def play(self, who: str, text: str) -> None:
        """One entry of the script, and what Riff says to it by itself."""
        if who:
            await self._type(who, text)
        else:
            self._transcript.write("", f"({_PASSES[text]})")
            await self._clock.tick(await self._moment(text))
        while claimed := await self._app.inbox.rows.claim(_PLACE.platform, "transcript", 1, 600):
            errand = ScheduledJob.read(claimed[0])
            if errand is not None:
                await self._app.scheduled_jobs.do(
                    errand, TranscriptChannel(self._transcript, ""), resume=False
                )
            await self._app.inbox.rows.finish("transcript", claimed[:1])

    async def _type(self, who: str, text: str) -> None:
        self._events += 1
        self._transcript.write(who, text)
        said = text.removeprefix("@Riff ")
        incoming = Incoming(
            f"event-{self._events}",
            Account(_PLACE.platform, _PLACE.workspace, who),
            _PLACE,
            said,
            datetime.now(UTC),
            mentioned=text.startswith("@"),
            author_name=who,
        )
        await self._app.pipeline.handle(incoming, TranscriptChannel(self._transcript, who))

    async def _moment(self, what: str) -> datetime:
        """When the clock is to look."""
        found = await self._app.repositories.brainstorms.running_in(_PLACE)
        if found is None or found.phase_ends_at is None:
            return datetime.now(UTC)
        if what == "next phase":
            return found.phase_ends_at
        now = datetime.now(UTC)
        return now + timedelta(seconds=_SECONDS[what])


async def run(folder: Path) -> str:
    """The transcript; its pictures go into `folder`."""
    transcript = Transcript(folder)
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(
            storage={"url": f"sqlite:///{place}/riff.db"},
            generator={"seed": _SEED},
            session={"tick_seconds": 60.0, "quiet_seconds": 30.0},
        )
        async with App(settings) as app:
            stage = Stage(app, transcript)
            for who, text in _SCRIPT:
                await stage.play(who, text)
    return transcript.text()


def main() -> None:
    """Print the transcript, or put it into a page between its marks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="a page with marks to write between")
    page = parser.parse_args().write
    text = asyncio.run(run(page.parent if page else Path(tempfile.mkdtemp())))
    if page is None:
        print(text)
        return
    before, _, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    page.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
