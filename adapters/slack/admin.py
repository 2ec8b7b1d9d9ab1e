"""What a workspace's admins set with `/riff admin`: where Riff answers, how much, about what.

Moderation rules go through `bot.policy`; where and how much is kept beside them, with the same record of changes.
"""

import re
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters.slack.heard import PLATFORM, Heard
from adapters.slack.installs import Apis
from bot.domain import Scope
from bot.errors import CommandError
from bot.notices import Notice

if TYPE_CHECKING:
    from bot.app import App

_RULES = "slack-admin"
"""The platform name under which a workspace's own rules of this file are kept."""
_KEPT_SECONDS = 30.0
_CHANNEL = re.compile(r"<#(?P<id>[A-Z0-9]+)(?:\|[^>]*)?>")
_PERSON = re.compile(r"<@(?P<id>[A-Z0-9]+)(?:\|[^>]*)?>")
_USAGE = Notice(
    "Usage: /riff admin show; channels #one #two, or channels all; limit 10 (prompts a person may send in a"
    " minute), or limit off; topics medical, politics, or topics none; block WORD; admins @one @two; voice."
)
_ONLY_ADMINS = "Only this workspace's admins can do that; ask one of them."
NOT_HERE = Notice(
    "An admin of this workspace chose other channels for me. Write to me in one of those, or directly."
)


@dataclass(frozen=True, slots=True)
class Rules:
    """A workspace's rules; no channels means all, 0 a minute means any number."""

    channels: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()
    per_minute: int = 0


class Admin:
    """Keeps workspaces' rules and holds prompts to them."""

    def __init__(self, app: "App", apis: Apis) -> None:
        self._app = app
        self._apis = apis
        self._kept: dict[str, tuple[float, Rules]] = {}
        self._recent: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    async def refusal(self, heard: Heard) -> Notice | None:
        """Why the person may not ask here and now; None when they may."""
        rules = await self.rules(heard.workspace)
        if rules.channels and not heard.direct and heard.channel and heard.channel not in rules.channels:
            return NOT_HERE
        return self._counted(heard, rules.per_minute) if rules.per_minute else None

    async def rules(self, workspace: str) -> Rules:
        """What holds in the workspace; at most half a minute old."""
        kept = self._kept.get(workspace)
        if kept and time.monotonic() - kept[0] < _KEPT_SECONDS:
            return kept[1]
        stored = await self._app.memory.scopes.settings(Scope(_RULES, workspace))
        rules = Rules(
            frozenset(stored.get("channels") or ()),
            frozenset(stored.get("admins") or ()),
            int(stored.get("per_minute") or 0),
        )
        self._kept[workspace] = (time.monotonic(), rules)
        return rules

    async def check(self, heard: Heard) -> None:
        """Raises CommandError for somebody who is no admin."""
        if heard.user in (await self.rules(heard.workspace)).admins:
            return
        api, _ = await self._apis.of(heard.team, heard.enterprise)
        user = (await api.read("users.info", user=heard.user)).get("user") or {}
        if not (user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")):
            raise CommandError(_ONLY_ADMINS)

    async def command(self, heard: Heard, words: str) -> Notice:
        """What `/riff admin WORDS` does; raises CommandError."""
        await self.check(heard)
        verb, _, rest = words.strip().partition(" ")
        scope = Scope(PLATFORM, heard.workspace)
        match verb.lower():
            case "show":
                return await self._shown(heard.workspace, scope)
            case "channels":
                chosen = (
                    None
                    if rest.strip().lower() == "all"
                    else _ids(_CHANNEL, rest, "channels, such as #general")
                )
                return await self._set(heard, "channels", chosen)
            case "admins":
                return await self._set(heard, "admins", _ids(_PERSON, rest, "people, such as @somebody"))
            case "limit":
                return await self._set(heard, "per_minute", _limit(rest))
            case "topics":
                names = (
                    []
                    if rest.strip().lower() == "none"
                    else [name.strip() for name in rest.split(",") if name.strip()]
                )
                await self._app.policies.set(scope, "topics", names, person_id=await self._person(heard))
            case "block" if rest.strip():
                await self._app.policies.block_term(scope, rest, person_id=await self._person(heard))
            case _:
                return _USAGE
        return await self._shown(heard.workspace, scope)

    async def _set(self, heard: Heard, key: str, value: Any) -> Notice:
        person = await self._person(heard)
        await self._app.memory.scopes.set(Scope(_RULES, heard.workspace), key, value, person_id=person)
        self._kept.pop(heard.workspace, None)
        return await self._shown(heard.workspace, Scope(PLATFORM, heard.workspace))

    async def _shown(self, workspace: str, scope: Scope) -> Notice:
        rules = await self.rules(workspace)
        policy = (await self._app.policies.show(scope)).policy
        parts = (
            f"Channels: {len(rules.channels) or 'all'}",
            f"prompts a person may send in a minute: {rules.per_minute or 'any number'}",
            f"admins beside Slack's own: {len(rules.admins)}",
            f"topics that are off limits: {', '.join(topic.name for topic in policy.topics) or 'none'}",
            f"blocked words of this workspace: {len(policy.blocklist)}",
        )
        return Notice("; ".join(parts) + ".")

    async def _person(self, heard: Heard) -> int:
        return await self._app.memory.people.find_or_create(heard.author)

    def _counted(self, heard: Heard, most: int) -> Notice | None:
        recent = self._recent[heard.workspace, heard.user]
        moment = time.monotonic()
        while recent and recent[0] < moment - 60:
            recent.popleft()
        if len(recent) >= most:
            wait = max(1, round(60 - (moment - recent[0])))
            return Notice(
                f"That is more than {most} in a minute, which is this workspace's limit. Try again in {wait} s."
            )
        recent.append(moment)
        return None


def _ids(pattern: re.Pattern[str], text: str, what: str) -> list[str]:
    found = list(dict.fromkeys(match["id"] for match in pattern.finditer(text)))
    if not found:
        raise CommandError(f"Name {what}.")
    return found


def _limit(text: str) -> int | None:
    word = text.strip().lower()
    if word in {"off", "none"}:
        return None
    if not word.isascii() or not word.isdigit() or not 1 <= int(word[:5]) <= 1000:
        raise CommandError("How many prompts may a person send in a minute? A number from 1 to 1000, or off.")
    return int(word)
