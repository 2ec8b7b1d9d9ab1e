"""What is recalled for an answer: the thread beyond its last turns, in short or by relevance, and saved ideas.

Where others read, only of ideas that were shown in that very channel.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.domain import Brief, Place, StoredIdea, Task
from bot.generation.text_generation import TextGenerator
from bot.personalization.profile import told_to_all
from genai.errors import GenerationError
from genai.moderation import Moderator, Policy
from genai.text import extract, is_summary, relevant
from storage.repositories import Repositories
from storage.values.personal import StoredSummary
from storage.values.records import StoredMessage

SAVED = 200
"""How many of a person's saved ideas are searched, the newest."""
_SEARCHED = 60
_PASSAGES = 2
_IDEAS = 3
_PASSAGE_CHARACTERS = 200
_SUMMARY_CHARACTERS = 600
_LEFT_OUT = 4
"""Exchanges that must have left the model's window before they are summarised."""
_SUMMARISE = "Summarise in two or three plain sentences what was said here, and add nothing:\n{text}"


@dataclass(frozen=True, slots=True)
class Here:
    """Whose question it is, which one, where, and whether they alone see the answer."""

    person_id: int
    conversation_id: int
    question_id: int
    place: Place
    policy: Policy | None
    is_private: bool = False


class Recall:
    """Adds to a brief what the model would not see otherwise, and keeps long threads in short."""

    def __init__(self, repositories: Repositories, moderator: Moderator, turns: int) -> None:
        self._repositories = repositories
        self._moderator = moderator
        self._turns = turns

    async def remind(self, brief: Brief, here: Here, window: Sequence[StoredMessage]) -> Brief:
        """The brief with what was said before the window, and the person's saved ideas that it is about."""
        notes: list[tuple[str, str]] = []
        if self._turns and len(window) >= 2 * self._turns:
            notes += await self._said_before(brief.subject, here, window[0].id)
        saved = await self.saved(brief.subject, here, _IDEAS)
        if saved:
            notes.append(("Ideas the person saved", "; ".join(_line(idea) for idea in saved)))
        return replace(brief, notes=(*brief.notes, *notes)) if notes else brief

    async def saved(self, words: str, here: Here, most: int) -> list[StoredIdea]:
        """The person's saved ideas that the words are about, the most relevant first."""
        channel = None if here.place.direct else here.place
        ideas = await self._repositories.ideas.saved(
            here.person_id, SAVED, place=channel, private=here.is_private
        )
        texts = [f"{idea.title} {idea.body} {idea.topic}" for idea in ideas]
        return [ideas[at] for at in await asyncio.to_thread(relevant, words, texts, most)]

    async def passages(self, words: str, here: Here, before_id: int, most: int) -> list[str]:
        """What was said in the thread before a message and is relevant, shortened."""
        said = await self._repositories.threads.exchanges(
            here.conversation_id,
            here.person_id,
            after_id=0,
            before_id=before_id,
            limit=_SEARCHED,
            private=here.is_private,
        )
        texts = [message.content for message in told_to_all(said)]
        found = await asyncio.to_thread(relevant, words, texts, most)
        return [" ".join(texts[at].split())[:_PASSAGE_CHARACTERS] for at in found]

    async def shorten(self, here: Here, generator: TextGenerator) -> None:
        """Summarises what has left the window, where that is enough to be worth it."""
        threads = self._repositories.threads
        if not self._turns:
            return
        window = await threads.exchanges(
            here.conversation_id,
            here.person_id,
            after_id=0,
            before_id=here.question_id + 1,
            limit=self._turns,
        )
        if len(window) < 2 * self._turns:
            return
        before = await threads.summary(here.conversation_id)
        left = await threads.exchanges(
            here.conversation_id,
            here.person_id,
            after_id=before.through_id if before else 0,
            before_id=window[0].id,
            limit=_SEARCHED,
        )
        if len(left) < 2 * _LEFT_OUT:
            return
        texts = ([before.text] if before else []) + [message.content for message in told_to_all(left)]
        if text := await self._summary(texts, generator, here):
            made = StoredSummary(left[-2].id, text)
            of = [message.id for message in left]
            await threads.summarise(here.conversation_id, made, of=of, before=before)

    async def _said_before(self, words: str, here: Here, before_id: int) -> list[tuple[str, str]]:
        summary = await self._repositories.threads.summary(here.conversation_id)
        found = await self.passages(words, here, before_id, _PASSAGES)
        notes = [("Said earlier", summary.text)] if summary else []
        return notes + ([("Also said earlier", " / ".join(found))] if found else [])

    async def _summary(self, texts: Sequence[str], generator: TextGenerator, here: Here) -> str:
        """The model's words where they say what was said, else sentences taken out of it; "" if neither passes."""
        try:
            written = " ".join((await generator.text(_request(texts), str(here.person_id))).split())
        except GenerationError:
            written = ""
        drafts = [written] if is_summary(written, texts, _SUMMARY_CHARACTERS) else []
        drafts.append(await asyncio.to_thread(extract, texts, _SUMMARY_CHARACTERS))
        for draft in drafts:
            passed, _verdict = await self._moderator.passed(draft, policy=here.policy)
            if passed is not None:
                return passed.text
        return ""


def _request(texts: Sequence[str]) -> Brief:
    return Brief(Task.CHAT, _SUMMARISE.format(text="\n".join(texts)[-4000:]))


def _line(idea: StoredIdea) -> str:
    return f"{idea.title}: {idea.body}".strip(": ")[:_PASSAGE_CHARACTERS]
