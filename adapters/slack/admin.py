"""What a workspace's admins set with `/riff admin`: where Riff answers, how much, about what.

Moderation rules go through `bot.policy`; where and how much is kept beside them, with the same record of changes.
"""

import re
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters.slack.heard import PLATFORM, Heard
from adapters.slack.people import People
from bot.domain import Scope
from bot.errors import CommandError
from bot.language import N_, _
from bot.notices import Notice

if TYPE_CHECKING:
    from bot.app import App

_RULES = "slack-admin"
"""The platform name under which a workspace's own rules of this file are kept."""
_KEPT_SECONDS = 30.0
_MOST_COUNTED = 10_000
_CHANNEL = re.compile(r"<#(?P<id>[A-Z0-9]+)(?:\|[^>]*)?>")
_PERSON = re.compile(r"<@(?P<id>[A-Z0-9]+)(?:\|[^>]*)?>")
_USAGE = Notice(
    N_(
        "Usage: /riff admin show; channels #one #two, or channels all; limit 10 (prompts a person may send in a"
        " minute), or limit off; topics medical, politics, or topics none; block WORD, or unblock WORD; admins"
        " @one @two, or admins none; voice."
    )
)
NOT_HERE = Notice(
    N_("An admin of this workspace chose other channels for me. Write to me in one of those, or directly.")
)


@dataclass(frozen=True, slots=True)
class Rules:
    """A workspace's rules; no channels means all, 0 a minute means any number."""

    channels: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()
    per_minute: int = 0


class Admin:
    """Keeps workspaces' rules and holds prompts to them."""

    def __init__(self, app: "App", people: People) -> None:
        self._app = app
        self._people = people
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

    async def is_admin(self, heard: Heard) -> bool:
        """Whether Slack, or another admin with `/riff admin admins`, made the person one."""
        if heard.user in (await self.rules(heard.workspace)).admins:
            return True
        return (await self._people.of(heard)).is_admin

    async def check(self, heard: Heard) -> None:
        """Raises CommandError for somebody who is no admin."""
        if not await self.is_admin(heard):
            raise CommandError(_("Only this workspace's admins can do that; ask one of them."))

    async def command(self, heard: Heard, words: str) -> Notice:
        """What `/riff admin WORDS` does; raises CommandError."""
        await self.check(heard)
        verb, _blank, rest = words.strip().partition(" ")
        scope = Scope(PLATFORM, heard.workspace)
        match verb.lower():
            case "show":
                return await self._shown(heard.workspace, scope)
            case "channels":
                is_all = rest.strip().lower() == "all"
                chosen = None if is_all else _ids(_CHANNEL, rest, _("channels, such as #general"))
                return await self._set(heard, "channels", chosen)
            case "admins":
                is_none = rest.strip().lower() == "none"
                chosen = None if is_none else _ids(_PERSON, rest, _("people, such as @somebody"))
                return await self._set(heard, "admins", chosen)
            case "limit":
                return await self._set(heard, "per_minute", _limit(rest))
            case "topics":
                names = [name.strip() for name in rest.split(",") if name.strip()]
                names = [] if rest.strip().lower() == "none" else names
                await self._app.policies.set(scope, "topics", names, person_id=await self._person(heard))
            case "block" if rest.strip():
                await self._app.policies.block_term(scope, rest, person_id=await self._person(heard))
            case "unblock" if rest.strip():
                await self._unblock(heard, scope, rest.strip())
            case _:
                return _USAGE
        return await self._shown(heard.workspace, scope)

    async def _unblock(self, heard: Heard, scope: Scope, term: str) -> None:
        kept = list((await self._app.policies.show(scope)).own.get("blocklist") or ())
        left = [one for one in kept if one.casefold() != term.casefold()]
        if len(left) == len(kept):
            raise CommandError(_("That word is not among those that this workspace blocks."))
        await self._app.policies.set(scope, "blocklist", left, person_id=await self._person(heard))

    async def _set(self, heard: Heard, key: str, value: Any) -> Notice:
        person = await self._person(heard)
        await self._app.memory.scopes.set(Scope(_RULES, heard.workspace), key, value, person_id=person)
        self._kept.pop(heard.workspace, None)
        return await self._shown(heard.workspace, Scope(PLATFORM, heard.workspace))

    async def _shown(self, workspace: str, scope: Scope) -> Notice:
        rules = await self.rules(workspace)
        policy = (await self._app.policies.show(scope)).policy
        parts = (
            _("Channels: {channels}", channels=len(rules.channels) or _("all")),
            _(
                "prompts a person may send in a minute: {count}",
                count=rules.per_minute or _("any number"),
            ),
            _("admins beside Slack's own: {count}", count=len(rules.admins)),
            _(
                "topics that are off limits: {topics}",
                topics=", ".join(topic.name for topic in policy.topics) or _("none"),
            ),
            _("blocked words of this workspace: {count}", count=len(policy.blocklist)),
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
                _(
                    "That is more than {most} in a minute, which is this workspace's limit."
                    " Try again in {seconds} s.",
                    most=most,
                    seconds=wait,
                )
            )
        recent.append(moment)
        if len(self._recent) > _MOST_COUNTED:
            del self._recent[next(iter(self._recent))]
        return None


def _ids(pattern: re.Pattern[str], text: str, what: str) -> list[str]:
    found = list(dict.fromkeys(match["id"] for match in pattern.finditer(text)))
    if not found:
        raise CommandError(_("Name {what}.", what=what))
    return found


def _limit(text: str) -> int | None:
    word = text.strip().lower()
    if word in {"off", "none"}:
        return None
    if not word.isascii() or not word.isdigit() or not 1 <= int(word[:5]) <= 1000:
        raise CommandError(
            _("How many prompts may a person send in a minute? A number from 1 to 1000, or off.")
        )
    return int(word)
