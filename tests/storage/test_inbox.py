"""The durable inbox: nothing twice, order within a thread, fairness between threads, leases."""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.errors import InvalidValueError
from storage.repositories import Inbox, People, Privacy
from storage.values.records import Account, NewEvent

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database)


def event(name: str, thread: str = "t1", *, second: int = 0, user: str = "u1") -> NewEvent:
    account = Account("slack", "w1", user)
    return NewEvent(name, account, thread, START + timedelta(seconds=second), {"text": f"text of {name}"})


async def claimed(inbox: Inbox, limit: int = 10, owner: str = "me", lease: float = 60) -> list[str]:
    return [one.event_id for one in await inbox.claim("slack", owner, limit, lease)]


async def test_an_event_is_kept_once(inbox: Inbox) -> None:
    assert await inbox.add([event("e1"), event("e1"), event("e2", "t2")]) == {
        ("slack", "e1"),
        ("slack", "e2"),
    }
    assert await inbox.add([event("e1"), event("e3", "t3")]) == {("slack", "e3")}
    (one,) = await inbox.claim("slack", "me", 1, 60)
    assert await inbox.finish("me", [one])
    assert await inbox.add([event("e1")]) == frozenset()
    assert await inbox.unfinished("slack") == 2


async def test_a_claim_gives_the_payload_and_done_erases_it(inbox: Inbox) -> None:
    await inbox.add([event("e1")])
    (one,) = await inbox.claim("slack", "me", 5, 60)
    assert (one.payload, one.attempt, one.thread, one.sent_at) == ({"text": "text of e1"}, 1, "t1", START)
    assert await inbox.finish("me", [one])
    assert await claimed(inbox) == []
    assert await inbox.purge(days=1) == 0
    assert await inbox.purge(days=-1) == 1


async def test_a_threads_next_event_waits_for_the_one_in_work(inbox: Inbox) -> None:
    await inbox.add([event("late", second=2), event("early", second=1), event("other", "t2", second=3)])
    first = await inbox.claim("slack", "me", 10, 60)
    assert [one.event_id for one in first] == ["early", "other"]
    assert await claimed(inbox) == []
    await inbox.add([event("earliest", second=0)])
    assert await claimed(inbox) == []
    assert await inbox.finish("me", [first[0]])
    assert await claimed(inbox) == ["earliest"]


async def test_a_thread_with_many_events_does_not_keep_others_waiting(inbox: Inbox) -> None:
    await inbox.add([event(f"a{number}", "busy", second=number) for number in range(5)])
    await inbox.add([event("b0", "quiet", second=9)])
    order = []
    for _ in range(3):
        (one,) = await inbox.claim("slack", "me", 1, 60)
        order.append(one.event_id)
        await inbox.finish("me", [one])
    assert order == ["a0", "b0", "a1"]


async def test_a_dead_owners_event_is_taken_by_another_and_it_cannot_finish_it(inbox: Inbox) -> None:
    await inbox.add([event("e1"), event("e2", second=1)])
    (one,) = await inbox.claim("slack", "dead", 5, -1)
    (again,) = await inbox.claim("slack", "alive", 5, 60)
    assert (again.event_id, again.attempt) == ("e1", 2)
    assert not await inbox.finish("dead", [one])
    assert not await inbox.release("dead", one)
    assert await inbox.renew("dead", [one.id], 60) == ({}, {one.id})
    assert await inbox.finish("alive", [again])
    assert await claimed(inbox) == ["e2"]


async def test_a_heartbeat_keeps_the_lease_and_brings_the_wish_to_stop(inbox: Inbox) -> None:
    await inbox.add([event("e1")])
    (one,) = await inbox.claim("slack", "me", 5, -1)
    assert await inbox.renew("me", [one.id], 60) == ({one.id: False}, set())
    assert await claimed(inbox, owner="other") == []
    assert await inbox.request_stop("slack", "e1")
    assert await inbox.renew("me", [one.id], 60) == ({one.id: True}, set())
    assert not await inbox.request_stop("slack", "unknown")


async def test_a_released_event_waits_and_blocks_its_thread(inbox: Inbox) -> None:
    await inbox.add([event("e1"), event("e2", second=1)])
    (one,) = await inbox.claim("slack", "me", 5, 60)
    assert await inbox.release("me", one, after_seconds=60)
    assert await claimed(inbox) == []
    await inbox.add([event("e3", "t3")])
    (three,) = await inbox.claim("slack", "me", 5, 60)
    assert await inbox.release("me", three)
    assert await claimed(inbox) == ["e3"]


async def test_platforms_do_not_take_each_others_events(inbox: Inbox) -> None:
    await inbox.add([event("e1")])
    assert await inbox.claim("discord", "me", 5, 60) == ()
    assert await inbox.knows_thread("slack", "t1")
    assert not await inbox.knows_thread("discord", "t1")


async def test_several_workers_take_each_event_once_and_keep_every_threads_order(inbox: Inbox) -> None:
    events = [event(f"{number}", f"t{number % 7}", second=number) for number in range(70)]
    await inbox.add(events)
    seen: dict[str, list[int]] = defaultdict(list)

    async def work(owner: str) -> None:
        while await inbox.unfinished("slack"):
            for one in await inbox.claim("slack", owner, 2, 60):
                seen[one.thread].append(int(one.event_id))
                assert await inbox.finish(owner, [one])

    await asyncio.gather(*(work(f"w{number}") for number in range(4)))
    assert sorted(number for numbers in seen.values() for number in numbers) == list(range(70))
    assert all(numbers == sorted(numbers) for numbers in seen.values())


async def test_what_somebody_sent_is_handed_over_and_erased_with_the_rest(
    inbox: Inbox, people: People, privacy: Privacy
) -> None:
    person = await people.find_or_create(Account("slack", "w1", "u1"))
    await inbox.add([event("mine"), event("other", "t2", user="u2")])
    assert [row["event_id"] for row in (await privacy.export(person))["inbox"]] == ["mine"]
    await privacy.forget(person)
    assert await claimed(inbox) == ["other"]


def test_a_name_that_is_too_long_is_refused() -> None:
    with pytest.raises(InvalidValueError):
        event("e" * 256)
