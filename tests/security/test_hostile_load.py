"""Fifty people send the slowest messages there are, without a pause: others are acknowledged nearly as ever."""

from benchmarks.hostile_load import measure

MOST_TIMES = 200
"""As slow as on a calm inbox in the same run, which is 4 ms: all cores judge hostile texts meanwhile, which makes it 30
to 80 times. One such message alone once made it more than a thousand times, and eight of them two thousand."""


async def test_others_are_acknowledged_while_fifty_hostile_messages_are_in_flight() -> None:
    calm = await measure(0, 3.0)
    attacked = await measure(50, 5.0)
    assert attacked.ack_p99_ms < MOST_TIMES * calm.ack_p99_ms
    assert attacked.answered == attacked.others
