"""Ten people at once, on two Riffs that share a database: no idea is lost, votes are exact, phases change once."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.app import App
from bot.config import Settings
from bot.core.domain import Account
from storage.address import parse_address
from storage.migrations import upgrade
from storage.settings import StorageSettings
from storage.values.brainstorms import Phase
from tests.session.conftest import Room, answer
from tests.support.doubles import ScriptedGenerator
from tests.support.light import light_moderator
from tests.support.postgres import shared_cluster

VOTES = 3
NOUNS = ("cork", "felt", "magnet", "spring", "water", "sand", "paper", "glass", "wool", "brass")
PEOPLE = st.integers(0, 9)
TYPED = st.lists(st.tuples(PEOPLE, st.integers(0, 9), st.integers(1, 3)), min_size=1, max_size=20)
BALLOTS = st.lists(st.tuples(PEOPLE, st.integers(1, 10)), max_size=40)
STEERING = st.lists(st.sampled_from(["/session skip vote", "/session skip", "tick"]), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def template() -> str:
    """The name of a PostgreSQL database with the tables in place."""
    cluster = shared_cluster()
    name = cluster.create_database()
    upgrade(parse_address(cluster.url(name)), StorageSettings(url=SecretStr(cluster.url(name))))
    return name


@contextmanager
def fresh(kind: str, template: str, migrated: Path, folder: Path) -> Iterator[str]:
    """The address of a database of its own."""
    if kind == "sqlite":
        shutil.copy(migrated, folder / "riff.db")
        yield f"sqlite:///{folder}/riff.db"
        return
    cluster = shared_cluster()
    name = cluster.create_database(template=template)
    yield cluster.url(name)
    cluster.drop_database(name)


def app_on(url: str) -> App:
    """An app whose clock the test moves."""
    wanted = Settings(storage={"url": url}, session={"tick_seconds": 60.0, "votes": VOTES})
    return App(wanted, generator=ScriptedGenerator(answer), moderator=light_moderator())


def account(who: str) -> Account:
    return Account("test", "w1", who)


async def act(room: Room, what: str) -> str:
    """Steers, or lets the clock look at a moment when the phase is over."""
    if what == "tick":
        found = await room.brainstorm()
        if found.phase_ends_at is not None:
            await room.clock.tick(await room.ends())
        return ""
    return await room.told(what, "host", by_admin=True)


async def whole_round(
    rooms: list[Room], typed: list[tuple[int, int, int]], ballots: list[tuple[int, int]], steering: list[str]
) -> list[str]:
    """Everybody writes, votes and steers at once, with a look at the board in between; the errands' event ids."""
    room = rooms[0]
    await room.say('/session start "quieter lids" 20')
    await room.say("/session skip diverge")
    texts = [
        "\n".join(f"- {NOUNS[noun]} {chr(97 + who) * 6} {chr(107 + at) * 5}" for at in range(count))
        for who, noun, count in typed
    ]
    authors = [who for who, *_ in typed]
    written = [
        rooms[n % 2].say(text, f"p{who}", event=f"e{n}")
        for n, (text, who) in enumerate(zip(texts, authors, strict=True))
    ]
    replies = await asyncio.gather(*written)
    assert all(channel.marks in (["💡"], ["🤝"]) for _reply, channel in replies)
    credited = {(author, card.number) for card in await room.cards() for author in card.authors}
    assert {author for author, _number in credited} == {
        await room.app.repositories.people.find(account(f"p{who}")) for who, *_ in typed
    }
    rows = (await room.app.repositories.boards.numbered((await room.brainstorm()).id, range(1, 1000))).items()
    assert len(rows) == sum(count for _who, _noun, count in typed)
    numbers = sorted(number for number, _idea in rows)
    assert numbers == list(range(1, len(numbers) + 1))

    await room.say("/session skip vote")
    shown = [card.number for card in await room.cards()]
    cast = [(who, shown[(at - 1) % len(shown)]) for who, at in ballots]
    await asyncio.gather(
        *(rooms[n % 2].say(str(number), f"p{who}", event=f"v{n}") for n, (who, number) in enumerate(cast))
    )
    for who in {who for who, _number in cast}:
        person = await room.app.repositories.people.find(account(f"p{who}"))
        assert person is not None
        mine = {card.number for card in await room.cards() if person in card.voters}
        asked = [number for voter, number in cast if voter == who]
        assert len(mine) <= VOTES
        assert mine <= set(asked)
        odd = {number for number in asked if asked.count(number) % 2}
        assert mine == odd or len(set(asked)) > VOTES
    await asyncio.gather(*(act(rooms[n % 2], what) for n, what in enumerate(steering)))
    await room.scheduled_jobs()
    assert list(Phase).index((await room.brainstorm()).phase) >= list(Phase).index(Phase.VOTE)
    return [job.event_id for job, _channel in room.channels]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(typed=TYPED, ballots=BALLOTS, steering=STEERING)
async def test_nothing_is_lost_and_nothing_happens_twice(
    kind: str,
    typed: list[tuple[int, int, int]],
    ballots: list[tuple[int, int]],
    steering: list[str],
    template: str,
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with fresh(kind, template, migrated, tmp_path_factory.mktemp("together")) as url:
        async with app_on(url) as app, app_on(url) as other:
            planned = await whole_round([Room(app), Room(other)], typed, ballots, steering)
    assert len(planned) == len(set(planned))
