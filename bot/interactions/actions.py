"""What pressing a button comes to. Adapters draw `bot.core.buttons`, and hand a pressed one to `Actions.perform`."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from bot.core.buttons import Action, ActionKind
from bot.core.commands.command_lines import render
from bot.core.commands.declaration import command_named
from bot.core.domain import Account, Brief, Invocation, Place, Task, Values
from bot.core.errors import CommandError
from bot.core.forms import NOTHING, Form, combine_form, favourites_form
from bot.core.notices import Notice
from bot.generation.applications.gallery import NAMES
from bot.interactions.follow_up_briefs import more_like, others, titles_of
from bot.interactions.idea_opinions import OPINIONS, IdeaOpinions, Noted
from bot.interactions.reach import Reach
from bot.interactions.resolver import Ask
from bot.language import N_, _
from bot.personalization.erasure import answered as answer_to_question
from bot.personalization.preference_prompts import answered
from bot.session import session_presses
from bot.session.session_presses import Pressed, PressOutcome, SessionPresses
from bot.session.voting import number_of, vote_for
from storage.repositories import Repositories
from storage.values.records import FeedbackKind, StoredIdea

Outcome: TypeAlias = PressOutcome | Ask
"""What a press comes to."""
_GONE = N_("Those ideas were erased meanwhile; ask for new ones.")
_ANSWER_GONE = N_("That answer was erased meanwhile; please ask again.")
_GO_ON = "Go on exactly where your answer stopped, and repeat nothing of it. This is how it ended:"
_END_CHARACTERS = 600
_TALK = (
    "We begin to talk about this idea. Say in two or three short sentences what is strong in it and what has to be"
    " found out first, and end with one question to us."
)
_TOPIC = 300
"""Characters of what was asked that become the topic of ideas."""
_MORE_COUNT = 3
_MOST_DIGITS = 18


class Actions:
    """What pressing a button comes to; STOP and SHARE are the adapter's own business."""

    def __init__(self, repositories: Repositories, sessions: SessionPresses | None = None) -> None:
        self._repositories = repositories
        self._opinions = IdeaOpinions(repositories)
        self._of_answer: dict[ActionKind, Callable[[Reach, int], Awaitable[Ask | Form]]] = {
            ActionKind.SHUFFLE: self._shuffle,
            ActionKind.FURTHER: self._further,
            ActionKind.FAVOURITES: self._favourites,
            ActionKind.TO_IDEAS: self._to_ideas,
            ActionKind.GO_ON: _gone_on,
        }
        self._sessions = sessions

    async def perform(
        self,
        action: Action,
        author: Account,
        place: Place,
        name: str = "",
        *,
        values: tuple[str, ...] = (),
        by_admin: bool = False,
    ) -> Outcome:
        """A notice for the person, a form to open, or a prompt to answer. Raises CommandError, StorageError.

        `place` is where the button was pressed: only what was shown there, or to the author alone, can be acted on.
        `name` is what the platform calls the author where all can read it; `values` were chosen in a menu.
        """
        if self._sessions is not None and action.kind in session_presses.KINDS:
            return await self._sessions.perform(Pressed(action, author, place, name, values, by_admin))
        if (meant := _command_meant(action)) is not None:
            return _asked(meant)
        target, reach = number_in(action.target), Reach(self._repositories, author, place)
        if (of_answer := self._of_answer.get(action.kind)) is not None:
            return await of_answer(reach, target)
        match action.kind:
            case kind if kind in OPINIONS:
                return (await self.note(kind, [action.target], author, place)).notice
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
            case ActionKind.ERASE | ActionKind.EXPORT | ActionKind.KEEP:
                person_id = await self._repositories.people.find(author)
                answer = answer_to_question(action.kind, target, person_id)
                return answer if isinstance(answer, Notice) else _asked(answer)
        return await self._with_idea(action.kind, await _idea(reach, target))

    async def note(
        self,
        kind: ActionKind,
        targets: Sequence[str],
        author: Account,
        place: Place,
        *,
        decided: Callable[[bool], Awaitable[bool]] | None = None,
    ) -> Noted:
        """Notes what the author thinks of ideas, or takes it back.

        `decided` is told which of the two, before anything changes, and may know better: an attempt before this one
        may have changed it already.
        """
        reach = Reach(self._repositories, author, place)
        ideas = await self._opinions.ideas(reach, kind, [number_in(target) for target in targets])
        wanted = await self._opinions.is_wanted(reach, kind, ideas)
        if decided is not None:
            wanted = await decided(wanted)
        return await self._opinions.note(reach, kind, ideas, wanted=wanted)

    async def choose(
        self, answer_id: str, filled: Values, author: Account, place: Place
    ) -> tuple[str, Ask | None]:
        """What came of the form of favourites: the line under the set, and what else is asked for."""
        reach, number = Reach(self._repositories, author, place), number_in(answer_id)
        given = filled.get("ideas", ())
        picked = {number_in(str(each)) for each in (given if isinstance(given, tuple) else (given,)) if each}
        chosen = await self._opinions.choose(reach, number, picked)
        then = filled.get("then") if chosen else NOTHING
        ask = None
        if then == "save":
            await self._opinions.note(reach, ActionKind.SAVE, chosen, wanted=True)
        elif then == "combine":
            ask = await self.combine([str(idea.id) for idea in chosen], author, place)
        elif then == "more":
            ask = _more_like(chosen, await self._repositories.ideas.of_answer(number))
        return await self._opinions.line(number), ask

    async def choices(self, answer_id: str, author: Account, place: Place) -> tuple[StoredIdea, ...]:
        """The ideas of an answer that was shown in the place; raises CommandError where there are none."""
        ideas = await Reach(self._repositories, author, place).ideas_of(number_in(answer_id))
        if not ideas:
            raise CommandError(_(_GONE))
        return ideas

    async def _with_idea(self, kind: ActionKind, idea: StoredIdea) -> Notice | Ask | Form:
        siblings = await self._repositories.ideas.of_answer(idea.message_id)
        match kind:
            case ActionKind.MORE:
                return _more_like([idea], siblings)
            case ActionKind.COMBINE:
                return _choice_to_combine(idea, siblings)
            case ActionKind.THREAD:
                return _talk_about(idea)
        raise CommandError(_("I don't know that button any more."))

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

    async def _further(self, reach: Reach, answer_id: int) -> Ask:
        """As shuffling, and no word against those that stand there."""
        ideas = await reach.ideas_of(answer_id)
        if not ideas:
            raise CommandError(_(_GONE))
        brief = others(ideas[0], ideas[0].topic, len(ideas), titles_of(ideas))
        return Ask(_("More ideas: {topic}", topic=ideas[0].topic), brief)

    async def _favourites(self, reach: Reach, answer_id: int) -> Form:
        ideas, liked = await self._opinions.liked(reach, answer_id)
        names = [(str(idea.id), f"{idea.position}. {_name(idea)}") for idea in ideas]
        return favourites_form(str(answer_id), names, [str(idea.id) for idea in ideas if idea.id in liked])

    async def _to_ideas(self, reach: Reach, answer_id: int) -> Ask:
        """A list about what was asked; the answer itself is in the thread's history."""
        answer = await reach.answer(answer_id)
        message = await self._repositories.conversations.message(answer_id)
        if answer is None or message is None:
            raise CommandError(_(_ANSWER_GONE))
        asked = await self._repositories.conversations.message(message.in_reply_to_id or 0)
        words = " ".join((asked.content if asked and asked.content.strip() else answer).split())
        topic = words if len(words) <= _TOPIC else f"{words[:_TOPIC].rsplit(' ', 1)[0]} …"
        return Ask(_("Ideas: {topic}", topic=topic), Brief(Task.BRAINSTORM, topic))

    async def _shuffle(self, reach: Reach, answer_id: int) -> Ask:
        ideas = await reach.ideas_of(answer_id)
        if not ideas:
            raise CommandError(_(_GONE))
        person = await self._repositories.people.find_or_create(reach.author)
        for idea in ideas:
            await self._repositories.feedback.add(person, idea.id, FeedbackKind.SHUFFLE)
        brief = others(ideas[0], ideas[0].topic, len(ideas), titles_of(ideas))
        return Ask(_("Other ideas: {topic}", topic=ideas[0].topic), brief)


