"""Web API calls: paced in each channel, Retry-After kept for each method, errors sorted into three kinds.

Gone: no answer can be delivered there any more. Unsure: nobody knows whether the call took effect. Any other
refusal is slack_sdk's SlackApiError. https://docs.slack.dev/apis/web-api/rate-limits
"""

from collections.abc import Mapping
from typing import Any, NoReturn

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_exception,
    wait_incrementing,
)

from adapters.slack.transport.message_pace import Pace
from bot.jobs.inbox import TryLater
from bot.watching.meters import PAUSES

_PATIENCE_SECONDS = 60.0
_GONE = frozenset(
    {
        "account_inactive",
        "app_missing_action_url",
        "cannot_reply_to_message",
        "channel_is_archived",
        "channel_not_found",
        "ekm_access_denied",
        "invalid_auth",
        "is_archived",
        "is_inactive",
        "no_permission",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "team_access_not_granted",
        "thread_not_found",
        "token_expired",
        "token_revoked",
        "user_not_found",
        "user_not_in_channel",
    }
)


class Gone(Exception):
    """Nothing can be delivered there: the channel, the thread or the token is gone, or Riff was removed."""


class Unsure(Exception):
    """The connection broke while a call was under way: it may have taken effect."""


class _Paused(Exception):
    """Slack wants no call of the method for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"for {seconds} s")
        self.seconds = seconds


class Api:
    """Calls with one workspace's token."""

    def __init__(self, client: AsyncWebClient, team: str, pace: Pace) -> None:
        self.client = client
        self._team = team
        self._pace = pace

    async def call(
        self, method: str, *, patience: float = _PATIENCE_SECONDS, **arguments: Any
    ) -> dict[str, Any]:
        """The answer's fields. Raises Gone, Unsure, SlackApiError, or TryLater after `patience` seconds of waiting."""
        return await self._call(method, patience, arguments, is_json=True)

    @retry(
        retry=retry_if_exception_type(Unsure),
        wait=wait_incrementing(start=0.5, increment=0.5),
        stop=stop_after_attempt(3),
        reraise=True,
    )
    async def read(
        self, method: str, *, patience: float = _PATIENCE_SECONDS, **arguments: Any
    ) -> dict[str, Any]:
        """As `call`, for methods that may be asked again and take a form, as those that only read do: no JSON."""
        return await self._call(method, patience, arguments, is_json=False)

    async def _call(
        self, method: str, patience: float, arguments: Mapping[str, Any], *, is_json: bool
    ) -> dict[str, Any]:
        given = {name: value for name, value in arguments.items() if value is not None}
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(_Paused),
            wait=wait_exception(_asked_seconds),
            stop=stop_before_delay(patience),
            retry_error_callback=_put_off,
        )
        answer: dict[str, Any] = await retrying(self._once, method, patience, given, is_json=is_json)
        return answer

    async def _once(
        self, method: str, patience: float, given: dict[str, Any], *, is_json: bool
    ) -> dict[str, Any]:
        await self._pace.wait(self._team, method, str(given.get("channel", "")), patience)
        try:
            as_json, as_form = (given, None) if is_json else (None, given)
            answer = await self.client.api_call(method, json=as_json, params=as_form)
        except SlackApiError as error:
            seconds = _retry_after(error)
            if seconds is None:
                raise _sorted(error) from error
            self._pace.close(self._team, method, seconds)  # for all who call it, not only for this call
            PAUSES.labels("slack").inc()
            raise _Paused(seconds) from error
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise Unsure(f"{method}: {type(error).__name__}") from error
        return answer.data if isinstance(answer.data, dict) else {}


def _asked_seconds(error: BaseException) -> float:
    return error.seconds if isinstance(error, _Paused) else 0.0


def _put_off(state: RetryCallState) -> NoReturn:
    """Slack wants a longer pause than whoever calls has patience for."""
    error = state.outcome.exception() if state.outcome else None
    raise TryLater(state.upcoming_sleep) from error


def code_of(error: SlackApiError) -> str:
    """Slack's name for the error."""
    return str(error.response.get("error", ""))


def _retry_after(error: SlackApiError) -> float | None:
    response = error.response
    if response.status_code != 429 and code_of(error) not in {"ratelimited", "rate_limited"}:
        return None
    headers = {str(name).lower(): value for name, value in dict(response.headers).items()}
    try:
        return max(0.1, float(headers.get("retry-after", 1)))
    except ValueError:
        return 1.0


def _sorted(error: SlackApiError) -> Exception:
    return Gone(code_of(error)) if code_of(error) in _GONE else error
