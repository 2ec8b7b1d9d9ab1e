"""People change what they put on a board: a message edited or deleted, an idea taken off, put back or worded anew.

An adapter plans what a changed message means as a job in the line of its thread, so that it is done after what the
message said at first, once, also after a crash.
"""

import logging

from bot.config import Settings
from bot.core.channel import Channel
from bot.core.commands.call import Call
from bot.core.domain import Account, Place
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.core.text_cleaning import clean
from bot.jobs.scheduled import ScheduledJob
from bot.language import N_, _
from bot.places.moderation_policy import Policies
from bot.session.capture import Author, Capture, split_ideas
from bot.session.steering import may_steer, running_here
from bot.session.thread_messages import is_talk, without_opener
from genai.moderation import Moderator
from storage.repositories import Repositories
from storage.values.brainstorms import Phase, StoredBrainstorm

log = logging.getLogger("riff.session")

_NOT_YOURS = N_("There is no idea {number} of yours on the board.")


KIND = "message-changed"


def message_changed(change_id: str, place: Place, author: Account, event_id: str, text: str) -> ScheduledJob:
    """The job for a message, whose event was `event_id`, that says `text` now; "" where it was deleted."""
    return ScheduledJob(
        change_id,
        place,
        KIND,
        {"event": event_id, "author": [author.platform, author.workspace, author.external_id], "text": text},
    )


class MessageChanges:
    """Follows the messages that ideas came in. Nothing is said: the message itself shows what it says now."""

    def __init__(
        self, settings: Settings, repositories: Repositories, moderator: Moderator, policies: Policies
    ) -> None:
        self._repositories = repositories
        self._moderator = moderator
        self._policies = policies
        self._capture = Capture(repositories, settings.reranking, settings.session.ideas)
        self._most = settings.limits.prompt_characters

    async def do(self, job: ScheduledJob, _channel: Channel, _resume: bool) -> None:
        """The ideas of that message say what it says now, or are gone with it.

        What does not pass moderation changes nothing. Raises StorageError, ModerationUnavailable.
        """
        place, event_id = job.place, str(job.values["event"])
        author = Account(*job.values["author"])
        said = clean(str(job.values["text"]))
        if not said or is_talk(said):
            await self._erase(place, event_id)
            return
        found = await self._changeable(place, author)
        if found is None or len(said) > self._most:
            return
        brainstorm, person_id = found
        verdict = await self._moderator.check(said, policy=await self._policies.of(place))
        if verdict.blocked:
            log.info("an edited message did not pass the content check; its idea stays as it was")
            return
        kept = without_opener(verdict.redacted_text)
        try:
            await self._capture.change(brainstorm, kept, Author(person_id, event_id, ""))
        except CommandError as error:
            log.info("an edited message has more ideas than the board takes: %s", error)

    async def _erase(self, place: Place, event_id: str) -> None:
        """The ideas of that message are erased, whoever deleted it."""
        brainstorm = await self._repositories.brainstorms.running_in(place)
        if brainstorm is not None:
            await self._repositories.own_ideas.erase(brainstorm.id, event_id)

    async def _changeable(self, place: Place, author: Account) -> tuple[StoredBrainstorm, int] | None:
        brainstorm = await self._repositories.brainstorms.running_in(place)
        person_id = await self._repositories.people.find(author)
        return None if brainstorm is None or person_id is None else (brainstorm, person_id)


async def remove(call: Call) -> Notice:
    """Takes an idea off: one's own, or anybody's for whoever steers the brainstorm. Raises CommandError."""
    brainstorm, number = await running_here(call), call.invocation.number("idea") or 0
    own = call.repositories.own_ideas
    if not await own.withdraw(brainstorm.id, _whose(call, brainstorm), number):
        raise CommandError(_(_NOT_YOURS, number=number))
    return Notice(
        _("Idea {number} is off the board; say “undo” within two minutes to put it back.", number=number)
    )


async def undo(call: Call) -> Notice:
    """Puts back the idea of one's own that was taken off last, or anybody's for whoever steers. Raises CommandError."""
    brainstorm = await running_here(call)
    number = await call.repositories.own_ideas.put_back(brainstorm.id, _whose(call, brainstorm))
    if number is None:
        raise CommandError(_("There is nothing to put back: that can be done for two minutes."))
    return Notice(_("Idea {number} is back on the board.", number=number))


def _whose(call: Call, brainstorm: StoredBrainstorm) -> int | None:
    """Whose ideas the person may change: their own, and anybody's for whoever steers."""
    steers = may_steer(brainstorm, call.person_id, by_admin=call.incoming.by_admin)
    return None if steers else call.person_id


async def _around(call: Call) -> StoredBrainstorm:
    """The brainstorm in the thread, else the newest in the channel: a form may be opened from the card there."""
    here = await call.repositories.brainstorms.running_in(call.incoming.place)
    around = here or await call.repositories.brainstorms.newest_around(call.incoming.place)
    return around if around and around.phase is not Phase.ENDED else await running_here(call)


async def edit(call: Call) -> Notice:
    """Words one's own idea anew, or anybody's for whoever steers. Raises CommandError."""
    brainstorm, number = await _around(call), call.invocation.number("idea") or 0
    passed = (await call.moderator.check(call.text("text"), policy=call.policy)).redacted_text
    texts = split_ideas(passed)
    if len(texts) != 1:
        raise CommandError(_("Give one idea, in a line or two."))
    if not await call.capture.reword(brainstorm, _whose(call, brainstorm), number, texts[0]):
        raise CommandError(_(_NOT_YOURS, number=number))
    return Notice(_("Idea {number} is changed.", number=number))
