"""What makes an answer this person's: their quota, taste, memory, and the one question whether to remember a wish.

Called by the pipeline before it writes and after it has shown; what comes after may fail without spoiling an answer.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.answering.context import MessageContext
from bot.config import Settings
from bot.core.domain import Brief, Idea, Profile, Task
from bot.core.ideas import parse_ideas
from bot.core.notices import Notice
from bot.core.repositories import Repositories
from bot.language import N_, _
from bot.personalization.preference_prompts import ask_once, wishes_in
from bot.personalization.recall import Here, Recall, Write
from bot.personalization.recommending import Evidence, grounds
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


class Personalizer:
    """Shared by all prompts; remembers only fitted tastes."""

    def __init__(self, settings: Settings, repositories: Repositories, moderator: Moderator) -> None:
        self._repositories = repositories
        self._tastes = Tastes(repositories.opinions, settings.quality)
        self._recall = Recall(repositories, moderator, settings.limits.history_turns)
        self._quotas = Quotas(repositories.usage, repositories.scopes, settings.limits)

    async def refusal(self, context: MessageContext, question_id: int) -> Notice | None:
        """Counts what the model is asked for; why it is not answered, or None."""
        return await self._quotas.refusal(context.person_id, question_id, context.incoming.place)

    async def fit(
        self, context: MessageContext, brief: Brief, profile: Profile, window: Sequence[StoredMessage] | None
    ) -> tuple[Brief, Taste | None, Evidence | None]:
        """The brief with what is recalled for it, the taste that chooses among ideas, and what a recommendation
        goes by.

        `window` is what the model is given of the thread; None where that is not the whole of what comes before.
        """
        further: tuple[Opinion, ...] = ()
        found = None
        if brief.task is Task.RECOMMEND:
            found = await grounds(self._repositories, context.person_id, context.incoming.place, profile)
            brief, further = replace(brief, notes=(*brief.notes, *found.notes)), found.opinions
        elif brief.task is Task.CHAT and not brief.layout and window is not None:
            brief = await self._recall.remind(brief, _here(context), window)
        if brief.task not in LIST_TASKS:
            return brief, None, found
        return brief, await self._tastes.of(context.person_id, context.incoming.place, further), found

    async def note_use(self, context: MessageContext, tokens: int) -> None:
        """What the answer took, shown or withheld."""
        text = context.delivery.text
        used = Counts(ideas=len(parse_ideas(text)), characters=len(text), tokens=tokens)
        await self._quotas.note(context.person_id, context.incoming.place, used)

    def remark(self, found: Evidence | None, ideas: Sequence[Idea]) -> Notice | None:
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

    async def afterwards(self, context: MessageContext, brief: Brief, profile: Profile, write: Write) -> None:
        """Asks whether to remember a wish, and shortens a long thread; trouble is logged, for the answer stands."""
        try:
            async with asyncio.timeout(_AFTERWARDS_SECONDS):
                await ask_once(
                    self._repositories,
                    context.channel,
                    person_id=context.person_id,
                    place=context.incoming.place,
                    profile=profile,
                    wishes=wishes_in(context.incoming.text, context.invocation),
                )
                if brief.task is Task.CHAT and not brief.layout:
                    await self._recall.shorten(_here(context), write)
        except (StorageError, ModerationError, GenerationError, TimeoutError) as error:
            log.warning("nothing was asked or summarised after an answer: %s", type(error).__name__)


def _here(context: MessageContext) -> Here:
    return Here(
        context.person_id,
        context.conversation_id,
        context.question_id or 0,
        context.incoming.place,
        context.policy,
    )
