"""Buttons and forms: values that survive a restart, and what pressing and filling them comes to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import App
from bot.config.settings import LimitSettings
from bot.core.buttons import Action, ActionKind, idea_buttons, set_buttons
from bot.core.domain import Account, Profile, Reply, Task
from bot.core.errors import CommandError
from bot.core.forms import FieldKind, Form, brainstorm_form, profile_form
from bot.core.notices import Notice
from bot.interactions.actions import Actions, Ask
from bot.interactions.form_answers import FormAnswers
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

IDEAS = "1. **Stamp Card**: Give a stamp for each refill.\n2. **Shelf Swap**: Swap jars by the door.\n"
AUTHOR = Account("test", "w1", "u2")
PLACE = incoming("").place


async def with_ideas(make_app: MakeApp, generator: ScriptedGenerator | None = None) -> tuple[App, Reply]:
    app = await make_app(generator or ScriptedGenerator(IDEAS))
    reply = await app.pipeline.handle(incoming("/brainstorm 2 tea shops"), RecordingChannel())
    return app, reply


@given(st.sampled_from(ActionKind), st.text(min_size=1, max_size=60))
def test_a_buttons_value_names_its_action(kind: ActionKind, target: str) -> None:
    action = Action(kind, target)
    assert Action.parse(action.value) == action


@given(st.text(max_size=40))
def test_other_values_are_not_actions(value: str) -> None:
    parsed = Action.parse(value)
    assert parsed is None or parsed.value == value


async def test_every_idea_has_its_buttons(make_app: MakeApp) -> None:
    _, reply = await with_ideas(make_app)
    labels = [button.label for button in idea_buttons(reply.ideas[0])]
    assert labels == ["👍", "👎", "More like this", "Save", "Combine"]
    assert [button.label for button in set_buttons(reply)] == ["Shuffle"]
    assert idea_buttons(replace(reply.ideas[0], id=None)) == ()


async def test_feedback_is_stored_with_the_idea_and_the_person(make_app: MakeApp) -> None:
    app, reply = await with_ideas(make_app)
    target = str(reply.ideas[1].id)
    for kind in (ActionKind.LIKE, ActionKind.SAVE):
        assert isinstance(await Actions(app.repositories).perform(Action(kind, target), AUTHOR), Notice)
    person = await app.repositories.people.find(AUTHOR)
    assert person is not None
    kept = [
        (row["idea_id"], row["kind"]) for row in (await app.repositories.privacy.export(person))["feedback"]
    ]
    assert kept == [(reply.ideas[1].id, "like"), (reply.ideas[1].id, "save")]


async def test_more_and_shuffle_ask_for_others(make_app: MakeApp) -> None:
    app, reply = await with_ideas(make_app)
    more = await Actions(app.repositories).perform(Action(ActionKind.MORE, str(reply.ideas[0].id)), AUTHOR)
    shuffled = await Actions(app.repositories).perform(
        Action(ActionKind.SHUFFLE, str(reply.message_id)), AUTHOR
    )
    assert isinstance(more, Ask)
    assert isinstance(shuffled, Ask)
    assert more.brief is not None
    assert shuffled.brief is not None
    assert (more.text, more.brief.already) == ("More like: Stamp Card", ("Stamp Card", "Shelf Swap"))
    assert (shuffled.brief.subject, shuffled.brief.count) == ("tea shops", 2)


async def test_what_a_button_asks_for_reaches_the_model(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(IDEAS, "1. **Tea Post**: Send samples by post.\n2. **Leaf Club**: Meet.\n")
    app, reply = await with_ideas(make_app, generator)
    ask = await Actions(app.repositories).perform(Action(ActionKind.SHUFFLE, str(reply.message_id)), AUTHOR)
    assert isinstance(ask, Ask)
    pressed = replace(incoming(ask.text), brief=ask.brief)
    again = await app.pipeline.handle(pressed, RecordingChannel())
    assert {idea.title for idea in again.ideas} == {"Tea Post", "Leaf Club"}
    assert (
        f"Do not repeat: {'; '.join(idea.title for idea in reply.ideas)}"
        in generator.requests[1].turns[0].content
    )


async def test_combine_asks_which_and_combines(make_app: MakeApp) -> None:
    app, reply = await with_ideas(make_app)
    form = await Actions(app.repositories).perform(Action(ActionKind.COMBINE, str(reply.ideas[0].id)), AUTHOR)
    assert isinstance(form, Form)
    (field,) = form.fields
    assert field.choices == ((str(reply.ideas[1].id), "Shelf Swap"),)
    answers = FormAnswers(app.repositories, app.moderator)
    ask = await answers.submit("combine", form.target, {"others": (field.choices[0][0],)}, AUTHOR, PLACE)
    assert isinstance(ask, Ask)
    assert ask.brief is not None
    assert (ask.brief.task, ask.text) == (Task.COMBINE, "Combine: Stamp Card + Shelf Swap")


@pytest.mark.parametrize("value", ["999999", "nonsense"])
async def test_an_idea_that_is_gone_is_told(make_app: MakeApp, value: str) -> None:
    app = await make_app(ScriptedGenerator())
    with pytest.raises(CommandError, match="erased"):
        await Actions(app.repositories).perform(Action(ActionKind.LIKE, value), AUTHOR)


async def test_the_guided_brainstorm_is_a_command_line(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator())
    answers = FormAnswers(app.repositories, app.moderator)
    values = {
        "topic": 'a "quiet" cafe',
        "audience": "students",
        "tone": "",
        "count": "4",
        "technique": "six hats",
    }
    ask = await answers.submit("brainstorm", "", values, AUTHOR, PLACE)
    assert ask == Ask('/brainstorm 4 a quiet cafe --audience "students" --technique "six hats"')
    with pytest.raises(CommandError, match="number"):
        await answers.submit("brainstorm", "", {**values, "count": "many"}, AUTHOR, PLACE)


async def test_a_filled_profile_is_moderated_and_kept(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator())
    answers = FormAnswers(app.repositories, app.moderator)
    values = {"role": "baker", "tone": "playful", "interests": "bread, jazz", "unknown": "x"}
    assert isinstance(await answers.submit("profile", "", values, AUTHOR, PLACE), Notice)
    person = await app.repositories.people.find(AUTHOR)
    assert person is not None
    profile = await app.repositories.people.profile(person)
    assert profile == Profile(role="baker", tone="playful", interests=("bread", "jazz"))
    with pytest.raises(CommandError, match="content check"):
        await answers.submit("profile", "", {"role": "you fucking stupid bitch"}, AUTHOR, PLACE)


def test_forms_open_with_what_is_known() -> None:
    form = profile_form(Profile(role="baker", use_words=("fresh", "warm")))
    values = {field.name: field.value for field in form.fields}
    assert (values["role"], values["use_words"]) == ("baker", "fresh, warm")
    topic = brainstorm_form(LimitSettings(), "tea").fields[0]
    assert (topic.value, topic.kind, topic.required) == ("tea", FieldKind.LINES, True)
