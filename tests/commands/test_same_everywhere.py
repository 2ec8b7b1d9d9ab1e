"""Slack, Discord and the console give equal invocations for every command, however it is asked for."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.discord.commands.invocations import flatten, invoked
from adapters.discord.rendering import modals as discord_modals
from adapters.slack.handling.command_text import as_command
from adapters.slack.incoming.event import Event, command_event
from adapters.slack.rendering import modals as slack_modals
from bot.config.settings import LimitSettings
from bot.core.commands import Command, Kind, Option, Verb, checked, render
from bot.core.commands.command_lines import text_of
from bot.core.domain import Account, Invocation, Place, Value
from bot.core.forms import form_of
from bot.generation.applications.template_commands import USE, definition_of
from bot.interactions.form_answers import FormAnswers
from bot.interactions.resolver import resolve
from storage.repositories import Repositories
from tests.commands.test_render import TEMPLATE, VERBS, given_for, invocations
from tests.support.discord_server.validation import check_modal
from tests.support.slack_server.blocks import check_view

PLACE, AUTHOR = Place("test", "w1", "c1"), Account("test", "w1", "u1")
LIMITS = LimitSettings()
NATIVE = [(command, verb) for command, verb in VERBS if not (command.name == USE and verb.name)]
FORMS = [(command, verb) for command, verb in VERBS if verb.form]
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class _Templates:
    """One template is in the workspace."""

    async def get(self, _scope: object, name: str) -> dict[str, object] | None:
        return definition_of(TEMPLATE) if name == TEMPLATE.name else None


REPOSITORIES = cast(Repositories, SimpleNamespace(templates=_Templates()))


def ids_of(verbs: list[tuple[Command, Verb]]) -> list[str]:
    return [f"{command.name}-{verb.name}".strip("-") for command, verb in verbs]


def meant_by(text: str) -> Invocation:
    """What the console and a mention make of a line, in the pipeline."""
    asked = asyncio.run(resolve(text, REPOSITORIES.templates, PLACE))
    assert asked is not None
    return asked.invocation


def meant_by_form(name: str, target: str, filled: Mapping[str, Any]) -> object:
    """What a filled form comes to, after it lay in the inbox."""
    kept = {field: tuple(value) if isinstance(value, list) else value for field, value in filled.items()}
    return asyncio.run(FormAnswers(REPOSITORIES).submit(name, target, kept, AUTHOR, PLACE)).request


def typed_in_slack(line: str) -> str:
    """The line as Slack delivers it after `/riff`, and as Riff reads that."""
    escaped = line.removeprefix("/").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body = {"trigger_id": "1", "team_id": "T", "user_id": "U", "channel_id": "C", "text": escaped}
    kept = json.loads(json.dumps(command_event(body).as_event().payload))
    return as_command(Event.read(kept).text)


def without_files(verb: Verb, asked: Invocation) -> Invocation:
    """What goes by the values: a file is handed over beside them, and read when it is answered."""
    files = {option.name for option in verb.options if option.kind is Kind.FILE}
    return replace(asked, values={name: asked.values[name] for name in asked.values if name not in files})


def native(option: Option, value: Value) -> Any:
    """The value as Discord sends it."""
    if option.kind is Kind.CHOICES:
        return ",".join(map(str, cast(tuple[str, ...], value)))
    return value if isinstance(value, bool | int) else text_of(option, value)


@pytest.mark.parametrize(("command", "verb"), NATIVE, ids=ids_of(NATIVE))
@FEW
@given(data=st.data())
def test_native_options_and_typed_lines_mean_the_same(
    command: Command, verb: Verb, data: st.DataObject
) -> None:
    asked = data.draw(invocations(command, verb))
    line = render(command, asked)
    if command.name != USE:
        assert meant_by(line) == asked
        assert meant_by(typed_in_slack(line)) == asked
    if verb.takes_blanks:
        asked = Invocation(
            asked.command, asked.verb, {k: v for k, v in asked.values.items() if v not in ("", ())}
        )
    asked = without_files(verb, asked)
    given_values = {
        option.typed_name: native(option, asked.values[option.name])
        for option in verb.options
        if option.name in asked.values
    }
    if verb.name or len(command.verbs) == 1:
        options = [{"name": name, "value": value} for name, value in given_values.items()]
        sent = [{"name": verb.name, "type": 1, "options": options}] if verb.name else options
        sub, values, _focused = flatten(json.loads(json.dumps(sent)))
        assert invoked(command.name, sub, values) == asked


@pytest.mark.parametrize(("command", "verb"), FORMS, ids=ids_of(FORMS))
@FEW
@given(data=st.data())
def test_both_platforms_forms_mean_the_same_as_the_line(
    command: Command, verb: Verb, data: st.DataObject
) -> None:
    options = [option for name in verb.form if (option := verb.option(name)) and option.kind is not Kind.FILE]
    raw = data.draw(st.fixed_dictionaries({option.name: given_for(option) for option in options}))
    asked = Invocation(command.name, verb.name, checked(command, verb, raw))
    assert meant_by(render(command, asked)) == asked
    form = form_of(command, verb, LIMITS, asked.values)
    view = json.loads(json.dumps(slack_modals.view_of(form, {"channel": "C1"})))
    check_view(view)
    context, filled = slack_modals.filled(slack_submission(view, options, asked))
    assert meant_by_form(context["form"], context["target"], json.loads(json.dumps(filled))) == asked
    together: dict[str, Any] = {}
    for start in range(0, len(form.fields), discord_modals.MOST_FIELDS):
        modal = json.loads(json.dumps(discord_modals.modal(form, start)))
        check_modal(modal)
        together |= discord_modals.filled(discord_submission(modal, options, asked))
        key = discord_modals.key_in(modal["custom_id"])
        assert key is not None
    assert meant_by_form(key.name, key.target, together) == asked


def slack_submission(view: dict[str, Any], options: list[Option], asked: Invocation) -> dict[str, Any]:
    """The modal as Slack sends it back, filled so."""
    values = {}
    for block in view["blocks"]:
        if block["element"]["type"] == "file_input":
            values[block["block_id"]] = {"value": {"type": "file_input", "files": []}}
            continue
        option = next(each for each in options if each.name == block["block_id"])
        element = {"type": block["element"]["type"]}
        chosen = chosen_in(option, asked)
        if element["type"] == "static_select":
            element["selected_option"] = {"value": chosen[0]} if chosen else None
        elif element["type"] in {"multi_static_select", "checkboxes"}:
            element["selected_options"] = [{"value": each} for each in chosen]
        else:
            element["value"] = written_in(option, asked) or None
        values[option.name] = {block["element"]["action_id"]: element}
    return {**view, "state": {"values": values}}


def discord_submission(
    modal: dict[str, Any], options: list[Option], asked: Invocation
) -> list[dict[str, Any]]:
    """The components as Discord sends them back, filled so."""
    rows = []
    for label in modal["components"]:
        item = label["component"]
        if item["type"] == 19:
            rows.append({"type": 18, "component": {**item, "values": []}})
            continue
        option = next(each for each in options if each.name == item["custom_id"].partition(":")[0])
        given_there = (
            {"values": chosen_in(option, asked)}
            if item["type"] == 3
            else {"value": written_in(option, asked)}
        )
        rows.append(
            {"type": 18, "component": {"custom_id": item["custom_id"], "type": item["type"], **given_there}}
        )
    return rows


def chosen_in(option: Option, asked: Invocation) -> list[str]:
    value = asked.values.get(option.name, ())
    if option.kind is Kind.FLAG:
        return ["yes"] if value else []
    return [str(each) for each in (value if isinstance(value, tuple) else (value,)) if each]


def written_in(option: Option, asked: Invocation) -> str:
    return text_of(option, asked.values.get(option.name, ""))
