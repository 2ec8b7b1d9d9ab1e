"""Who goes first at the database: urgent work before the rest, and the rest all the same."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.database import WriteQueue


@pytest.mark.parametrize("one_writer", [True, False])
async def test_urgent_work_has_at_most_one_writer_before_it(*, one_writer: bool) -> None:
    turns, order = WriteQueue(3, one_writer=one_writer), list[str]()

    async def work(name: str, *, urgent: bool) -> None:
        async with turns.turn(writes=True, urgent=urgent):
            order.append(name)
            await asyncio.sleep(0.001)

    answers = [asyncio.create_task(work(f"answer {number}", urgent=False)) for number in range(8)]
    await asyncio.sleep(0)
    await work("arrival", urgent=True)
    await asyncio.gather(*answers)
    assert order.index("arrival") <= 2
    assert sorted(order) == sorted(["arrival", *(f"answer {number}" for number in range(8))])


async def test_what_arrives_holds_the_rest_back_for_a_moment_only() -> None:
    turns = WriteQueue(3, one_writer=True)
    async with turns.hurry():
        waiting = asyncio.create_task(_write(turns))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        async with asyncio.timeout(20):
            assert await waiting


async def test_a_cancelled_wait_leaves_the_turn_to_others() -> None:
    turns = WriteQueue(1, one_writer=True)
    async with turns.turn(writes=True, urgent=False):
        given_up = [asyncio.create_task(_write(turns)) for _ in range(3)]
        await asyncio.sleep(0)
        for task in given_up:
            task.cancel()
        await asyncio.wait(given_up)
    async with asyncio.timeout(20):
        assert await _write(turns)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=20), st.integers(1, 4))
def test_all_get_their_turn_and_sqlite_has_one_writer(
    jobs: list[tuple[bool, bool]], connections: int
) -> None:
    async def scene() -> tuple[int, int]:
        turns, writing, most, done = WriteQueue(connections, one_writer=True), 0, 0, 0

        async def work(*, writes: bool, urgent: bool) -> None:
            nonlocal writing, most, done
            async with turns.turn(writes=writes, urgent=urgent):
                writing += writes
                most = max(most, writing)
                await asyncio.sleep(0)
                writing -= writes
                done += 1

        async with asyncio.timeout(30):
            await asyncio.gather(*(work(writes=writes, urgent=urgent) for writes, urgent in jobs))
        return most, done

    most, done = asyncio.run(scene())
    assert most <= 1
    assert done == len(jobs)


async def _write(turns: WriteQueue) -> bool:
    async with turns.turn(writes=True, urgent=False):
        return True
