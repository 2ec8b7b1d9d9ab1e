"""What makes an answer this person's: their quota, taste, memory, and the one question whether to remember a wish.

Called by the pipeline before it writes and after it has shown; what comes after may fail without spoiling an answer.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.answering.context import Journey
from bot.asking import ask_once
from bot.config import Settings
from bot.core.domain import Brief, Idea, Profile, Task
from bot.core.ideas import parse_ideas
from bot.core.notices import Notice
from bot.core.repositories import Memory
from bot.language import N_, _
from bot.personalization.recall import Here, Recall, Write
from bot.personalization.recommending import Grounds, grounds
from bot.personalization.taste import Tastes
from bot.places.quotas import Quotas
from genai.errors import GenerationError
from genai.moderation import Moderator
from genai.moderation.errors import ModerationError
from genai.prompts import LIST_TASKS
from genai.taste import Opinion, Taste
from storage.errors import StorageError
from storage.values.common import StoredMessage
from storage.values.personal import Counts

log = logging.getLogger("riff.personal")

_AFTERWARDS_SECONDS = 20.0
_UNKNOWN = N_(
    "I don't know your taste yet: press 👍 or 👎 under ideas, save some, or tell me your interests with"
    " /profile set interests chess, jazz. Then I can say why something fits you."
)


class Personal:
    """Shared by all prompts; remembers only fitted tastes."""

    def __init__(self, settings: Settings, memory: Memory, moderator: Moderator) -> None:
        self._memory = memory
        self._tastes = Tastes(memory.opinions, settings.quality)
        self._recall = Recall(memory, moderator, settings.limits.history_turns)
        self._quotas = Quotas(memory.usage, memory.scopes, settings.limits)

    async def refusal(self, journey: Journey, question_id: int) -> Notice | None:
        """Counts what the model is asked for; why it is not answered, or None."""
        return await self._quotas.refusal(journey.person_id, question_id, journey.incoming.place)

    async def fit(
        self, journey: Journey, brief: Brief, profile: Profile, window: Sequence[StoredMessage] | None
    ) -> tuple[Brief, Taste | None, Grounds | None]:
        """The brief with what is recalled for it, the taste that chooses among ideas, and what a recommendation
        goes by.

        `window` is what the model is given of the thread; None where that is not the whole of what comes before.
        """
        further: tuple[Opinion, ...] = ()
        found = None
        if brief.task is Task.RECOMMEND:
            found = await grounds(self._memory, journey.person_id, journey.incoming.place, profile)
            brief, further = replace(brief, notes=(*brief.notes, *found.notes)), found.opinions
        elif brief.task is Task.CHAT and not brief.layout and window is not None:
            brief = await self._recall.remind(brief, _here(journey), window)
        if brief.task not in LIST_TASKS:
            return brief, None, found
        return brief, await self._tastes.of(journey.person_id, journey.incoming.place, further), found

    async def note_use(self, journey: Journey, tokens: int) -> None:
        """What the answer took, shown or withheld."""
        text = journey.delivery.text
        used = Counts(ideas=len(parse_ideas(text)), characters=len(text), tokens=tokens)
        await self._quotas.note(journey.person_id, journey.incoming.place, used)

    def remark(self, found: Grounds | None, ideas: Sequence[Idea]) -> Notice | None:
        """Why it was recommended, where no single idea says so."""
        if found is None or any(idea.because for idea in ideas):
            return None
        if not found.named():
            return Notice(_(_UNKNOWN))
        return Notice(
            _(
                "I went by {grounds}; none of these is very close to it. 👍 and 👎 teach me more.",
                grounds=", ".join(found.named()),
            )
        )

    async def afterwards(self, journey: Journey, brief: Brief, profile: Profile, write: Write) -> None:
        """Asks whether to remember a wish, and shortens a long thread; trouble is logged, for the answer stands."""
        try:
            async with asyncio.timeout(_AFTERWARDS_SECONDS):
                await ask_once(
                    self._memory,
                    journey.channel,
                    person_id=journey.person_id,
                    place=journey.incoming.place,
                    profile=profile,
                    text=journey.incoming.text,
                )
                if brief.task is Task.CHAT and not brief.layout:
                    await self._recall.shorten(_here(journey), write)
        except (StorageError, ModerationError, GenerationError, TimeoutError) as error:
            log.warning("nothing was asked or summarised after an answer: %s", type(error).__name__)


def _here(journey: Journey) -> Here:
    return Here(
        journey.person_id,
        journey.conversation_id,
        journey.question_id or 0,
        journey.incoming.place,
        journey.policy,
    )
