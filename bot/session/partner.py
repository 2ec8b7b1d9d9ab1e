"""Riff's own part while ideas are collected: gaps that nobody has covered, and people's ideas built on.

Knows of the channel's voice, never of a person's profile. Shows nothing.
"""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import compress

from bot.config import Settings
from bot.core.domain import Brief, Idea, Preferences, Profile, Task
from bot.core.ideas import comparable
from bot.generation.reranking import Choosing
from bot.generation.text_generation import ReplyLanguage, TextGenerator
from bot.personalization.profile import personalise, voice_in
from bot.session.capture import BoardLikeness
from bot.session.checked_text import Speech, neatly, quotes_truly
from bot.session.combining import built_idea, subject_of
from bot.session.techniques import Step, technique
from genai.request import Generator
from storage.repositories import Repositories
from storage.values.brainstorms import CardOnBoard, NewBoardIdea, Placed, StoredBrainstorm

_IDEAS_A_TURN = 2
_TRIES = 3
_AUDIENCES = (
    "children",
    "people in a hurry",
    "people with little money",
    "older people",
    "newcomers",
    "experts",
)
"""Whom ideas may be for, where a technique has no prompts of its own."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What nobody has covered: a prompt of the technique, or an audience."""

    step: Step | None = None
    audience: str = ""


class Partner:
    """Writes ideas for a board, by way of quality control and moderation, and puts them there."""

    def __init__(self, settings: Settings, repositories: Repositories, generator: Generator) -> None:
        self._settings = settings
        self._reply_language = ReplyLanguage(settings.generator)
        self._repositories = repositories
        self._texts = TextGenerator(generator, settings.generator)
        self._likeness = BoardLikeness(settings.reranking)

    async def take_turn(
        self, brainstorm: StoredBrainstorm, turn: int, speech: Speech, event_id: str
    ) -> Sequence[Placed]:
        """Every other turn builds on an idea of somebody's that nobody has built on; the others fill a gap.

        Raises GenerationError and what moderation raises.
        """
        cards = await self._repositories.boards.cards(brainstorm.id)
        built_on = {origin for card in cards for origin in card.origins}
        open_ones = [card for card in cards if card.authors[0] is not None and card.id not in built_on]
        if turn % 2 == 1 and open_ones:
            return await self.build(brainstorm, open_ones[-1:], speech, event_id)
        return await self._fill(brainstorm, cards, turn, speech, event_id)

    async def build(
        self, brainstorm: StoredBrainstorm, origins: Sequence[CardOnBoard], speech: Speech, event_id: str
    ) -> Sequence[Placed]:
        """One idea made of `origins`: a better one of one, a new one of several; none where nothing good comes."""
        subject = subject_of(origins)
        task = Task.COMBINE if len(origins) > 1 else Task.IMPROVE
        for attempt in range(_TRIES):
            text = neatly(await self.written(brainstorm, Brief(task, subject), attempt=attempt))
            idea = built_idea(text)
            if (idea.title or idea.body) and quotes_truly(text, subject):
                return await self._put(
                    brainstorm, [idea], speech, event_id, tuple(card.id for card in origins)
                )
        return ()

    async def _fill(
        self,
        brainstorm: StoredBrainstorm,
        cards: Sequence[CardOnBoard],
        turn: int,
        speech: Speech,
        event_id: str,
    ) -> Sequence[Placed]:
        way, topic = technique(brainstorm.plan.technique), brainstorm.plan.topic
        gap = await self._gap(brainstorm, cards, turn)
        angle = way.angle(way.steps.index(gap.step)) if gap.step else way.angle(brainstorm.step)
        seen = tuple(comparable(Idea(0, card.title, card.body), topic) for card in cards)
        brief = Brief(
            Task.BRAINSTORM,
            topic,
            _IDEAS_A_TURN,
            technique=angle,
            preferences=Preferences(audience=gap.audience),
            already=tuple(card.title for card in cards[-20:]),
        )
        choosing = Choosing(self._settings.reranking, seen)
        text = self._texts.begin(_person(brainstorm), choosing=choosing)
        async with aclosing(text.ideas(await self._in_voice(brainstorm, brief))) as ideas:
            return await self._put(brainstorm, [idea async for idea in ideas], speech, event_id, ())

    async def _gap(self, brainstorm: StoredBrainstorm, cards: Sequence[CardOnBoard], turn: int) -> Gap:
        """The prompt given so far, or the audience, that the board's ideas are furthest from.

        Turns take the next one each, so that none comes again before the others.
        """
        steps = technique(brainstorm.plan.technique).steps
        reached = steps[: brainstorm.step + 1] if len(steps) > 1 else ()
        gaps = [Gap(step=step) for step in reached] or [Gap(audience=whom) for whom in _AUDIENCES]
        named = [f"{gap.step.title} {gap.step.prompt}" if gap.step else gap.audience for gap in gaps]
        board = [(card.id, card.title, card.body) for card in cards]
        near = await self._likeness.nearest(brainstorm.plan.topic, board, named)
        ranked = sorted(range(len(gaps)), key=lambda at: near[at])
        return gaps[ranked[(turn // 2) % len(gaps)]]

    async def written(self, brainstorm: StoredBrainstorm, brief: Brief, *, attempt: int = 0) -> str:
        """What the model writes, in the channel's voice; not moderated yet. Another `attempt` is another text."""
        wished = await self._in_voice(brainstorm, brief)
        return await self._texts.text(wished, _person(brainstorm), attempt=attempt)

    async def _in_voice(self, brainstorm: StoredBrainstorm, brief: Brief) -> Brief:
        voice = await voice_in(self._repositories.channels, brainstorm.place)
        return self._reply_language.fit(personalise(brief, Profile(), voice, is_private=False))

    async def _put(
        self,
        brainstorm: StoredBrainstorm,
        ideas: Sequence[Idea],
        speech: Speech,
        event_id: str,
        origins: tuple[int, ...],
    ) -> Sequence[Placed]:
        """Those that pass moderation and that the board has not yet."""
        wanted = [idea for idea in ideas if idea.title or idea.body]
        passed = await speech.written([f"{idea.title}\n{idea.body}" for idea in wanted])
        texts = [one.text.partition("\n") for one in passed if one]
        fresh = [Idea(0, title.strip(), body.strip()) for title, _line, body in texts]
        if not origins:
            board = await self._repositories.boards.texts(brainstorm.id)
            named = [comparable(idea, brainstorm.plan.topic) for idea in fresh]
            are_new = await self._likeness.are_new(brainstorm.plan.topic, board, named)
            fresh = list(compress(fresh, are_new))
        new = [
            NewBoardIdea(
                idea.title or idea.body,
                idea.body if idea.title else "",
                None,
                f"{event_id}#{number}",
                origins,
            )
            for number, idea in enumerate(fresh, start=1)
        ]
        return await self._repositories.boards.add_all(brainstorm.id, new) if new else ()


def _person(brainstorm: StoredBrainstorm) -> str:
    """Whose turn at the model it is."""
    return f"session-{brainstorm.id}"
