"""Linked accounts in words: whose account it is, and what the other side of a link is told of it."""

import uuid

from bot.core.buttons import Panel, Row
from bot.core.channel import Channel
from bot.core.domain import Account, Passed, Place
from bot.core.notices import Notice
from bot.jobs.scheduled import ScheduledJob
from bot.language import LOCALE, N_, _
from genai.moderation import Moderator
from storage.repositories import Repositories

KIND = "linked-account"
_NAMES = {"slack": "Slack", "discord": "Discord", "console": N_("the console")}
_TOLD = {
    "linked": N_(
        "Your account here and the one below are one person to me now: what I keep of either can be read, exported and"
        " erased from both. If you did not do that, part them again with /link show and /link remove."
    ),
    "unlinked": N_(
        "Your account here is no longer linked to the one below. I gave each side back what it had brought."
    ),
}


def platform_name(platform: str) -> str:
    """What people call the platform."""
    return _(_NAMES[platform]) if platform in _NAMES else platform


def described(account: Account, name: str = "", workspace_name: str = "") -> str:
    """Whose account it is, in the reader's language; the names are other people's words."""
    values = {
        "name": name or _("an account without a name"),
        "id": account.external_id,
        "platform": platform_name(account.platform),
    }
    if not account.workspace:
        return _("{name} ({id}) on {platform}", **values)
    workspace = workspace_name or account.workspace
    return _("{name} ({id}) on {platform}, in {workspace}", **values, workspace=workspace)


async def shown(
    moderator: Moderator, account: Account, name: str = "", workspace_name: str = ""
) -> Passed | None:
    """`described`, as it may be shown: without names that do not pass."""
    for names in ((name, workspace_name), ("", "")):
        passed, _verdict = await moderator.passed(described(account, *names))
        if passed is not None:
            return passed
    return None


async def unlink(repositories: Repositories, person_id: int, account: Account, by: Account) -> bool:
    """Takes the account from the person and tells it so; False where it is none of theirs, or the only one."""
    if not await repositories.people.unlink(person_id, account):
        return False
    await tell(repositories, account, "unlinked", by, locale=LOCALE.get())
    return True


async def tell(
    repositories: Repositories,
    to: Account,
    what: str,
    other: Account,
    *,
    locale: str,
    name: str = "",
    workspace_name: str = "",
) -> None:
    """Tells an account, in its direct messages, that it was "linked" to the `other` or "unlinked" from it."""
    job = ScheduledJob(
        f"{KIND}:{uuid.uuid4().hex}",
        Place(to.platform, to.workspace, to.external_id, direct=True),
        KIND,
        {
            "what": what,
            "other": [other.platform, other.workspace, other.external_id],
            "names": [name, workspace_name],
        },
        locale,
        to=to.external_id,
    )
    await repositories.inbox.add([job.event(f"{KIND}:{to.workspace}:{to.external_id}"[:255])])


class Telling:
    """Does what `tell` planned."""

    def __init__(self, moderator: Moderator) -> None:
        self._moderator = moderator

    async def do(self, job: ScheduledJob, channel: Channel, _resume: bool) -> None:
        """Says it once more where an earlier attempt may have said it: nobody shall miss it."""
        whose = await shown(self._moderator, Account(*job.values["other"]), *job.values["names"])
        rows = () if whose is None else (Row(whose),)
        await channel.panel(Panel(Notice(_TOLD[job.values["what"]]), rows))
