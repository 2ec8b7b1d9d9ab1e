"""What pressing a button comes to. Adapters draw `bot.core.buttons`, and hand a pressed one to `Actions.perform`."""

from collections.abc import Sequence

from bot.core.buttons import Action, ActionKind
from bot.core.commands.command_lines import render
from bot.core.commands.declaration import command_named
from bot.core.domain import Account, Brief, Invocation, Place, Task
from bot.core.errors import CommandError
from bot.core.forms import Form, combine_form
from bot.core.notices import Notice
from bot.generation.applications.gallery import NAMES
from bot.interactions.follow_up_briefs import more_like, others, titles_of
from bot.interactions.reach import Reach
from bot.interactions.resolver import Ask
from bot.language import N_, _
from bot.personalization.erasure import answered as answer_to_question
from bot.personalization.preference_prompts import answered
from bot.session.voting import number_of, vote_for
from bot.watching.meters import OPINIONS
from storage.repositories import Repositories
from storage.values.records import FeedbackKind, StoredIdea

_GONE = N_("Those ideas were erased meanwhile; ask for new ones.")
_ANSWER_GONE = N_("That answer was erased meanwhile; please ask again.")
_GO_ON = "Go on exactly where your answer stopped, and repeat nothing of it. This is how it ended:"
_END_CHARACTERS = 600
_MORE_COUNT = 3
_MOST_DIGITS = 18


