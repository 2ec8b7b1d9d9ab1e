"""Templates: checked values, filled without surprises, used through the pipeline by whom they are meant for."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import App
from bot.config.settings import LimitSettings
from bot.core.commands import parse_verb
from bot.core.commands.option_values import refuse_missing
from bot.core.domain import Brief, Invocation, Task, Value
from bot.core.errors import CommandError
from bot.core.forms import Form, form_of
from bot.generation.applications.gallery import gallery
from bot.generation.applications.template_commands import brief_of, command_of
from bot.generation.applications.templates import Template, template_from, template_from_toml
from bot.interactions.actions import Actions
from bot.interactions.form_answers import FormAnswers, form_for
from bot.interactions.resolver import Ask, resolve
from bot.language import speaking
from tests.bot.conftest import MakeApp, make_app  # noqa: F401 - a fixture
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

TOML = """
name = "pitch"
summary = "a pitch in three parts"
prompt = "a pitch for {product}[ to {listener}]"
sections = ["Hook", "Ask"]

[[fields]]
name = "product"
label = "Which product?"
required = true

[[fields]]
name = "listener"
kind = "choice"
choices = ["investors", "customers"]
"""
PITCH = template_from_toml(TOML)
LIMITS = LimitSettings()


def brief_for(words: str, options: dict[str, str]) -> Brief:
    """The brief of words and options that a person typed."""
    command = command_of(PITCH)
    (verb,) = command.verbs
    typed = " ".join([words, *(f'--{name} "{value}"' for name, value in options.items())])
    asked = parse_verb(command, verb, typed)
    refuse_missing(command, verb, asked.values)
    return brief_of(PITCH, asked, LIMITS)


def changed(**changes: Any) -> dict[str, Any]:
    return {**PITCH.model_dump(mode="json", exclude_defaults=True), **changes}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": "copy"}, "own commands"),
        ({"name": "Pitch me"}, "small letters"),
        ({"prompt": "a pitch for {product.__class__} to {listener}"}, "no field"),
        ({"prompt": "a pitch for {product!r} to {listener}"}, "no field"),
        ({"prompt": "a pitch for {product:>9} to {listener}"}, "no field"),
        ({"prompt": "a pitch for {product} to {listener} {"}, "brace"),
        ({"prompt": "a pitch for {product}"}, "does not use"),
        ({"fields": [{"name": "product"}, {"name": "product"}], "prompt": "{product}"}, "same name"),
        ({"fields": [{"name": "product", "kind": "choice"}], "prompt": "{product}"}, "choices"),
        ({"fields": []}, "fields"),
        ({"fields": [{"name": f"f{'x' * n}"} for n in range(6)]}, "fields"),
        ({"sections": ["A: B"]}, "colon"),
        ({"answer": "ideas"}, "sections"),
        ({"max_characters": 5, "sections": []}, "max_characters"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_template_with_a_fault_is_refused_with_its_name(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(CommandError, match=fault):
        template_from(changed(**changes))


@given(st.text(max_size=100), st.text(max_size=100))
def test_what_people_fill_in_stands_in_the_prompt_once_and_is_not_read_again(one: str, other: str) -> None:
    filled = PITCH.fill({"product": one, "listener": other})
    assert "".join(one.split()) in "".join(filled.split())
    assert "".join(other.split()) in "".join(filled.split())


def test_a_field_in_a_value_is_not_a_field() -> None:
    assert (
        PITCH.fill({"product": "{listener}", "listener": "{product}"})
        == "a pitch for {listener} to {product}"
    )


@pytest.mark.parametrize(
    ("words", "options", "subject"),
    [
        ("a tea shop", {}, "a pitch for a tea shop"),
        ("a tea shop", {"listener": "invstors"}, "a pitch for a tea shop to investors"),
        ("customers", {"product": "jars"}, "a pitch for jars to customers"),
    ],
)
def test_words_go_where_no_option_went(words: str, options: dict[str, str], subject: str) -> None:
    brief = brief_for(words, options)
    assert (brief.task, brief.subject, brief.sections) == (Task.CHAT, subject, ("Hook", "Ask"))


@pytest.mark.parametrize(
    ("words", "options", "hint"),
    [
        ("", {}, "Which product"),
        ("tea", {"listener": "cats"}, "investors, customers"),
        ("tea", {"colour": "red"}, "--product, --listener"),
        ("x" * 201, {}, "at most 200"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_said(words: str, options: dict[str, str], hint: str) -> None:
    with pytest.raises(CommandError, match=hint):
        brief_for(words, options)


async def said(app: App, text: str, *, by_admin: bool = False, workspace_user: str = "u1") -> str:
    channel = RecordingChannel()
    message = replace(incoming(text, user=workspace_user, direct=False), by_admin=by_admin, mentioned=True)
    await app.pipeline.handle(message, channel)
    rows = "".join(row.text.text for panel in channel.panels for row in panel.rows)
    return channel.visible + "".join(notice.text for notice in channel.notices) + rows


HOOK = "Hook: Tea that waits.\nAsk: Give us a shop."


async def test_admins_add_a_command_which_all_use_and_find_in_help(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(ScriptedGenerator(HOOK))
    assert "manage this workspace" in await said(app, f"/template add\n{TOML}")
    assert "/use pitch" in await said(app, f"/template add\n```toml\n{TOML}```", by_admin=True)
    assert await said(app, "/pitch a tea shop") == HOOK
    assert await said(app, "/use pitch a tea shop") == HOOK
    assert "/use pitch: a pitch in three parts" in await said(app, "/help all")
    assert "--listener" in await said(app, "/help pitch")
    assert "Which product" in await said(app, "/pitch")
    assert "manage this workspace" in await said(app, "/template\tremove pitch")
    assert "removed" in await said(app, "/template remove pitch", by_admin=True)
    assert "don't know that command" in await said(app, "/pitch a tea shop")


async def test_admins_add_a_ready_template_with_one_press(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(ScriptedGenerator("1. **Aube**: It sounds calm.\n"))
    shown = RecordingChannel()
    await app.pipeline.handle(incoming("/template gallery"), shown)
    rows = shown.panels[0].rows
    names = [row.text.text.split("**")[1] for row in rows]
    assert len(names) == len(set(names)) == 10
    press = rows[names.index("product-name")].buttons[0].action
    asked = await Actions(app.repositories).perform(press, incoming("").author, incoming("").place)
    assert isinstance(asked, Ask)
    assert "manage this workspace" in await said(app, asked.text)
    assert "/use product-name" in await said(app, asked.text, by_admin=True)
    assert "stays as it is" in await said(app, asked.text, by_admin=True)
    assert "Aube" in await said(app, "/use product-name a lamp")
    with speaking("zh-CN"):
        for ready, english in zip(gallery(), names, strict=True):
            assert ready.name == english
            assert not ready.summary.isascii()
            assert ready.fill({field.name: "灯" for field in ready.fields}).count("灯") >= len(ready.fields)


async def test_a_template_that_moderation_blocks_is_not_kept(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(ScriptedGenerator(HOOK))
    await said(
        app, f"/template add\n{TOML.replace('a pitch in three', 'you fucking stupid bitch')}", by_admin=True
    )
    assert "no templates yet" in await said(app, "/template")


async def test_an_answer_without_its_sections_says_which_are_missing(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(ScriptedGenerator("I do not know that."))
    await said(app, f"/template add\n{TOML}", by_admin=True)
    told = await said(app, "/pitch a tea shop")
    assert told == "I do not know that.My language model left out: Hook and Ask."


async def test_forms_add_and_use_a_template(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(ScriptedGenerator(HOOK))
    answers = FormAnswers(app.repositories)
    place, author = incoming("", direct=False).place, incoming("").author
    filled: dict[str, Value] = {
        "name": "pitch",
        "summary": "a pitch",
        "prompt": "a pitch for {product} to {listener}",
        "fields": "product*\nlistener: investors, customers",
        "rules": "answer = ideas, count = 2",
    }

    async def opened(line: str, *, by_admin: bool) -> Form | None:
        asked = await resolve(line, app.repositories.templates, place)
        assert asked is not None
        return await form_for(asked, author, place, app.repositories, LIMITS, by_admin=by_admin)

    with pytest.raises(CommandError):
        await opened("/template add", by_admin=False)
    adding = await opened("/template add", by_admin=True)
    assert adding is not None
    assert [field.required for field in adding.fields] == [True, True, True, True, False]
    added = await answers.submit(adding.name, adding.target, filled, author, place)
    await asked_for(app, added)
    form = await opened("/pitch", by_admin=False)
    assert form is not None
    assert [field.name for field in form.fields] == ["product", "listener"]
    asked = await answers.submit(
        form.name, form.target, {"product": "tea", "listener": "investors"}, author, place
    )
    assert asked.text == "/use pitch tea --listener investors"
    typed = await resolve("/pitch tea --listener investors", app.repositories.templates, place)
    assert typed is not None
    assert asked.request == typed.invocation
    earlier = await answers.submit(
        "ask-template", "pitch", {"product": "tea", "listener": "investors"}, author, place
    )
    assert earlier == asked
    native = Invocation("use", "", {"template": "pitch", "words": "tea --listener investors"})
    chosen = await resolve(native, app.repositories.templates, place)
    assert chosen is not None
    assert chosen.invocation == typed.invocation
    assert typed.verb.brief is not None
    brief = typed.verb.brief(typed.invocation, LIMITS)
    assert (brief.task, brief.subject, brief.count) == (Task.BRAINSTORM, "a pitch for tea to investors", 2)


async def asked_for(app: App, ask: Ask) -> None:
    message = replace(incoming(ask.text, direct=False), request=ask.request, by_admin=True, mentioned=True)
    await app.pipeline.handle(message, RecordingChannel())


def test_a_form_of_a_template_fits_every_platform() -> None:
    command = command_of(PITCH)
    form = form_of(command, command.verbs[0], LIMITS)
    assert len(form.fields) <= 5
    assert [field.required for field in form.fields] == [True, False]
    assert isinstance(PITCH, Template)
