"""Buttons and forms: values that survive a restart, and what pressing and filling them comes to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import App
from bot.config.settings import LimitSettings
from bot.core.buttons import Action, ActionKind, idea_buttons, set_buttons
from bot.core.commands import Kind, command_named
from bot.core.domain import Account, Brief, Invocation, Outcome, Place, Profile, Reply, Task, Value
from bot.core.errors import CommandError
from bot.core.forms import Form, field_choices, field_text
from bot.core.notices import Notice
from bot.interactions.actions import Actions
from bot.interactions.form_answers import FormAnswers, form_for, form_of_verb
from bot.interactions.resolver import Ask, resolve
from bot.personalization.profile import WHOLE_WORKSPACE
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

IDEAS = "1. **Stamp Card**: Give a stamp for each refill.\n2. **Shelf Swap**: Swap jars by the door.\n"
AUTHOR = Account("test", "w1", "u2")
PLACE = incoming("", direct=False).place


async def with_ideas(make_app: MakeApp, generator: ScriptedGenerator | None = None) -> tuple[App, Reply]:
    app = await make_app(generator or ScriptedGenerator(IDEAS))
    reply = await app.pipeline.handle(incoming("/brainstorm 2 tea shops", direct=False), RecordingChannel())
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
    assert labels == ["Like", "Not for me", "More like this", "Save", "Combine"]
    assert [button.label for button in set_buttons(reply)] == ["Shuffle"]
    assert idea_buttons(replace(reply.ideas[0], id=None)) == ()


async def test_feedback_is_stored_with_the_idea_and_the_person(make_app: MakeApp) -> None:
    app, reply = await with_ideas(make_app)
    target = str(reply.ideas[1].id)
    for kind in (ActionKind.LIKE, ActionKind.SAVE):
        assert isinstance(
            await Actions(app.repositories).perform(Action(kind, target), AUTHOR, PLACE), Notice
        )
    person = await app.repositories.people.find(AUTHOR)
    assert person is not None
    kept = [
        (row["idea_id"], row["kind"]) for row in (await app.repositories.privacy.export(person))["feedback"]
    ]
    assert kept == [(reply.ideas[1].id, "like"), (reply.ideas[1].id, "save")]


async def test_more_and_shuffle_ask_for_others(make_app: MakeApp) -> None:
    app, reply = await with_ideas(make_app)
    more = await Actions(app.repositories).perform(
        Action(ActionKind.MORE, str(reply.ideas[0].id)), AUTHOR, PLACE
    )
    shuffled = await Actions(app.repositories).perform(
        Action(ActionKind.SHUFFLE, str(reply.message_id)), AUTHOR, PLACE
    )
    assert isinstance(more, Ask)
    assert isinstance(shuffled, Ask)
    assert isinstance(more.request, Brief)
    assert isinstance(shuffled.request, Brief)
    assert (more.text, more.request.already) == ("More like: Stamp Card", ("Stamp Card", "Shelf Swap"))
    assert (shuffled.request.subject, shuffled.request.count) == ("tea shops", 2)


async def test_what_a_button_asks_for_reaches_the_model(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(IDEAS, "1. **Tea Post**: Send samples by post.\n2. **Leaf Club**: Meet.\n")
    app, reply = await with_ideas(make_app, generator)
    ask = await Actions(app.repositories).perform(
        Action(ActionKind.SHUFFLE, str(reply.message_id)), AUTHOR, PLACE
    )
    assert isinstance(ask, Ask)
    pressed = replace(incoming(ask.text), request=ask.request)
    again = await app.pipeline.handle(pressed, RecordingChannel())
    assert {idea.title for idea in again.ideas} == {"Tea Post", "Leaf Club"}
    assert (
        f"Do not repeat: {'; '.join(idea.title for idea in reply.ideas)}"
        in generator.requests[1].turns[0].content
    )


async def test_combine_asks_which_and_combines(make_app: MakeApp) -> None:
    app, reply = await with_ideas(make_app)
    form = await Actions(app.repositories).perform(
        Action(ActionKind.COMBINE, str(reply.ideas[0].id)), AUTHOR, PLACE
    )
    assert isinstance(form, Form)
    (field,) = form.fields
    assert field_choices(field) == ((str(reply.ideas[1].id), "Shelf Swap"),)
    answers = FormAnswers(app.repositories)
    ask = await answers.submit(form.name, form.target, {"others": (field.choices[0],)}, AUTHOR, PLACE)
    assert isinstance(ask.request, Brief)
    assert (ask.request.task, ask.text) == (Task.COMBINE, "Combine: Stamp Card + Shelf Swap")


@pytest.mark.parametrize("value", ["999999", "nonsense"])
async def test_an_idea_that_is_gone_is_told(make_app: MakeApp, value: str) -> None:
    app = await make_app(ScriptedGenerator())
    with pytest.raises(CommandError, match="erased"):
        await Actions(app.repositories).perform(Action(ActionKind.LIKE, value), AUTHOR, PLACE)


async def test_the_guided_brainstorm_is_a_command_with_typed_values(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator())
    answers = FormAnswers(app.repositories)
    values: dict[str, Value] = {
        "topic": 'a "quiet" cafe',
        "audience": "students",
        "tone": "",
        "count": "4",
        "technique": "six hats",
    }
    ask = await answers.submit("brainstorm/", "", values, AUTHOR, PLACE)
    typed = {"count": 4, "topic": 'a "quiet" cafe', "technique": "six hats", "audience": "students"}
    line = '/brainstorm 4 a "quiet" cafe --technique "six hats" --audience students'
    assert ask == Ask(line, Invocation("brainstorm", "", typed))
    with pytest.raises(CommandError, match="number"):
        await answers.submit("brainstorm/", "", {**values, "count": "many"}, AUTHOR, PLACE)


async def test_a_filled_profile_is_moderated_and_kept(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator())
    answers = FormAnswers(app.repositories)

    async def submitted(values: dict[str, Value]) -> Outcome | None:
        ask = await answers.submit("profile/edit", "", values, AUTHOR, PLACE)
        message = replace(incoming(ask.text, user="u2"), request=ask.request)
        return (await app.pipeline.handle(message, RecordingChannel())).outcome

    values: dict[str, Value] = {
        "role": "baker",
        "tone": "playful",
        "interests": "bread, jazz",
        "unknown": "x",
    }
    assert await submitted(values) is Outcome.ANSWERED
    person = await app.repositories.people.find(AUTHOR)
    assert person is not None
    profile = await app.repositories.people.profile(person)
    assert profile == Profile(role="baker", tone="playful", interests=("bread", "jazz"))
    assert await submitted({"role": "you fucking stupid bitch"}) is Outcome.REFUSED
    assert await submitted({"tone": "", "interests": ""}) is Outcome.ANSWERED
    assert await app.repositories.people.profile(person) == Profile(role="baker")


async def test_forms_open_with_what_is_known(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator())
    person = await app.repositories.people.find_or_create(AUTHOR)
    await app.repositories.people.update_profile(person, {"role": "baker", "use_words": ("fresh", "warm")})

    async def opened(line: str) -> Form:
        asked = await resolve(line, app.repositories.templates, PLACE)
        assert asked is not None
        form = await form_for(asked, AUTHOR, PLACE, app.repositories, LimitSettings(), by_admin=False)
        assert form is not None
        return form

    values = {field.name: field_text(field) for field in (await opened("/profile edit")).fields}
    assert (values["role"], values["use_words"]) == ("baker", "fresh, warm")
    fields = {field.name: field for field in (await opened("/brainstorm --tone bold")).fields}
    assert (fields["topic"].kind, fields["topic"].required) == (Kind.LINES, True)
    assert (fields["tone"].default, fields["count"].default, fields["count"].most) == ("bold", 5, 12)


@pytest.mark.parametrize(
    ("name", "target", "filled", "asked"),
    [
        (
            "brainstorm",
            "",
            {"topic": "tea", "count": "4"},
            Invocation("brainstorm", "", {"topic": "tea", "count": 4}),
        ),
        (
            "ask-ad",
            "",
            {"topic": "tea", "format": "social"},
            Invocation("ad", "", {"topic": "tea", "format": "social"}),
        ),
        ("ask-improve", "", {"topic": "2", "focus": ""}, Invocation("improve", "", {"topic": "2"})),
        (
            "voice",
            "",
            {"brand_voice": "warm", "use_words": "fresh, calm", "voice_examples": "One, two.\nThree."},
            Invocation(
                "voice",
                "edit",
                {"description": "warm", "use": ("fresh", "calm"), "examples": ("One, two.", "Three.")},
            ),
        ),
        (
            "profile",
            "",
            {"role": "", "tone": "bold"},
            Invocation("profile", "edit", {"role": "", "tone": "bold"}),
        ),
        (
            "voice-learn",
            "",
            {"samples": "We bake.", "for": "workspace"},
            Invocation("voice", "learn", {"samples": "We bake.", "for": "workspace"}),
        ),
        (
            "template",
            "",
            {"name": "pitch", "fields": "product*\nlistener: a, b"},
            Invocation("template", "add", {"name": "pitch", "fields": ("product*", "listener: a, b")}),
        ),
    ],
)
async def test_forms_that_were_opened_before_an_upgrade_are_understood(
    make_app: MakeApp, name: str, target: str, filled: dict[str, Value], asked: Invocation
) -> None:
    app = await make_app(ScriptedGenerator())
    ask = await FormAnswers(app.repositories).submit(name, target, filled, AUTHOR, PLACE)
    assert ask.request == asked


async def test_hidden_values_of_a_form_come_back_with_it(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator())
    command = command_named("voice")
    verb = command.verb("edit")
    assert verb is not None
    await app.repositories.channels.update_voice(
        Place(PLACE.platform, PLACE.workspace, WHOLE_WORKSPACE), {"brand_voice": "calm"}
    )
    form = await form_of_verb(
        command, verb, AUTHOR, PLACE, app.repositories, LimitSettings(), hidden={"for": "workspace"}
    )
    assert field_text(form.fields[0]) == "calm"
    ask = await FormAnswers(app.repositories).submit(
        form.name, form.target, {"description": "warm"}, AUTHOR, PLACE
    )
    assert ask.request == Invocation("voice", "edit", {"description": "warm", "for": "workspace"})


async def test_an_unknown_form_is_told(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator())
    for name in ("nonsense", "nonsense/verb", "ask-nonsense", "voice/dance"):
        with pytest.raises(CommandError):
            await FormAnswers(app.repositories).submit(name, "", {"topic": "tea"}, AUTHOR, PLACE)