class Actions:
    """What pressing a button comes to; STOP and SHARE are the adapter's own business."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    async def perform(
        self, action: Action, author: Account, place: Place, name: str = ""
    ) -> Notice | Ask | Form:
        """A notice for the person, a form to open, or a prompt to answer. Raises CommandError, StorageError.

        `place` is where the button was pressed: only what was shown there, or to the author alone, can be acted on.
        `name` is what the platform calls the author where all can read it.
        """
        target, reach = number_in(action.target), Reach(self._repositories, author, place)
        match action.kind:
            case ActionKind.SHUFFLE:
                return await self._shuffle(reach, target)
            case ActionKind.GO_ON:
                return await _gone_on(reach, target)
            case ActionKind.VOTE | ActionKind.IMPROVE if not await reach.card(target):
                raise CommandError(_("That idea is no longer on the board."))
            case ActionKind.VOTE:
                voter = await self._repositories.people.find_or_create(author)
                return await vote_for(self._repositories, target, voter, name)
            case ActionKind.IMPROVE:
                number = await number_of(self._repositories, target)
                return _asked(Invocation("session", "improve", {"idea": number}))
            case ActionKind.REMEMBER | ActionKind.DECLINE:
                person, yes = (
                    await self._repositories.people.find_or_create(author),
                    action.kind is ActionKind.REMEMBER,
                )
                return await answered(self._repositories, person, yes=yes, suggestion_id=target)
            case ActionKind.CONFIRM_LINK:
                return _asked(Invocation("link", "confirm", {"number": target}))
            case ActionKind.REFUSE_LINK:
                return _asked(Invocation("link", "refuse", {"number": target}))
            case ActionKind.ERASE | ActionKind.EXPORT | ActionKind.KEEP:
                person_id = await self._repositories.people.find(author)
                meant = answer_to_question(action.kind, target, person_id)
                return meant if isinstance(meant, Notice) else _asked(meant)
            case ActionKind.CALL_OFF:
                return _asked(Invocation("session", "cancel", {"number": target}))
            case ActionKind.TAKE:
                return _asked(Invocation("template", "take", {"name": _ready_name(target)}))
            case ActionKind.BOARD | ActionKind.SKIP | ActionKind.EXTEND:
                return _asked(Invocation("session", action.kind.value))
        return await self._with_idea(action.kind, author, await _idea(reach, target))

    async def choices(self, answer_id: str, author: Account, place: Place) -> tuple[StoredIdea, ...]:
        """The ideas of an answer that was shown in the place; raises CommandError where there are none."""
        ideas = await Reach(self._repositories, author, place).ideas_of(number_in(answer_id))
        if not ideas:
            raise CommandError(_(_GONE))
        return ideas

    async def _with_idea(self, kind: ActionKind, author: Account, idea: StoredIdea) -> Notice | Ask | Form:
        match kind:
            case ActionKind.MORE:
                return _more_like(idea, await self._repositories.ideas.of_answer(idea.message_id))
            case ActionKind.COMBINE:
                return _choice_to_combine(idea, await self._repositories.ideas.of_answer(idea.message_id))
            case _other:
                return await self._note(author, idea, FeedbackKind(kind.value))

    async def combine(self, idea_ids: Sequence[str], author: Account, place: Place) -> Ask:
        """The prompt that makes one idea of several; raises CommandError when too few are there (any more)."""
        reach = Reach(self._repositories, author, place)
        ideas = [await reach.idea(number_in(each)) for each in dict.fromkeys(idea_ids)]
        found = [idea for idea in ideas if idea is not None]
        if len(found) < 2:
            raise CommandError(_("Choose at least one other idea to combine it with."))
        return Ask(
            _("Combine: {ideas}", ideas=" + ".join(_name(idea) for idea in found)),
            Brief(Task.COMBINE, " and ".join(f"{idea.title}: {idea.body}".strip(": ") for idea in found)),
        )

    async def _note(self, author: Account, idea: StoredIdea, kind: FeedbackKind) -> Notice:
        person = await self._repositories.people.find_or_create(author)
        await self._repositories.feedback.add(person, idea.id, kind)
        OPINIONS.labels(kind.value).inc()
        if kind is FeedbackKind.SAVE:
            await self._repositories.ideas.save(person, idea.id)
            return Notice(_("Saved. Your saved ideas are in your profile."))
        return Notice(
            _("Noted that you like it.") if kind is FeedbackKind.LIKE else _("Noted that it is not for you.")
        )

    async def _shuffle(self, reach: Reach, answer_id: int) -> Ask:
        ideas = await reach.ideas_of(answer_id)
        if not ideas:
            raise CommandError(_(_GONE))
        person = await self._repositories.people.find_or_create(reach.author)
        for idea in ideas:
            await self._repositories.feedback.add(person, idea.id, FeedbackKind.SHUFFLE)
        brief = others(ideas[0], ideas[0].topic, len(ideas), titles_of(ideas))
        return Ask(_("Other ideas: {topic}", topic=ideas[0].topic), brief)


def number_in(target: str) -> int:
    """The number in a button or form; raises CommandError for what is none, or larger than any id."""
    if not (target.isascii() and target.isdecimal() and len(target) <= _MOST_DIGITS):
        raise CommandError(_(_GONE))
    return int(target)


async def _idea(reach: Reach, idea_id: int) -> StoredIdea:
    idea = await reach.idea(idea_id)
    if idea is None:
        raise CommandError(_(_GONE))
    return idea


def _ready_name(number: int) -> str:
    """The name of a ready template; raises CommandError for one that there is no more."""
    if not 1 <= number <= len(NAMES):
        raise CommandError(_("There is no ready template of that name; /template gallery shows them all."))
    return NAMES[number - 1]


def _asked(invocation: Invocation) -> Ask:
    return Ask(render(command_named(invocation.command), invocation), invocation)


async def _gone_on(reach: Reach, answer_id: int) -> Ask:
    """The prompt for the rest of an answer that was cut: it is told where, for much may have been said since."""
    content = await reach.answer(answer_id)
    if content is None:
        raise CommandError(_(_ANSWER_GONE))
    subject = f"{_GO_ON}\n\n…{content.strip()[-_END_CHARACTERS:]}"
    return Ask(_("Go on"), Brief(Task.CHAT, subject))


def _more_like(idea: StoredIdea, siblings: Sequence[StoredIdea]) -> Ask:
    return Ask(_("More like: {idea}", idea=_name(idea)), more_like([idea], siblings, _MORE_COUNT))


def _choice_to_combine(idea: StoredIdea, siblings: Sequence[StoredIdea]) -> Form:
    others = [(str(other.id), _name(other)) for other in siblings if other.id != idea.id]
    if not others:
        raise CommandError(_("There is no other idea here to combine it with."))
    return combine_form(str(idea.id), _name(idea), others)


def _name(idea: StoredIdea) -> str:
    return idea.title or idea.body[:80]
