"""In which workspaces Slack shows the app as an agent: there each message of the Messages tab is a thread of its own.

Slack does not say so when asked, but sends some things only to agents: `app_context_changed`, and what the person looks
at beside a message or the opening of a tab. An app from before has the assistant pane instead.
https://docs.slack.dev/ai/migrating-to-agent-messaging and https://docs.slack.dev/reference/events/app_context_changed
"""

import time
from collections.abc import Mapping
from typing import Any, Protocol

from adapters.slack.incoming.event import PLATFORM

_NAME = "agent:"
_AGAIN_SECONDS = 60.0


class Notes(Protocol):
    """Where it is noted: the core's platform state."""

    async def get(self, platform: str, name: str) -> Any: ...
    async def put(self, platform: str, name: str, value: Any) -> None: ...


class AgentView:
    """What is known of each workspace; it holds for all processes, within a minute."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._known: dict[str, tuple[bool, float]] = {}

    async def hear(self, team: str, event: Mapping[str, Any]) -> None:
        """Learn from what Slack sent."""
        is_agent = event["type"] == "app_context_changed" or "app_context" in event
        if is_agent or (event["type"] == "app_home_opened" and "context" in event):
            await self._note(team, is_on=True)
        elif event["type"] == "assistant_thread_started":
            await self._note(team, is_on=False)

    async def is_on(self, team: str) -> bool:
        """Whether the app is an agent there."""
        known, until = self._known.get(team, (False, 0.0))
        if not known and time.monotonic() >= until:
            known = bool(await self._notes.get(PLATFORM, f"{_NAME}{team}"))
            self._known[team] = known, time.monotonic() + _AGAIN_SECONDS
        return known

    async def _note(self, team: str, *, is_on: bool) -> None:
        if await self.is_on(team) != is_on:
            await self._notes.put(PLATFORM, f"{_NAME}{team}", is_on)
        self._known[team] = is_on, time.monotonic() + _AGAIN_SECONDS
