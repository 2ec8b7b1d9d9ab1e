"""How an answer ended is told: whole, cut, filtered, broken off or never begun; a cut one can be gone on with."""

from collections.abc import AsyncGenerator

import pytest

from bot.core import notices
from bot.core.buttons import Action, ActionKind
from bot.core.domain import Brief, Outcome, Task
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.interactions.actions import Actions
from bot.interactions.resolver import Ask
from genai.errors import ThoughtsShown
from genai.request import Delta, FinishReason, GenerationRequest
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.ending_generator import EndingGenerator
from tests.support.messages import incoming

CUT: tuple[tuple[FinishReason, str, Notice], ...] = (
    ("length", "The bells hang in the mid", notices.CUT_AT_LENGTH),
    ("deadline", "The bells hang in the mid", notices.CUT_SHORT),
    ("error", "The bells hang in the mid", notices.BROKE_OFF),
    ("content_filter", "The bells hang in the mid", notices.FILTERED),
    ("unknown", "The bells hang in the mid", notices.MAYBE_CUT),
)


@pytest.mark.parametrize(("finish", "text", "told"), CUT)
async def test_a_cut_answer_stands_says_so_once_and_offers_the_rest(
    make_app: MakeApp, finish: FinishReason, text: str, told: Notice
) -> None:
    app, channel = await make_app(EndingGenerator(text, finish)), RecordingChannel()
    reply = await app.pipeline.handle(incoming("tell me of bells", direct=False), channel)
    assert (reply.outcome, reply.text, channel.visible.strip()) == (Outcome.ANSWERED, text, text)
    assert channel.notices == []
    (panel,) = channel.panels
    assert panel.heading == told
    (button,) = panel.buttons
    assert (button.label, button.action) == ("Go on", Action(ActionKind.GO_ON, str(reply.message_id)))


@pytest.mark.parametrize(
    ("finish", "text"), [("stop", "The bells hang"), ("unknown", "The bells hang in the middle.")]
)
async def test_a_whole_answer_says_nothing_of_its_end(
    make_app: MakeApp, finish: FinishReason, text: str
) -> None:
    app, channel = await make_app(EndingGenerator(text, finish)), RecordingChannel()
    reply = await app.pipeline.handle(incoming("tell me of bells"), channel)
    assert (reply.text, channel.notices, channel.panels) == (text, [], [])


@pytest.mark.parametrize(
    ("finish", "thoughts", "told"),
    [
        ("content_filter", 0, notices.FILTERED_ALL),
        ("deadline", 9, notices.TIMED_OUT),
        ("length", 4096, notices.ONLY_THOUGHT),
        ("stop", 0, notices.NOTHING),
    ],
)
async def test_why_there_is_no_answer_is_told(
    make_app: MakeApp, finish: FinishReason, thoughts: int, told: Notice
) -> None:
    app, channel = await make_app(EndingGenerator("", finish, thoughts)), RecordingChannel()
    reply = await app.pipeline.handle(incoming("tell me of bells"), channel)
    assert (reply.outcome, channel.notices, channel.panels) == (Outcome.FAILED, [told], [])


async def test_going_on_tells_the_model_where_it_stopped(make_app: MakeApp) -> None:
    generator = EndingGenerator("The bells hang in the mid", "length")
    app = await make_app(generator)
    place = incoming("", direct=False).place
    reply = await app.pipeline.handle(incoming("tell me of bells", direct=False), RecordingChannel())
    action = Action(ActionKind.GO_ON, str(reply.message_id))
    asked = await Actions(app.repositories).perform(action, incoming("").author, place)
    assert isinstance(asked, Ask)
    assert asked.text == "Go on"
    assert isinstance(asked.request, Brief)
    assert asked.request.task is Task.CHAT
    assert asked.request.subject.endswith("The bells hang in the mid")
    elsewhere = incoming("", user="u9")
    with pytest.raises(CommandError):
        await Actions(app.repositories).perform(action, elsewhere.author, elsewhere.place)


@pytest.mark.parametrize(("count", "told"), [(3, [notices.CUT_AT_LENGTH]), (2, [])])
async def test_a_list_that_was_cut_says_so_where_ideas_are_missing(
    make_app: MakeApp, count: int, told: list[Notice]
) -> None:
    ideas = "1. **Bell**: It rings at noon.\n2. **Rope**: It holds the boat.\n3. **Cro"
    app, channel = await make_app(EndingGenerator(ideas, "length")), RecordingChannel()
    reply = await app.pipeline.handle(incoming(f"/brainstorm {count} harbours"), channel)
    assert [idea.title for idea in reply.ideas] == ["Bell", "Rope"]
    assert (channel.notices, channel.panels) == (told, [])


async def test_a_form_whose_end_has_no_reason_is_whole(make_app: MakeApp) -> None:
    ad = "Headline: Sit Anywhere\nBody: It folds flat.\nCall to action: Try one today"
    app, channel = await make_app(EndingGenerator(ad, "unknown")), RecordingChannel()
    reply = await app.pipeline.handle(incoming("/ad a folding stool"), channel)
    assert "Try one today" in reply.text


class MistakenGenerator(ScriptedGenerator):
    """Gives thoughts for an answer, and knows better when it is asked again."""

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[Delta]:
        self.requests.append(request)
        if len(self.requests) == 1:
            yield Delta(0, "They want bells. I could say that they ring. ")
            raise ThoughtsShown
        yield Delta(0, "Bells ring.", tokens=3)
        yield Delta(0, "", "stop")


async def test_thoughts_that_were_shown_are_taken_back_and_the_answer_comes(make_app: MakeApp) -> None:
    app, channel = await make_app(MistakenGenerator()), RecordingChannel()
    reply = await app.pipeline.handle(incoming("tell me of bells"), channel)
    assert (reply.outcome, reply.text, channel.visible.strip()) == (
        Outcome.ANSWERED,
        "Bells ring.",
        "Bells ring.",
    )
    assert channel.notices == []
