"""Web API calls with each workspace's token: paced in each channel, Retry-After kept, errors sorted into three kinds.

Gone: no answer can be delivered there any more. Unsure: nobody knows whether the call took effect. Any other
refusal is slack_sdk's SlackApiError. https://docs.slack.dev/apis/web-api/rate-limits
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.jobs.inbox import TryLater

_PATIENCE_SECONDS = 60.0
_BURST = 3
_POSTS = frozenset({"chat.postMessage", "chat.postEphemeral", "chat.startStream"})
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


class Pace:
    """When which call may be made; shared by all answers in the process."""

    def __init__(self, message_seconds: float) -> None:
        self._message_seconds = message_seconds
        self._next_post: defaultdict[tuple[str, str], float] = defaultdict(float)
        self._closed_until: defaultdict[tuple[str, str], float] = defaultdict(float)

    async def wait(self, team: str, method: str, channel: str, patience: float) -> None:
        """Until the method is open for the workspace, and the channel may get another message."""
        while (seconds := self._closed_until[team, method] - time.monotonic()) > 0:
            if seconds > patience:
                raise TryLater(seconds)
            await asyncio.sleep(seconds)
        if method in _POSTS and channel:
            await asyncio.sleep(max(0.0, self._reserve((team, channel)) - time.monotonic()))

    def close(self, team: str, method: str, seconds: float) -> None:
        """Slack wants no call of the method for so long."""
        self._closed_until[team, method] = time.monotonic() + seconds

    def _reserve(self, key: tuple[str, str]) -> float:
        """The moment of the next message in the channel: one an interval, a short burst after a pause."""
        step, moment = self._message_seconds, time.monotonic()
        turn = max(self._next_post[key], moment - (_BURST - 1) * step)
        self._next_post[key] = turn + step
        if len(self._next_post) > 10_000:
            for old in [one for one, when in self._next_post.items() if when < moment]:
                del self._next_post[old]
        return turn


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

    async def read(
        self, method: str, *, patience: float = _PATIENCE_SECONDS, **arguments: Any
    ) -> dict[str, Any]:
        """As `call`, for methods that may be asked again and take a form, as those that only read do: no JSON."""
        for attempt in range(3):
            try:
                return await self._call(method, patience, arguments, is_json=False)
            except Unsure:
                if attempt == 2:
                    raise
                await asyncio.sleep(0.5 * (attempt + 1))
        raise AssertionError("unreachable")

    async def _call(
        self, method: str, patience: float, arguments: Mapping[str, Any], *, is_json: bool
    ) -> dict[str, Any]:
        given = {name: value for name, value in arguments.items() if value is not None}
        channel = str(given.get("channel", ""))
        deadline = time.monotonic() + patience
        while True:
            await self._pace.wait(self._team, method, channel, patience)
            try:
                as_json, as_form = (given, None) if is_json else (None, given)
                answer = await self.client.api_call(method, json=as_json, params=as_form)
            except SlackApiError as error:
                seconds = _retry_after(error)
                if seconds is None:
                    raise _sorted(error) from error
                self._pace.close(self._team, method, seconds)
                if time.monotonic() + seconds > deadline:
                    raise TryLater(seconds) from error
            except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
                raise Unsure(f"{method}: {type(error).__name__}") from error
            else:
                return answer.data if isinstance(answer.data, dict) else {}


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


# Which token and which bot user Riff has in a workspace: one from the environment, or many from OAuth.


_KEPT_SECONDS = 60.0
_MOST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Installed:
    """Riff in one workspace (or one organisation)."""

    token: str
    bot_user: str
    bot_id: str
    team: str
    enterprise: str = ""


class Installs(Protocol):
    """Finds installations."""

    async def find(self, team: str, enterprise: str) -> Installed | None:
        """The installation for the workspace; None where Riff is not installed (any more)."""

    async def team_in(self, enterprise: str) -> str:
        """A workspace of the organisation that installed Riff for itself; "" where there is none."""

    async def forget(self, team: str, enterprise: str) -> None:
        """Riff was removed there, or its tokens were revoked."""


class OneInstall:
    """The workspace whose token is in the environment; on Enterprise Grid it may serve several."""

    def __init__(self, installed: Installed) -> None:
        self._installed: Installed | None = installed

    @classmethod
    async def ask(cls, client: AsyncWebClient) -> "OneInstall":
        """Ask Slack whose token it is; raises SlackApiError when it is nobody's."""
        answer = await client.auth_test()
        team, enterprise = str(answer.get("team_id") or ""), str(answer.get("enterprise_id") or "")
        token = client.token or ""
        return cls(
            Installed(token, str(answer["user_id"]), str(answer.get("bot_id") or ""), team, enterprise)
        )

    async def find(self, team: str, enterprise: str) -> Installed | None:
        """The one there is."""
        return self._installed

    async def team_in(self, enterprise: str) -> str:
        """The token serves the organisation."""
        return ""

    async def forget(self, team: str, enterprise: str) -> None:
        """The token no longer works; what is in the environment cannot be forgotten."""


class CachedInstalls:
    """Installations out of a slower place, each kept for a minute."""

    def __init__(self, source: Installs) -> None:
        self._source = source
        self._kept: dict[tuple[str, str], tuple[float, Installed]] = {}

    async def find(self, team: str, enterprise: str) -> Installed | None:
        """As the source says, or said less than a minute ago."""
        kept = self._kept.get((team, enterprise))
        if kept and time.monotonic() - kept[0] < _KEPT_SECONDS:
            return kept[1]
        found = await self._source.find(team, enterprise)
        if found is not None:
            self._kept[team, enterprise] = (time.monotonic(), found)
        return found

    async def team_in(self, enterprise: str) -> str:
        """As the source says."""
        return await self._source.team_in(enterprise)

    async def forget(self, team: str, enterprise: str) -> None:
        """Everywhere."""
        self._kept.pop((team, enterprise), None)
        await self._source.forget(team, enterprise)


class Apis:
    """The Web API with each workspace's own token, over one pool of connections."""

    def __init__(self, installs: Installs, base_url: str, pace: Pace, session: ClientSession) -> None:
        self.installs = installs
        self._base_url = base_url
        self._pace = pace
        self._session = session
        self._made: dict[tuple[str, str], Api] = {}

    async def of(self, team: str, enterprise: str) -> tuple[Api, Installed]:
        """Raises Gone where Riff is not installed."""
        installed = await self.installs.find(team, enterprise)
        if installed is None:
            raise Gone("not installed")
        key = (enterprise or team, installed.token)
        if key not in self._made:
            if len(self._made) >= _MOST_KEPT:
                self._made.clear()
            client = AsyncWebClient(
                installed.token, base_url=self._base_url, session=self._session, retry_handlers=[]
            )
            self._made[key] = Api(client, key[0], self._pace)
        return self._made[key], installed

    async def of_workspace(self, workspace: str) -> tuple[Api, Installed]:
        """By `Heard.workspace`, which is the organisation on Enterprise Grid. Raises Gone."""
        if not workspace.startswith("E"):
            return await self.of(workspace, "")
        return await self.of(await self.installs.team_in(workspace), workspace)