def _command_meant(action: Action) -> Invocation | None:
    """The command that a button stands for; None for what it does by itself."""
    match action.kind:
        case ActionKind.OPEN:  # of a command without a form: an adapter opens the others' (`opened_by`)
            return Invocation(command_named(action.target).name)
        case ActionKind.HELP:
            return Invocation("help", "", {"command": "all"})
        case ActionKind.CONFIRM_LINK:
            return Invocation("link", "confirm", {"number": number_in(action.target)})
        case ActionKind.REFUSE_LINK:
            return Invocation("link", "refuse", {"number": number_in(action.target)})
        case ActionKind.CALL_OFF:
            return Invocation("session", "cancel", {"number": number_in(action.target)})
        case ActionKind.TAKE:
            return Invocation("template", "take", {"name": _ready_name(number_in(action.target))})
    return None


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


def _more_like(ideas: Sequence[StoredIdea], siblings: Sequence[StoredIdea]) -> Ask:
    named = " + ".join(map(_name, ideas))
    return Ask(_("More like: {idea}", idea=named), more_like(ideas, siblings, _MORE_COUNT))


def _talk_about(idea: StoredIdea) -> Ask:
    """What opens a conversation about one idea, which stands in it whole: Riff reads there what was said there."""
    whole = f"{idea.title}: {idea.body}".strip(": ")
    return Ask(_("Let's talk about this idea: {idea}", idea=whole), Brief(Task.CHAT, f"{_TALK}\n\n{whole}"))


def _choice_to_combine(idea: StoredIdea, siblings: Sequence[StoredIdea]) -> Form:
    others = [(str(other.id), _name(other)) for other in siblings if other.id != idea.id]
    if not others:
        raise CommandError(_("There is no other idea here to combine it with."))
    return combine_form(str(idea.id), _name(idea), others)


def _name(idea: StoredIdea) -> str:
    return idea.title or idea.body[:80]
