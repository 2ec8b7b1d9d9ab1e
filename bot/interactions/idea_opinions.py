"""What somebody thinks of ideas and answers, by buttons: noted, taken back by the same button, and told.

What stands under a set of ideas is the same for all who read it, so it counts people and names nobody.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.core.buttons import ActionKind
from bot.core.domain import Repositories
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.interactions.reach import Reach
from bot.language import N_, _, listed, ngettext
from bot.watching import meters
from storage.values.records import FeedbackKind, StoredIdea

OPINIONS = {
    ActionKind.LIKE: FeedbackKind.LIKE,
    ActionKind.DISLIKE: FeedbackKind.DISLIKE,
    ActionKind.SAVE: FeedbackKind.SAVE,
    ActionKind.HELPFUL: FeedbackKind.LIKE,
    ActionKind.UNHELPFUL: FeedbackKind.DISLIKE,
    ActionKind.SAVE_ANSWER: FeedbackKind.SAVE,
}
"""Buttons that are taken back by being pressed again."""
OF_ANSWERS = frozenset({ActionKind.HELPFUL, ActionKind.UNHELPFUL, ActionKind.SAVE_ANSWER})
"""Those whose target is an answer and not an idea."""
CHANGES_LINE = frozenset(OPINIONS) - OF_ANSWERS
"""Those after which another line may stand under the ideas."""
_GONE = N_("Those ideas were erased meanwhile; ask for new ones.")
_ANSWER_GONE = N_("That answer was erased meanwhile; please ask again.")
_SAID = {
    ActionKind.LIKE: N_("Noted that you like it."),
    ActionKind.DISLIKE: N_("Noted that it is not for you."),
    ActionKind.SAVE: N_("Saved. Your saved ideas are in your profile."),
    ActionKind.HELPFUL: N_("Noted that it helped."),
    ActionKind.UNHELPFUL: N_("Noted that it did not help."),
    ActionKind.SAVE_ANSWER: N_("Saved. Your saved ideas are in your profile."),
}
_AGAIN = N_("The same choice takes it back.")
_SHOWN = ((FeedbackKind.LIKE, N_("Liked: {ideas}.")), (FeedbackKind.SAVE, N_("Saved: {ideas}.")))


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of opinions: a sentence for the person, and `line` for all, "" where nobody liked or saved any."""

    notice: Notice
    line: str = ""


class IdeaOpinions:
    """Notes opinions and takes them back. Methods raise CommandError for what is gone or out of reach."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    async def ideas(self, reach: Reach, kind: ActionKind, targets: Sequence[int]) -> list[StoredIdea]:
        """What a button with these targets concerns; an answer that is no list counts as one idea."""
        found = []
        for target in targets:
            idea = await (self._answer(reach, target) if kind in OF_ANSWERS else reach.idea(target))
            if idea is None:
                raise CommandError(_(_ANSWER_GONE if kind in OF_ANSWERS else _GONE))
            found.append(idea)
        return found

    async def is_wanted(self, reach: Reach, kind: ActionKind, ideas: Sequence[StoredIdea]) -> bool:
        """Whether a press notes the opinion: where it is held of all already, it takes it back."""
        person = await self._repositories.people.find(reach.author)
        if person is None:
            return True
        ids = [idea.id for idea in ideas]
        return len(await self._repositories.feedback.held(person, ids, OPINIONS[kind])) < len(set(ids))

    async def note(
        self, reach: Reach, kind: ActionKind, ideas: Sequence[StoredIdea], *, wanted: bool
    ) -> Noted:
        """Makes it so; done twice it changes nothing more. Raises ForgottenError too."""
        person = await self._repositories.people.find_or_create(reach.author)
        for idea in ideas:
            await self._set(person, idea, OPINIONS[kind], wanted=wanted)
        told = f"{_(_SAID[kind])} {_(_AGAIN)}" if wanted else _("Taken back.")
        return Noted(Notice(told), await self.line(ideas[0].message_id))

    async def choose(self, reach: Reach, answer_id: int, picked: Collection[int]) -> list[StoredIdea]:
        """The person likes these of an answer's ideas and no others; gives those."""
        ideas = await self._of_answer(reach, answer_id)
        person = await self._repositories.people.find_or_create(reach.author)
        held = await self._repositories.feedback.held(person, [idea.id for idea in ideas], FeedbackKind.LIKE)
        for idea in ideas:
            if (idea.id in picked) != (idea.id in held):
                await self._set(person, idea, FeedbackKind.LIKE, wanted=idea.id in picked)
        return [idea for idea in ideas if idea.id in picked]

    async def liked(self, reach: Reach, answer_id: int) -> tuple[list[StoredIdea], frozenset[int]]:
        """The ideas of an answer, and which of them the person likes."""
        ideas = await self._of_answer(reach, answer_id)
        person = await self._repositories.people.find(reach.author)
        if person is None:
            return ideas, frozenset()
        ids = [idea.id for idea in ideas]
        return ideas, await self._repositories.feedback.held(person, ids, FeedbackKind.LIKE)

    async def line(self, answer_id: int) -> str:
        """What was liked and saved of an answer's ideas, for all who read it."""
        held = {kind: await self._repositories.feedback.counts(answer_id, kind) for kind, _said in _SHOWN}
        return said_of(held)

    async def _of_answer(self, reach: Reach, answer_id: int) -> list[StoredIdea]:
        ideas = await reach.ideas_of(answer_id)
        if not ideas:
            raise CommandError(_(_GONE))
        return list(ideas)

    async def _answer(self, reach: Reach, answer_id: int) -> StoredIdea | None:
        if await reach.answer(answer_id) is None:
            return None
        return await self._repositories.ideas.whole_answer(answer_id)

    async def _set(self, person: int, idea: StoredIdea, kind: FeedbackKind, *, wanted: bool) -> None:
        if wanted:
            meters.OPINIONS.labels(kind.value).inc()
            await self._repositories.feedback.add(person, idea.id, kind)
            if kind is FeedbackKind.SAVE:
                await self._repositories.ideas.save(person, idea.id)
        elif kind is FeedbackKind.SAVE:
            await self._repositories.ideas.unsave(person, idea.id)
        else:
            await self._repositories.feedback.remove(person, idea.id, kind)


def said_of(held: Mapping[FeedbackKind, Mapping[int, int]]) -> str:
    """The line under a set: by kind how many people hold it of which idea; "" where none do."""
    parts = [
        _(said, ideas=listed(_counted(number, count) for number, count in held[kind].items()))
        for kind, said in _SHOWN
        if held.get(kind)
    ]
    return " ".join([*parts, _(_AGAIN)]) if parts else ""


def _counted(number: int, count: int) -> str:
    if count == 1:
        return str(number)
    return ngettext("{number} ({count} person)", "{number} ({count} people)", count, number=number)
