"""How long what people do in a brainstorm takes, with fifty of them in it and no model writing.

`python -m benchmarks.sessions [--people N] [--rate N] [--rounds N] [--json]`; whole prompts through the pipeline
with the default moderation, on SQLite and on PostgreSQL, in one process. People act at random moments, `rate` of
them in a second all together, whether Riff has answered the one before or not; a time counts from that moment.
A board is asked for in words; its picture, which a thread draws, is a row of its own.
"""

import argparse
import asyncio
import gc
import json
import sys
import time
from collections import defaultdict
from collections.abc import Coroutine, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import count, islice
from random import Random

from benchmarks.chat_figures import percentile, table
from benchmarks.chat_load import databases
from bot.app import App
from bot.board.picture import draw_map
from bot.config import Settings
from bot.core.domain import Account, Incoming, Place
from bot.session.board_panel import board_panel, show
from bot.session.checked_text import Speech
from storage.settings import StorageSettings
from tests.support.doubles import RecordingChannel
from tests.support.light import EchoGenerator

TOPIC = "a quieter lid for a lunch box"
_IDEAS_EACH, _VOTES_EACH, _BOARDS = 2, 3, 10
_DOING = ("Line", "Weigh", "Fold", "Print", "Swap", "Lease", "Paint", "Sew", "Carve", "Lift", "Seal", "Rent")
_THING = ("rim", "hinge", "corner", "base", "handle", "clasp", "sleeve", "tray", "liner", "strap", "latch")
_MATERIAL = ("cork", "felt", "rubber", "birch", "linen", "wax", "moss", "clay", "straw", "wool", "paper")


@dataclass(frozen=True, slots=True)
class Figures:
    """One row; times in milliseconds, in a brainstorm of so many people."""

    database: str
    operation: str
    people: int
    times: int
    p50_ms: float
    p99_ms: float


class Meeting:
    """One brainstorm after the other, and how long each operation took, in seconds by name."""

    def __init__(self, app: App, people: int, rate: float, seed: int) -> None:
        self.took: dict[str, list[float]] = defaultdict(list)
        self._app = app
        self._people = people
        self._rate = rate
        self._random = Random(seed)
        self._events = count()
        self._place = Place("test", "w1", "general", "t0")

    async def round(self, number: int) -> None:
        """A whole brainstorm: ideas, votes and the board, then its end."""
        self._place = Place("test", "w1", "general", f"t{number}")
        await self._say("start", f'/session start "{TOPIC}" 60')
        await self._say("phase change", "/session skip")
        texts = islice(_ideas(self._random), self._people * _IDEAS_EACH)
        ideas = [self._say("idea", text, who % self._people) for who, text in enumerate(texts)]
        await self._spread([*ideas, *(self._board() for _ in range(_BOARDS))])
        await self._say("phase change", "/session skip")
        votes = [
            self._say("vote", str(self._random.randint(1, self._people)), who % self._people)
            for who in range(self._people * _VOTES_EACH)
        ]
        await self._spread([*votes, *(self._board() for _ in range(_BOARDS))])
        await self._say("phase change", "/session skip")
        await self._picture()
        await self._say("phase change", "/session end")

    async def _spread(self, acts: list[Coroutine[None, None, None]]) -> None:
        """Each at its own moment."""
        self._random.shuffle(acts)
        async with asyncio.TaskGroup() as group:
            for act in acts:
                group.create_task(act)
                await asyncio.sleep(self._random.expovariate(self._rate))

    async def _say(self, operation: str, text: str, who: int = 0) -> None:
        began = time.perf_counter()
        author = Account("test", "w1", f"person{who}")
        event, moment = f"{self._place.thread}-{next(self._events)}", datetime.now(UTC)
        incoming = Incoming(event, author, self._place, text, moment, author_name=f"Person {who}")
        await self._app.pipeline.handle(incoming, RecordingChannel())
        self.took[operation].append(time.perf_counter() - began)

    async def _board(self) -> None:
        began = time.perf_counter()
        brainstorm = await self._app.repositories.brainstorms.running_in(self._place)
        assert brainstorm is not None
        speech = Speech(self._app.moderator, await self._app.policies.of(self._place))
        await board_panel(speech, await show(self._app.repositories, speech, brainstorm), "The board.")
        self.took["board"].append(time.perf_counter() - began)

    async def _picture(self) -> None:
        brainstorm = await self._app.repositories.brainstorms.running_in(self._place)
        assert brainstorm is not None
        speech = Speech(self._app.moderator, await self._app.policies.of(self._place))
        shown = await show(self._app.repositories, speech, brainstorm)
        began = time.perf_counter()
        await asyncio.to_thread(draw_map, shown.board)
        self.took["picture"].append(time.perf_counter() - began)


def _ideas(random: Random) -> Iterator[str]:
    """Ideas that differ, without end."""
    for number in count():
        doing, thing, material = random.choice(_DOING), random.choice(_THING), random.choice(_MATERIAL)
        yield f"{doing} the {thing} with {material}, version {number}"


async def measure(database: str, url: str, people: int, rate: float, rounds: int) -> list[Figures]:
    """The rows of one database."""
    settings = Settings(storage=StorageSettings.model_validate({"url": url}))
    async with App(settings, generator=EchoGenerator()) as app:
        gc.collect()  # as `riff run` does once it has started
        gc.freeze()
        await Meeting(app, 5, rate, seed=0).round(-1)  # warm: imports, statements, connections
        meeting = Meeting(app, people, rate, seed=1)
        for number in range(rounds):
            await meeting.round(number)
    return [
        Figures(database, name, people, len(took), percentile(took, 0.5), percentile(took, 0.99))
        for name, took in meeting.took.items()
    ]


def main() -> None:
    """Measure and print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--rate", type=float, default=10, help="operations in a second, all together")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    rows: list[Figures] = []
    with databases() as chosen:
        for name, url in chosen:
            rows += asyncio.run(measure(name, url, given.people, given.rate, given.rounds))
    if given.json:
        json.dump([asdict(row) for row in rows], sys.stdout, indent=2)
    else:
        print(table(rows))


if __name__ == "__main__":
    main()
