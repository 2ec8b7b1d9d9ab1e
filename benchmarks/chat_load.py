"""How fast Riff acknowledges and answers in a chat platform while many people ask at once.

`python -m benchmarks.chat_load [--events N] [--at-once N] [--only slack,discord] [--json]`; the first `at-once`
events come in the same instant, and each of the others as soon as one is answered. Riff runs in a process of its
own with its default settings and a generator that answers at once, against the tests' local Slack and Discord in
this process, on SQLite and on PostgreSQL. All of them share the machine's cores.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from benchmarks.chat_discord import load_discord
from benchmarks.chat_figures import Figures, Load, table
from benchmarks.chat_slack import http_load, socket_load
from tests.support.postgres import shared_cluster

LOADS: dict[str, Callable[[Load], Awaitable[Figures]]] = {
    "slack-socket": socket_load,
    "slack-http": http_load,
    "discord": load_discord,
}


@contextmanager
def databases() -> Iterator[list[tuple[str, str]]]:
    """A fresh database of each kind: its name and its address."""
    cluster = shared_cluster()
    name = cluster.create_database()
    with tempfile.TemporaryDirectory() as folder:
        yield [("sqlite", f"sqlite:///{Path(folder) / 'riff.db'}"), ("postgresql", cluster.url(name))]
    cluster.drop_database(name)


async def _measure(name: str, load: Load) -> Figures:
    return await LOADS[name](load)


def main() -> None:
    """Measure and print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=400)
    parser.add_argument("--at-once", type=int, default=200)
    parser.add_argument("--only", default="", help=f"beginnings of names, with commas: {', '.join(LOADS)}")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--watch-every", type=int, default=0, help="print memory and open files on the way (Slack)"
    )
    parser.add_argument("--database", default="", help="sqlite or postgresql; both where it is not said")
    given = parser.parse_args()
    rows = []
    for name in (name for name in LOADS if name.startswith(tuple(given.only.split(",")))):
        with databases() as chosen:
            loads = [
                Load(database, url, given.events, given.at_once, given.watch_every)
                for database, url in chosen
                if database.startswith(given.database)
            ]
            rows += [asyncio.run(_measure(name, load)) for load in loads]
    if not rows:
        parser.error(f"--only knows {', '.join(LOADS)}")
    if given.json:
        json.dump([asdict(row) for row in rows], sys.stdout, indent=2)
    else:
        print(table(rows))


if __name__ == "__main__":
    main()
