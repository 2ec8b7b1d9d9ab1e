"""What pressing a button comes to. Adapters draw `bot.core.buttons`, and hand a pressed one to `Actions.perform`."""

from collections.abc import Sequence

from bot.core.buttons import Action, ActionKind
from bot.core.commands.command_lines import render
from bot.core.commands.declaration import command_named
from bot.core.domain import Account, Brief, Invocation, Task
from bot.core.errors import CommandError
from bot.core.forms import Form, combine_form
from bot.core.notices import Notice
from bot.interactions.resolver import Ask
from bot.language import N_, _
from bot.personalization.preference_prompts import answered
from bot.session.thread_messages import number_of, vote_for
from storage.repositories import Repositories
from storage.values.records import FeedbackKind, StoredIdea

_GONE = N_("Those ideas were erased meanwhile; ask for new ones.")
_MORE_COUNT = 3


class Actions:
    """What pressing a button comes to; STOP and SHARE are the adapter's own business."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    async def perform(self, action: Action, author: Account, name: str = "") -> Notice | Ask | Form:
        """A notice for the person, a form to open, or a prompt to answer. Raises CommandError, StorageError.

        `name` is what the platform calls the author where all can read it.
        """
        if not action.target.isdecimal():
            raise CommandError(_(_GONE))
        target = int(action.target)
        match action.kind:
            case ActionKind.SHUFFLE:
                return await self._shuffle(author, target)
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
            case ActionKind.BOARD | ActionKind.SKIP | ActionKind.EXTEND:
                return _asked(Invocation("session", action.kind.value))
        idea = await self._repositories.ideas.get(target)
        if idea is None:
            raise CommandError(_(_GONE))
        match action.kind:
            case ActionKind.MORE:
                return _more_like(idea, await self._repositories.ideas.of_answer(idea.message_id))
            case ActionKind.COMBINE:
                return _choice_to_combine(idea, await self._repositories.ideas.of_answer(idea.message_id))
            case _other:
                return await self._note(author, idea, FeedbackKind(action.kind.value))

    async def combine(self, idea_id: int, others: Sequence[int]) -> Ask:
        """The prompt that makes one idea of several; raises CommandError when one is gone."""
        ideas = [await self._repositories.ideas.get(number) for number in dict.fromkeys((idea_id, *others))]
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
        if kind is FeedbackKind.SAVE:
            await self._repositories.ideas.save(person, idea.id)
            return Notice(_("Saved. Your saved ideas are in your profile."))
        return Notice(
            _("Noted that you like it.") if kind is FeedbackKind.LIKE else _("Noted that it is not for you.")
        )

    async def _shuffle(self, author: Account, answer_id: int) -> Ask:
        ideas = await self._repositories.ideas.of_answer(answer_id)
        if not ideas:
            raise CommandError(_(_GONE))
        person = await self._repositories.people.find_or_create(author)
        for idea in ideas:
            await self._repositories.feedback.add(person, idea.id, FeedbackKind.SHUFFLE)
        brief = _others(ideas[0], ideas[0].topic, len(ideas), _titles(ideas))
        return Ask(_("Other ideas: {topic}", topic=ideas[0].topic), brief)


def _asked(invocation: Invocation) -> Ask:
    return Ask(render(command_named(invocation.command), invocation), invocation)


def _more_like(idea: StoredIdea, siblings: Sequence[StoredIdea]) -> Ask:
    subject = f"{idea.topic}, in the spirit of {idea.title or idea.body}"
    brief = _others(idea, subject, _MORE_COUNT, _titles(siblings))
    return Ask(_("More like: {idea}", idea=_name(idea)), brief)


def _others(idea: StoredIdea, subject: str, count: int, already: tuple[str, ...]) -> Brief:
    """The brief that gives others in the place of an idea; of copy, further versions."""
    if idea.task == Task.COPY:
        return Brief(Task.COPY, idea.topic, variants=count)
    return Brief(_list_task(idea), subject, count, already=already)


def _choice_to_combine(idea: StoredIdea, siblings: Sequence[StoredIdea]) -> Form:
    others = [(str(other.id), _name(other)) for other in siblings if other.id != idea.id]
    if not others:
        raise CommandError(_("There is no other idea here to combine it with."))
    return combine_form(str(idea.id), _name(idea), others)


def _list_task(idea: StoredIdea) -> Task:
    task = Task(idea.task) if idea.task in set(Task) else Task.BRAINSTORM
    return task if task in {Task.SLOGAN, Task.NAME, Task.RECOMMEND} else Task.BRAINSTORM


def _titles(ideas: Sequence[StoredIdea]) -> tuple[str, ...]:
    return tuple(idea.title or idea.body for idea in ideas)


def _name(idea: StoredIdea) -> str:
    return idea.title or idea.body[:80]
