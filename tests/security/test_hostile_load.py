"""Fifty people send the slowest messages there are, without a pause: others are acknowledged as ever."""

from benchmarks.hostile_load import measure

MOST_MS = 1000.0
"""The aim is 250, which the benchmark holds on a quiet machine; one slow message alone once took 4800."""


async def test_others_are_acknowledged_while_fifty_hostile_messages_are_in_flight() -> None:
    figures = await measure(50, 5.0)
    assert figures.ack_p99_ms < MOST_MS
    assert figures.answered == figures.others
