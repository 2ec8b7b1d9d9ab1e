"""What holds for the form of every command, in both languages: short titles, whole labels, nothing that destroys."""

import pytest

from bot.config.settings import LimitSettings
from bot.core.commands import Command, Verb, all_commands
from bot.core.forms import TITLE, form_of
from bot.interactions.form_answers import asked_in_form, opened_by
from bot.interactions.form_faults import faults_in
from bot.language import _, speaking
from tests.bot.conftest import MakeApp, make_app  # noqa: F401 - a fixture
from tests.support.doubles import ScriptedGenerator
from tests.support.messages import incoming

LABEL, LINE = 45, 75
"""Characters that Discord shows of a label, and Slack of a choice."""


def with_forms() -> list[tuple[Command, Verb]]:
    return [
        (command, verb) for command in all_commands().values() for verb in command.verbs if verb.asked_in_form
    ]


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_titles_labels_and_lines_are_shown_whole(locale: str) -> None:
    with speaking(locale):
        for command, verb in with_forms():
            form = form_of(command, verb, LimitSettings())
            assert len(_(verb.title or verb.summary)) <= TITLE or not verb.form, (command.name, verb.name)
            assert 0 < len(form.title) <= TITLE
            for field in form.fields:
                assert len(_(field.label)) <= LABEL, (command.name, field.name)
                assert all(len(_(line)) <= LINE for line in field.about)
                assert not field.about or len(field.about) == len(field.choices)


def test_what_must_be_told_something_has_a_form_and_what_destroys_has_none() -> None:
    named = {f"{command.name} {verb.name}".strip() for command, verb in with_forms()}
    assert {"session start", "session idea", "profile edit", "ad", "copy", "design", "critique"} <= named
    for command in all_commands().values():
        for verb in command.verbs:
            is_asked = f"{command.name} {verb.name}".strip() in named
            must_be_told = any(option.required for option in verb.options)
            assert is_asked == (bool(verb.form) or (must_be_told and not verb.destroys and not verb.opens))


async def test_one_word_opens_the_form_and_more_is_an_order(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(ScriptedGenerator())
    templates, place = app.repositories.templates, incoming("").place
    opened = {}
    for line in (
        "/session",
        "/profile",
        "/profile show",
        "/session pause",
        "/ad",
        "/ad a lid",
        "/critique",
        "tea",
    ):
        asked = await asked_in_form(line, templates, place)
        opened[line] = asked and f"{asked.command.name} {asked.verb.name}".strip()
    assert opened == {
        "/session": "session start",
        "/profile": "profile edit",
        "/profile show": None,
        "/session pause": None,
        "/ad": "ad",
        "/ad a lid": None,
        "/critique": "critique",
        "tea": None,
    }
    assert opened_by("help") is None
    assert opened_by("forget") is None
    assert opened_by("nothing such") is None


def test_what_is_wrong_is_told_at_its_field_and_what_is_left_out_too() -> None:
    limits = LimitSettings(ideas=7)
    command = all_commands()["brainstorm"]
    verb = command.verbs[0]
    assert faults_in(command, verb, {"topic": "tea", "count": "9"}, limits) == {
        "count": "A whole number from 1 to 7, please."
    }
    assert faults_in(command, verb, {"topic": "  ", "count": "3"}, limits) == {
        "topic": "Please fill this in."
    }
    assert faults_in(command, verb, {"topic": "tea", "count": "7"}, limits) == {}
    profile = all_commands()["profile"]
    edit = profile.verb("edit")
    assert edit is not None
    told = faults_in(profile, edit, {"interests": "tea, " + "x" * 300, "role": ""}, limits)
    assert told == {"interests": "At most 100 entries of 200 characters each, please."}
