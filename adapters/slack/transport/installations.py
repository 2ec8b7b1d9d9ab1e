"""Which token and which bot user Riff has in a workspace: one from the environment, or many from OAuth."""

import time
from dataclasses import dataclass
from typing import Protocol

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.transport.api import Api, Gone
from adapters.slack.transport.message_pace import Pace

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

    async def count(self) -> tuple[int, str]:
        """How many workspaces there are, and the token of one of them; "" where there is none."""


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

    async def count(self) -> tuple[int, str]:
        """One."""
        return 1, self._installed.token if self._installed else ""


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

    async def count(self) -> tuple[int, str]:
        """As the source says."""
        return await self._source.count()


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
