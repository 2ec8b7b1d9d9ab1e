"""Slack's calls are made again as long as it helps, when Slack said they may be, and not a moment longer."""

import asyncio
from collections.abc import Awaitable
from typing import Any, cast

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.transport.api import Api, Unsure
from adapters.slack.transport.message_pace import Pace
from bot.jobs.inbox import TryLater
from tests.support.virtual_time import in_virtual_time


class Slack:
    """Fails as it was told, one call after the other, then answers; notes when it was called."""

    def __init__(self, *failures: Exception) -> None:
        self._failures = list(failures)
        self.moments: list[float] = []

    async def api_call(self, method: str, **_: Any) -> Any:
        self.moments.append(asyncio.get_running_loop().time() - 1000.0)
        if self._failures:
            raise self._failures.pop(0)
        return _answer(200, {"ok": True}, {})


def _answer(status: int, data: dict[str, Any], headers: dict[str, str]) -> AsyncSlackResponse:
    return AsyncSlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=data, headers=headers, status_code=status
    )


def limited(seconds: str) -> SlackApiError:
    return SlackApiError("limited", _answer(429, {"error": "ratelimited"}, {"Retry-After": seconds}))


def outcome(slack: Slack, call: str = "call", **options: Any) -> dict[str, Any]:
    api = Api(cast("AsyncWebClient", slack), "T", Pace(1.0))
    made: Awaitable[dict[str, Any]] = getattr(api, call)("chat.update", **options)

    async def wait() -> dict[str, Any]:
        return await made

    found: dict[str, Any] = in_virtual_time(wait())
    return found


def test_a_call_is_made_again_when_slack_said() -> None:
    slack = Slack(limited("7"), limited("2.5"))
    assert outcome(slack) == {"ok": True}
    assert slack.moments == [0, 7, 9.5]


def test_a_pause_holds_for_all_who_call_the_method() -> None:
    slack = Slack(limited("7"))
    pace = Pace(1.0)

    async def two() -> None:
        apis = [Api(cast("AsyncWebClient", slack), "T", pace) for _ in range(2)]
        first = asyncio.create_task(apis[0].call("chat.update"))
        await asyncio.sleep(1)
        await asyncio.gather(first, apis[1].call("chat.update"))

    in_virtual_time(two())
    assert slack.moments == [0, 7, 7]


def test_nobody_waits_beyond_their_patience() -> None:
    slack = Slack(limited("90"))
    with pytest.raises(TryLater) as raised:
        outcome(slack, patience=60.0)
    assert raised.value.seconds == 90
    assert slack.moments == [0]


def test_only_what_reads_is_asked_again_after_a_broken_line() -> None:
    broken = aiohttp.ServerDisconnectedError()
    assert outcome(slack := Slack(broken, broken), "read") == {"ok": True}
    assert slack.moments == [0, 0.5, 1.5]
    with pytest.raises(Unsure):
        outcome(slack := Slack(broken), "call")
    assert slack.moments == [0]
    with pytest.raises(Unsure):
        outcome(slack := Slack(broken, broken, broken, broken), "read")
    assert len(slack.moments) == 3
