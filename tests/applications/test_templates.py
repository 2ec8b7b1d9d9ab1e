"""Templates: checked values, filled without surprises, used through the pipeline by whom they are meant for."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import App
from bot.config.settings import LimitSettings
from bot.core.domain import Task
from bot.core.errors import CommandError
from bot.generation.applications.template_briefs import brief_of, form_of
from bot.generation.applications.templates import Template, template_from, template_from_toml
from bot.interactions.form_answers import FormAnswers, toml_of
from bot.interactions.form_opening import form_for
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
    brief = brief_of(PITCH, words, options, LIMITS)
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
        brief_of(PITCH, words, options, LIMITS)


async def said(app: App, text: str, *, by_admin: bool = False, workspace_user: str = "u1") -> str:
    channel = RecordingChannel()
    message = replace(incoming(text, user=workspace_user, direct=False), by_admin=by_admin, mentioned=True)
    await app.pipeline.handle(message, channel)
    return channel.visible + "".join(notice.text for notice in channel.notices)


HOOK = "Hook: Tea that waits.\nAsk: Give us a shop."


async def test_admins_add_a_command_which_all_use_and_find_in_help(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(ScriptedGenerator(HOOK))
    assert "manage this workspace" in await said(app, f"/template add\n{TOML}")
    assert "/use pitch" in await said(app, f"/template add\n```toml\n{TOML}```", by_admin=True)
    assert await said(app, "/pitch a tea shop") == HOOK
    assert await said(app, "/use pitch a tea shop") == HOOK
    assert "/use pitch: a pitch in three parts" in await said(app, "/help")
    assert "--listener" in await said(app, "/help pitch")
    assert "Which product" in await said(app, "/pitch")
    assert "manage this workspace" in await said(app, "/template\tremove pitch")
    assert "removed" in await said(app, "/template remove pitch", by_admin=True)
    assert "don't know that command" in await said(app, "/pitch a tea shop")


async def test_a_template_that_moderation_blocks_is_not_kept(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(ScriptedGenerator(HOOK))
    await said(
        app, f"/template add\n{TOML.replace('a pitch in three', 'you fucking stupid bitch')}", by_admin=True
    )
    assert "no templates yet" in await said(app, "/template")


async def test_an_answer_without_its_sections_is_not_shown(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(ScriptedGenerator("I do not know that."))
    await said(app, f"/template add\n{TOML}", by_admin=True)
    assert "nothing useful came to mind" in await said(app, "/pitch a tea shop")


async def test_forms_add_and_use_a_template(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(ScriptedGenerator(HOOK))
    answers = FormAnswers(app.repositories, app.moderator)
    place, author = incoming("", direct=False).place, incoming("").author
    filled = {
        "name": "pitch",
        "summary": "a pitch",
        "prompt": "a pitch for {product} to {listener}",
        "fields": "product*\nlistener: investors, customers",
        "rules": "answer = ideas, count = 2",
    }
    with pytest.raises(CommandError):
        await form_for("/template add", place, app.repositories, LIMITS, by_admin=False)
    added = await answers.submit("template", "", filled, author, place)
    await said(app, getattr(added, "text", ""), by_admin=True)
    form = await form_for("/pitch", place, app.repositories, LIMITS, by_admin=False)
    assert form is not None
    assert [field.name for field in form.fields] == ["product", "listener"]
    asked = await answers.submit(
        form.name, form.target, {"product": "tea", "listener": "investors"}, author, place
    )
    assert getattr(asked, "text", "") == '/pitch --product "tea" --listener "investors"'
    assert getattr(asked, "brief", None) == replace(
        brief_of(template_from_toml(toml_of(filled)), "tea", {"listener": "investors"}, LIMITS)
    )


def test_a_form_of_a_template_fits_every_platform() -> None:
    form = form_of(PITCH)
    assert len(form.fields) <= 5
    assert [field.required for field in form.fields] == [True, False]
    assert isinstance(PITCH, Template)
