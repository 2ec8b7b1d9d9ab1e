"""What others liked in a channel is used and named for those alone who are in it now; who cannot be asked is not."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.app import App
from bot.core.domain import Account, Place
from bot.places import membership as module
from bot.places.membership import Memberships
from storage.values.personal import HeldOpinion
from storage.values.records import FeedbackKind
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

ME = Account("test", "w1", "u1")
HERE, SECRET = Place("test", "w1", "dm-u1", direct=True), Place("test", "w1", "secret")
FIRST = (
    "1. **Street Party**: Cook together in the street with neighbours.\n"
    "2. **Stamp Card**: Stamp a card at the till.\n"
)
LATER = "1. **Harbour Lunch**: Eat at the harbour on a boat with music.\n"
LAST = (
    "1. **Boat Dinner**: Dinner on a boat at the harbour with music.\n"
    "2. **Chess Night**: Play chess at the bar.\n"
)


def opinion(channel: Place = SECRET, number: int = 1) -> HeldOpinion:
    place = (channel.platform, channel.workspace, channel.channel)
    idea = ("idea", number)
    return HeldOpinion(idea, 2, "like", "A", "b", "c", 2, *place, False, datetime.now(UTC))


class Says:
    """A platform that says so, or fails; counts how often it is asked."""

    def __init__(self, *answers: bool | Exception) -> None:
        self.asked: list[tuple[Account, Place]] = []
        self._answers = list(answers)

    async def __call__(self, account: Account, channel: Place) -> bool:
        self.asked.append((account, channel))
        answer = self._answers[0] if len(self._answers) == 1 else self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_a_member_is_asked_for_once_in_some_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    memberships, says = Memberships(), Says(True, False)
    memberships.register("test", says)
    for _time in range(3):
        assert len(await memberships.readable(ME, HERE, [opinion()])) == 1
    assert says.asked == [(ME, SECRET)]
    later = time.monotonic() + 301
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert await memberships.readable(ME, HERE, [opinion()]) == []
    assert len(says.asked) == 2


async def test_whoever_cannot_be_asked_for_is_not_in_and_is_asked_for_again() -> None:
    memberships, says = Memberships(), Says(OSError("away"), True)
    assert await memberships.readable(ME, HERE, [opinion()]) == []
    memberships.register("test", says)
    assert await memberships.readable(ME, HERE, [opinion()]) == []
    assert len(await memberships.readable(ME, HERE, [opinion()])) == 1
    assert await memberships.readable(Account("other", "", "9"), HERE, [opinion()]) == []


async def test_a_platform_that_does_not_answer_does_not_hold_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.05)

    async def hang(_account: Account, _channel: Place) -> bool:
        await asyncio.sleep(60)
        return True

    memberships = Memberships()
    memberships.register("test", hang)
    many = [opinion(replace(SECRET, channel=f"c{number}")) for number in range(40)]
    async with asyncio.timeout(5):
        assert await memberships.readable(ME, HERE, many) == []


async def test_the_channel_that_one_asks_in_needs_no_question_and_others_are_few() -> None:
    memberships, says = Memberships(), Says(True)
    memberships.register("test", says)
    own = [opinion(HERE, number) for number in range(3)]
    assert len(await memberships.readable(ME, HERE, own)) == 3
    assert says.asked == []
    many = [opinion(replace(SECRET, channel=f"c{number}")) for number in range(40)]
    assert len(await memberships.readable(ME, HERE, many)) == len(says.asked) == 8


async def recommended(app: App) -> tuple[str, str]:
    """What u1 is told in their direct messages, after two others liked an idea in the secret channel."""
    people, feedback = app.repositories.people, app.repositories.feedback
    asked = [
        replace(incoming(text, user=user, direct=False), place=replace(SECRET, thread="t"))
        for text, user in (("/brainstorm 2 tea", "u1"), ("/brainstorm 1 fun", "u2"))
    ]
    replies = [await app.pipeline.handle(each, RecordingChannel()) for each in asked]
    party = next(idea.id for idea in replies[0].ideas if idea.title == "Street Party")
    lunch = replies[1].ideas[0].id
    assert party is not None
    assert lunch is not None
    for user in ("u1", "u2", "u3"):
        person = await people.find_or_create(Account("test", "w1", user))
        await feedback.add(person, party, FeedbackKind.LIKE)
        if user != "u1":
            await feedback.add(person, lunch, FeedbackKind.SAVE)
    reply = await app.pipeline.handle(incoming("/recommend 2 outings"), RecordingChannel())
    return reply.text, " ".join(idea.because for idea in reply.ideas)


@pytest.mark.parametrize("is_in", [True, False])
async def test_who_left_a_channel_hears_nothing_more_of_what_is_liked_there(
    make_app: MakeApp, is_in: bool
) -> None:
    generator = ScriptedGenerator(FIRST, LATER, LAST)
    app = await make_app(generator)
    app.memberships.register("test", Says(is_in))
    _text, because = await recommended(app)
    instruction = generator.requests[-1].turns[0].content
    assert ("Harbour Lunch" in instruction) is is_in
    assert ("Harbour Lunch" in because) is is_in


@pytest.mark.parametrize("is_in", [True, False])
async def test_nor_does_their_taste_come_of_it(make_app: MakeApp, is_in: bool) -> None:
    app = await make_app(ScriptedGenerator(FIRST, LAST))
    app.memberships.register("test", Says(is_in))
    asked = replace(incoming("/brainstorm 2 tea", user="u2"), place=replace(SECRET, thread="t"))
    listed = await app.pipeline.handle(asked, RecordingChannel())
    for user in ("u2", "u3", "u4", "u5"):
        person = await app.repositories.people.find_or_create(Account("test", "w1", user))
        for idea in listed.ideas:
            assert idea.id is not None
            await app.repositories.feedback.add(person, idea.id, FeedbackKind.LIKE)
    reply = await app.pipeline.handle(incoming("/brainstorm 2 coffee"), RecordingChannel())
    assert any(idea.why is not None and idea.why.taste is not None for idea in reply.ideas) is is_in
