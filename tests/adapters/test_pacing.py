"""Pacing on a clock that only timers move: who asks first goes first, and no limit is ever passed."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.gateway.client import GlobalLimit
from adapters.discord.gateway.identify_turns import IDENTIFY_SECONDS, IdentifyTurns
from adapters.slack.transport.message_pace import Pace
from tests.support.virtual_time import in_virtual_time

PAUSES = st.lists(st.sampled_from([0.0, 0.0, 0.3, 1.0, 2.5]), min_size=1, max_size=40)
some = settings(max_examples=60, deadline=None)


def turns(turn: Callable[[], Awaitable[None]], pauses: list[float]) -> list[tuple[float, int]]:
    """When whose turn came, of people who ask with these pauses between them."""
    came: list[tuple[float, int]] = []

    async def ask(number: int) -> None:
        await turn()
        came.append((asyncio.get_running_loop().time(), number))

    async def all_of_them() -> None:
        async with asyncio.TaskGroup() as group:
            for number, pause in enumerate(pauses):
                await asyncio.sleep(pause)
                group.create_task(ask(number))

    in_virtual_time(all_of_them())
    return came


@some
@given(PAUSES)
def test_a_slack_channel_gets_its_messages_in_order_and_one_a_second_after_a_burst(
    pauses: list[float],
) -> None:
    pace = Pace(1.0)
    came = turns(lambda: pace.wait("T", "chat.postMessage", "C", 60.0), pauses)
    assert [number for _, number in came] == sorted(range(len(pauses)))
    times = [at for at, _ in came]
    for first, second in itertools.combinations(range(len(times)), 2):
        assert second - first + 1 <= 3 + (times[second] - times[first]) + 1e-6


def test_channels_do_not_wait_for_each_other_and_are_forgotten_when_idle() -> None:
    async def scenario() -> None:
        pace, clock = Pace(1.0), asyncio.get_running_loop().time
        start = clock()
        for number in range(10_001):
            await pace.wait("T", "chat.postMessage", f"C{number}", 60.0)
        assert clock() == start
        await asyncio.sleep(5)
        await pace.wait("T", "chat.postMessage", "C", 60.0)
        assert len(pace._next_post) < 10

    in_virtual_time(scenario())


@some
@given(PAUSES)
def test_no_more_requests_than_the_global_limit_start_in_any_second(pauses: list[float]) -> None:
    limit = GlobalLimit(per_second=5)
    came = turns(limit.turn, pauses)
    assert [number for _, number in came] == sorted(range(len(pauses)))
    assert all(later - earlier >= 0.999 for (earlier, _), (later, _) in zip(came, came[5:], strict=False))
    asked = list(itertools.accumulate(pauses))
    assert came[-1][0] - 1000.0 <= asked[-1] + len(pauses) / 5 + 1


def test_shards_identify_one_after_the_other_for_each_key() -> None:
    identify = IdentifyTurns()
    identify.limit({"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 2})
    shards = iter(range(6))
    came = turns(lambda: identify.turn(next(shards)), [0.0] * 6)
    times = [round((at - 1000.0) / IDENTIFY_SECONDS, 3) for at, _ in came]
    assert times == [0, 0, 1, 1, 2, 2]
