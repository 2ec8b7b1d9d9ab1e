"""For every command: what is rendered is parsed as the same invocation; text, forms and native options agree."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.config.settings import LimitSettings
from bot.core.commands import Command, Kind, Option, Verb, all_commands, checked, parse, render, typed_command
from bot.core.domain import Invocation, Value, request_as_json, request_from_json
from bot.core.errors import CommandError
from bot.core.forms import field_text, form_of
from bot.core.text_cleaning import clean
from bot.generation.applications.template_commands import command_of
from bot.generation.applications.templates import template_from
from bot.language import speaking

TEMPLATE = template_from(
    {
        "name": "pitch",
        "summary": "a pitch",
        "prompt": "{product} {listener} {seconds} {notes}",
        "fields": [
            {"name": "product", "required": True},
            {"name": "listener", "kind": "choice", "choices": ["Big investors", "customers"]},
            {"name": "seconds", "kind": "number"},
            {"name": "notes", "kind": "lines"},
        ],
    }
)
COMMANDS = [*all_commands().values(), command_of(TEMPLATE)]
VERBS = [(command, verb) for command in COMMANDS for verb in command.verbs]
TRICKY = (
    "5 day trips",
    "five ideas for tea",
    "one pot meals",
    "三明治",
    "--tone bold",
    "tea —tone bold",
    "tea --nonsense 3",
    'say "hi" now',
    '"quoted"',
    "“curly”",
    "a\\",
    '\\"',
    '"',
    "lids 20 SCAMPER",
    "lids 20",
    "six hats",
    "dark",
    "avoid",
    "start",
    "a, b",
    "a, b\nc",
    "first\n\n second",
    "--",
    "x --for workspace",
    "0",
    "'",
    "show",
)
TEXTS = st.sampled_from(TRICKY) | st.text(max_size=40) | st.text('ab "\\-—“”1,\n', max_size=20)


def given_for(option: Option) -> st.SearchStrategy[Value]:
    """What a person may give for an option, as a form or a native option brings it."""
    match option.kind:
        case Kind.NUMBER | Kind.HOUR:
            return st.integers(option.least, option.most)
        case Kind.NUMBERS:
            return st.lists(st.integers(1, 5000), max_size=4).map(tuple)
        case Kind.FLAG:
            return st.booleans()
        case Kind.CHOICE:
            return st.sampled_from(option.choices)
        case Kind.CHOICES:
            return st.lists(st.sampled_from(option.choices), unique=True).map(tuple)
        case Kind.WORDS | Kind.ROWS:
            return TEXTS | st.lists(TEXTS, max_size=3).map(tuple)
    return TEXTS.map(lambda text: text[: option.most_characters or None])


def invocations(command: Command, verb: Verb) -> st.SearchStrategy[Invocation]:
    """Whatever people may ask of a verb."""
    values = st.fixed_dictionaries({}, optional={option.name: given_for(option) for option in verb.options})
    return values.map(lambda raw: Invocation(command.name, verb.name, checked(command, verb, raw)))


def read(command: Command, line: str) -> Invocation:
    typed = typed_command(clean(line))
    assert typed is not None
    assert typed.name == command.name
    return parse(command, typed.rest)


@pytest.mark.parametrize(
    ("command", "verb"), VERBS, ids=[f"{command.name}-{verb.name}".strip("-") for command, verb in VERBS]
)
@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_rendered_is_parsed_as_the_same(
    command: Command, verb: Verb, locale: str, data: st.DataObject
) -> None:
    with speaking(locale):
        asked = data.draw(invocations(command, verb))
        assert read(command, render(command, asked)) == asked
        kept = json.loads(json.dumps(request_as_json(asked)))
        assert request_from_json(kept) == asked


WITH_FORMS = [(command, verb) for command, verb in VERBS if verb.form]


@pytest.mark.parametrize(
    ("command", "verb"), WITH_FORMS, ids=[f"{command.name}-{verb.name}" for command, verb in WITH_FORMS]
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_text_a_form_and_native_options_give_equal_invocations(
    command: Command, verb: Verb, data: st.DataObject
) -> None:
    options = [option for name in verb.form if (option := verb.option(name))]
    given = {option.name: given_for(option) for option in options}
    native = data.draw(st.fixed_dictionaries({}, optional=given))
    asked = Invocation(command.name, verb.name, checked(command, verb, native))
    form = form_of(command, verb, LimitSettings(), asked.values)
    filled = {field.name: field_text(field) for field in form.fields if field.name in asked.values}
    assert Invocation(command.name, verb.name, checked(command, verb, filled)) == asked
    assert read(command, render(command, asked)) == asked


@given(name=st.sampled_from(sorted(all_commands())), rest=TEXTS | st.text(max_size=200))
@example("session", "start")
@example("voice", 'set "')
@example("template", "add --name")
def test_whatever_is_typed_is_understood_or_explained(name: str, rest: str) -> None:
    command, explained = all_commands()[name], ""
    try:
        asked = parse(command, rest)
    except CommandError as error:
        asked, explained = None, error.say
    assert explained or (asked is not None and read(command, render(command, asked)) == asked)


BRIEF: Mapping[str, object] = {
    "task": "brainstorm",
    "subject": "tea",
    "count": 3,
    "technique": "",
    "max_characters": None,
    "preferences": {"tone": "bold", "length": "", "audience": "", "use_words": ["fresh"], "avoid_words": []},
    "already": ["Stamp Card"],
    "notes": [["Said earlier", "hello"]],
    "variants": 1,
}


def test_a_brief_that_was_kept_before_is_read() -> None:
    brief = request_from_json(json.loads(json.dumps(BRIEF)))
    assert not isinstance(brief, Invocation)
    assert brief is not None
    assert (brief.subject, brief.already, brief.notes) == (
        "tea",
        ("Stamp Card",),
        (("Said earlier", "hello"),),
    )
    assert brief.preferences.use_words == ("fresh",)
    assert request_from_json(json.loads(json.dumps(request_as_json(brief)))) == brief
    assert request_from_json(request_as_json(None)) is None
