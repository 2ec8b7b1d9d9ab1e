"""Discord's commands are what the declarations say, and what people choose stays typed to the end."""

import pytest

from adapters.discord.commands.definitions import definitions
from adapters.discord.commands.invocations import asked_by_menu, invoked
from adapters.discord.commands.translations import _TEXTS as TRANSLATED
from bot.config.settings import LimitSettings
from bot.core.commands import Kind, Option, all_commands
from bot.core.domain import Brief, Invocation, Task
from bot.core.errors import CommandError

Json = dict
HIDDEN = {"like", "dislike", "save"}


def registered(limits: LimitSettings = LimitSettings()) -> dict[str, Json]:  # noqa: B008 - immutable
    return {command["name"]: command for command in definitions(limits)}


def options_of(command: Json, verb: str = "") -> dict[str, Json]:
    taken = command["options"]
    if verb:
        taken = next(sub for sub in command["options"] if sub["name"] == verb).get("options", [])
    return {option["name"]: option for option in taken}


def test_every_verb_and_every_option_is_registered_as_it_is_declared() -> None:
    known = registered()
    for name, command in all_commands().items():
        if name in HIDDEN:
            continue
        verbs = [verb for verb in command.verbs if verb.name] or list(command.verbs)
        for verb in verbs:
            own = {"thread"} if verb.brief else set()
            shown = options_of(known[name], verb.name)
            assert len(verb.summary) <= 100, verb.summary
            assert all(len(option.label) <= 100 for option in verb.options)
            assert set(shown) == {option.typed_name for option in verb.options} | own, (name, verb.name)
            for option in verb.options:
                assert_fits(shown[option.typed_name], option.within(LimitSettings()))


def assert_fits(shown: Json, option: Option) -> None:
    if option.kind in {Kind.NUMBER, Kind.HOUR}:
        assert (shown["type"], shown["min_value"], shown["max_value"]) == (4, option.least, option.most)
    elif option.kind is Kind.FLAG:
        assert shown["type"] == 5
    elif option.kind is Kind.FILE:
        assert shown["type"] == 11
    elif option.kind is Kind.CHOICE:
        assert [choice["value"] for choice in shown["choices"]] == list(option.choices)
    else:
        assert (shown["type"], bool(shown.get("autocomplete"))) == (3, bool(option.completes))
    assert shown["description"] == option.label[:100]


def test_bounds_follow_the_settings_and_what_a_form_asks_for_need_not_be_given() -> None:
    assert options_of(registered(LimitSettings(ideas=7))["brainstorm"])["count"]["max_value"] == 7
    brainstorm, session = registered()["brainstorm"], registered()["session"]
    assert "required" not in options_of(brainstorm)["topic"]
    assert "required" not in options_of(session, "start")["topic"]
    assert options_of(session, "idea")["text"]["required"]
    assert next(iter(options_of(brainstorm))) == "topic"


@pytest.mark.parametrize(
    ("name", "sub", "given", "values"),
    [
        (
            "session",
            "start",
            {"topic": "lids --named", "minutes": 20, "technique": "six hats", "named": True, "votes": 3},
            {"topic": "lids --named", "minutes": 20, "technique": "six hats", "named": True, "votes": 3},
        ),
        (
            "session",
            "start",
            {"topic": "lids", "people-first": 0, "daily": "9"},
            {"topic": "lids", "people-first": 0, "daily": 9},
        ),
        ("session", "vote", {"ideas": "1 and #3"}, {"ideas": (1, 3)}),
        ("recall", "", {"words": "cups", "others": True}, {"words": "cups", "others": True}),
        ("session", "board", {"dark": False}, {}),
        (
            "voice",
            "set",
            {"value": "cheap, best", "field": "avoid"},
            {"field": "avoid", "value": "cheap, best"},
        ),
        ("voice", "show", {"for": "workspace"}, {"for": "workspace"}),
        ("template", "remove", {"name": "pitch"}, {"name": "pitch"}),
        (
            "use",
            "",
            {"words": "a tea shop", "template": "pitch"},
            {"template": "pitch", "words": "a tea shop"},
        ),
        ("improve", "", {"topic": "2", "focus": "cheaper"}, {"topic": "2", "focus": "cheaper"}),
        (
            "ad",
            "",
            {"topic": 'a "class"', "format": "search", "variants": 2, "use": "warm, new", "thread": True},
            {"topic": 'a "class"', "format": "search", "variants": 2, "use": ("warm", "new")},
        ),
    ],
)
def test_what_was_chosen_stays_typed(name: str, sub: str, given: Json, values: Json) -> None:
    assert invoked(name, sub, given) == Invocation(name, sub, values)


def test_a_command_that_was_registered_before_an_upgrade_means_its_usual_verb_or_nothing() -> None:
    assert invoked("profile", "", {}) == Invocation("profile", "show")
    for name, sub, given in (
        ("gone", "", {}),
        ("voice", "gone", {}),
        ("profile", "", {"words": "set tone bold"}),
    ):
        with pytest.raises(CommandError):
            invoked(name, sub, given)


def test_options_of_a_creative_command_reach_its_brief() -> None:
    options = {"topic": "a class", "format": "search", "variants": 2, "audience": "parents", "voice": "warm"}
    (verb,) = all_commands()["ad"].verbs
    assert verb.brief is not None
    brief = verb.brief(invoked("ad", "", options), LimitSettings())
    assert (brief.layout, brief.variants, brief.preferences.brand_voice) == ("search", 2, "warm")
    assert brief.preferences.audience == "parents"


def test_menus_ask_about_the_message_whatever_stands_in_it() -> None:
    asked = asked_by_menu("Brainstorm on this", "5 lids --tone bold")
    assert asked.request == Invocation("brainstorm", values={"topic": "5 lids --tone bold"})
    assert asked.text == "Brainstorm on this: 5 lids --tone bold"
    assert asked_by_menu("Improve this", "2").request == Brief(Task.IMPROVE, "2")


def test_no_translation_is_of_a_text_that_is_shown_no_more() -> None:
    shown: set[str] = set()
    waiting: list[object] = list(definitions(LimitSettings()))
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            shown |= {str(each.get("description")), str(each.get("name"))}
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    assert set(TRANSLATED) <= shown
