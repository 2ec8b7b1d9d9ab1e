"""How often Riff posts in a channel of Slack: about once a second, with short bursts.

https://docs.slack.dev/apis/web-api/rate-limits
"""

import asyncio
from collections import defaultdict

from bot.jobs.inbox import TryLater

_BURST = 3
POSTS = frozenset({"chat.postMessage", "chat.postEphemeral", "chat.startStream"})


class Pace:
    """When which call may be made; shared by all answers in the process.

    Turns are handed out in the order of asking. aiolimiter's leaky bucket is as fair and as fast, but has to be
    kept for each channel and never ends on a clock that only moves with its timers: what is left of a division
    makes it ask for the same moment again and again.
    """

    def __init__(self, message_seconds: float) -> None:
        self._message_seconds = message_seconds
        self._next_post: defaultdict[tuple[str, str], float] = defaultdict(float)
        self._closed_until: defaultdict[tuple[str, str], float] = defaultdict(float)

    async def wait(self, team: str, method: str, channel: str, patience: float) -> None:
        """Until the method is open for the workspace, and the channel may get another message."""
        clock = asyncio.get_running_loop().time
        while (seconds := self._closed_until[team, method] - clock()) > 0:
            if seconds > patience:
                raise TryLater(seconds)
            await asyncio.sleep(seconds)
        if method in POSTS and channel:
            await asyncio.sleep(max(0.0, self._reserve((team, channel), clock()) - clock()))

    def close(self, team: str, method: str, seconds: float) -> None:
        """Slack wants no call of the method for so long."""
        self._closed_until[team, method] = asyncio.get_running_loop().time() + seconds

    def _reserve(self, key: tuple[str, str], moment: float) -> float:
        """The moment of the next message in the channel: one an interval, a short burst after a pause."""
        step = self._message_seconds
        turn = max(self._next_post[key], moment - (_BURST - 1) * step)
        self._next_post[key] = turn + step
        if len(self._next_post) > 10_000:
            for old in [one for one, when in self._next_post.items() if when < moment]:
                del self._next_post[old]
        return turn
