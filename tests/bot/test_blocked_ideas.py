"""One idea that moderation blocks costs that idea: the others stay, and it is written anew, twice at most."""

from collections.abc import AsyncGenerator, Sequence

from bot.answering.delivery import Delivery
from bot.app import App
from bot.core.domain import Idea, Outcome
from genai.errors import GenerationError, GenerationFailed
from genai.request import GenerationRequest
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

CARD = Idea(1, "Stamp Card", "Give a stamp for each refill.")
BAD = Idea(2, "Zanzibarium", "Hang a zanzibarium above the till.")
SHELF = Idea(3, "Swap Shelf", "Put a shelf by the door for jars.")
TOUR = Idea(1, "Cup Tour", "Print a map of all shops that lend cups.")
RULES = {"blocklist": ["zanzibarium"]}
LIST = """1. **Stamp Card**: Give a stamp for each refill.
2. **Zanzibarium**: Hang a zanzibarium above the till.
3. **Swap Shelf**: Put a shelf by the door for jars.
"""
ANEW = "1. **Cup Tour**: Print a map of all shops that lend cups.\n"


async def ideas(*given: Idea | GenerationError) -> AsyncGenerator[Idea]:
    for one in given:
        if isinstance(one, GenerationError):
            raise one
        yield one


async def ready(
    make_app: MakeApp, generator: ScriptedGenerator | None = None
) -> tuple[App, RecordingChannel]:
    app = await make_app(
        generator or ScriptedGenerator("x"),
        moderation=RULES,
        reranking={"candidates": 1},
    )
    return app, RecordingChannel()


async def streamed(
    make_app: MakeApp, given: tuple[Idea, ...], anew: tuple[Idea | GenerationError, ...] | None
) -> tuple[Delivery, RecordingChannel, bool, list[int]]:
    app, channel = await ready(make_app)
    await channel.begin(private=False)
    delivery, asked = Delivery(channel, app.moderator), list[int]()

    class Rewriter:
        def ideas_anew(self, count: int, kept: Sequence[Idea], category: str) -> AsyncGenerator[Idea]:
            assert category == "blocklist"
            asked.append(count)
            return ideas(*(anew or ()))

        def text_anew(self, kept: str, category: str) -> AsyncGenerator[str]:
            raise AssertionError("a list is no text")

    passed = await delivery.stream(
        ideas(*given), allowed_personal=frozenset(), rewriter=Rewriter() if anew is not None else None
    )
    return delivery, channel, passed, asked


async def test_the_others_stay_and_another_is_written_once(make_app: MakeApp) -> None:
    delivery, channel, passed, asked = await streamed(make_app, (CARD, BAD, SHELF), (TOUR,))
    assert passed
    assert [(idea.position, idea.title) for idea in delivery.ideas] == [
        (1, "Stamp Card"),
        (2, "Swap Shelf"),
        (3, "Cup Tour"),
    ]
    assert (channel.withdrawals, asked, delivery.missing) == (0, [1], 0)
    assert all("anzibarium" not in shown for shown in channel.ever_shown)
    assert [line[:3] for line in channel.visible.splitlines()] == ["1. ", "2. ", "3. "]


async def test_what_is_blocked_again_is_missing_and_said_to_be(make_app: MakeApp) -> None:
    delivery, _channel, passed, asked = await streamed(make_app, (CARD, BAD, SHELF), (BAD,))
    assert passed
    assert [idea.title for idea in delivery.ideas] == ["Stamp Card", "Swap Shelf"]
    assert asked == [1, 1]
    assert delivery.missing == 1
    assert len(delivery.blocked) == 3


async def test_the_person_is_told_of_what_is_missing(make_app: MakeApp) -> None:
    app, channel = await ready(make_app, ScriptedGenerator(LIST))
    reply = await app.pipeline.handle(incoming("/brainstorm 3 refill shops"), channel)
    assert [idea.title for idea in reply.ideas] == ["Stamp Card", "Swap Shelf"]
    assert [notice.text for notice in channel.notices] == [
        "I left 1 idea out: it did not pass the content check."
    ]


async def test_trouble_with_the_other_idea_keeps_what_was_shown(make_app: MakeApp) -> None:
    delivery, _channel, passed, _asked = await streamed(
        make_app, (CARD, BAD, BAD), (TOUR, GenerationFailed())
    )
    assert passed
    assert [idea.title for idea in delivery.ideas] == ["Stamp Card", "Cup Tour"]
    assert delivery.missing == 1


async def test_personal_data_in_one_idea_is_redacted_there(make_app: MakeApp) -> None:
    private = Idea(2, "Call Us", "Write to jane.roe@acme-tools.com today.")
    delivery, channel, passed, asked = await streamed(make_app, (CARD, private, SHELF), (TOUR,))
    assert passed
    assert delivery.ideas[1].body == "Write to <EMAIL> today."
    assert "jane.roe" not in channel.visible
    assert asked == []


async def test_where_all_are_blocked_nothing_is_shown(make_app: MakeApp) -> None:
    delivery, channel, passed, _asked = await streamed(make_app, (BAD,), None)
    assert not passed
    assert channel.ever_shown == []
    assert [part.verdict.category for part in delivery.blocked] == ["blocklist"]


async def test_a_brainstorm_asks_the_model_for_another(make_app: MakeApp) -> None:
    def answer(request: GenerationRequest) -> str:
        return ANEW if "not allowed here" in str(request.turns) else LIST

    app, channel = await ready(make_app, ScriptedGenerator(answer))
    reply = await app.pipeline.handle(incoming("/brainstorm 3 refill shops"), channel)
    assert reply.outcome is Outcome.ANSWERED
    assert sorted(idea.title for idea in reply.ideas) == ["Cup Tour", "Stamp Card", "Swap Shelf"]
    assert [idea.position for idea in reply.ideas] == [1, 2, 3]
    assert reply.text == channel.visible.strip()
    assert channel.notices == []
    entries = [one.decision for one in await app.repositories.audit.recent(10)]
    assert sorted((one.direction, one.action) for one in entries if one.direction == "reply") == [
        ("reply", "allow"),
        ("reply", "block"),
    ]


async def test_a_withheld_list_says_what_withheld_it(make_app: MakeApp) -> None:
    only = "1. **Zanzibarium**: Hang a zanzibarium above the till.\n"
    app, channel = await ready(make_app, ScriptedGenerator(only))
    reply = await app.pipeline.handle(incoming("/brainstorm 1 refill shops"), channel)
    assert reply.outcome is Outcome.WITHHELD
    assert reply.verdict is not None
    assert reply.verdict.category == "blocklist"
    assert channel.ever_shown == []
    assert "content check" in channel.notices[-1].text
