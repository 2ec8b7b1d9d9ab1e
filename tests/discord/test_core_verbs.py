"""`/voice`, `/template` and `/use` as people would type them, and the options of creative commands."""

import pytest
from adapters.discord.commands.core_verbs import as_typed
from adapters.discord.commands.prompts import command_prompt

from adapters.discord.commands.definitions import definitions
from bot.config.settings import LimitSettings


@pytest.mark.parametrize(
    ("name", "verb", "values", "typed"),
    [
        ("voice", "set", {"value": "cheap, best", "field": "avoid"}, "/voice set avoid cheap, best"),
        ("voice", "show", {"for": "workspace"}, '/voice show --for "workspace"'),
        ("voice", "approve", {}, "/voice approve"),
        ("template", "remove", {"name": "pitch"}, "/template remove pitch"),
        ("use", "", {"words": "a tea shop", "name": "pitch"}, "/use pitch a tea shop"),
    ],
)
def test_a_verb_is_what_people_would_type(name: str, verb: str, values: dict[str, str], typed: str) -> None:
    assert as_typed(name, verb, values) == typed
    assert command_prompt(name, verb, values, LimitSettings()) == (typed, None)


def test_options_of_a_creative_command_reach_its_brief() -> None:
    options = {"topic": "a class", "format": "search", "variants": 2, "audience": "parents", "voice": "warm"}
    text, brief = command_prompt("ad", "", options, LimitSettings())
    assert text == '/ad a class --format "search" --variants "2" --audience "parents" --voice "warm"'
    assert brief is not None
    assert (brief.layout, brief.variants, brief.preferences.brand_voice) == ("search", 2, "warm")


def test_an_idea_is_improved_with_what_was_chosen() -> None:
    text, brief = command_prompt("improve", "", {"topic": "2", "focus": "cheaper"}, LimitSettings())
    assert (text, brief) == ('/improve 2 --focus "cheaper"', None)


def test_every_field_of_a_form_is_an_option_and_none_twice() -> None:
    known = {command["name"]: command for command in definitions(12)}
    names = [option["name"] for option in known["copy"]["options"]]
    assert {"topic", "channel", "length", "action", "variants", "characters", "audience", "tone"} <= set(
        names
    )
    assert len(names) == len(set(names))
    assert [verb["name"] for verb in known["voice"]["options"]][:3] == ["show", "set", "clear"]
