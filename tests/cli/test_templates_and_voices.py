"""`riff template` and `riff voice`: kept from the command line, used by `riff ask`."""

import json
from pathlib import Path

import pytest

from bot.cli.shared import Failure
from tests.cli.conftest import Run, json_of

TOML = """
name = "pitch"
summary = "an elevator pitch"
prompt = "an elevator pitch for {product}"
answer = "ideas"
count = 1
[[fields]]
name = "product"
required = true
"""
SAMPLES = (
    "We bake at dawn and we don't hurry. Come hungry, leave happy! Our bread takes two days, because good bread "
    "needs time. You can taste the grain. We mill the grain ourselves."
)


def test_a_template_is_added_listed_shown_used_and_removed(riff: Run, tmp_path: Path) -> None:
    file = tmp_path / "pitch.toml"
    file.write_text(TOML)
    assert "added /use pitch to console:local" in riff("template", "add", str(file)).stdout
    assert riff("template", "add", "-", "--scope", "slack:T1", stdin=TOML).exit_code == 0
    assert "/use pitch: an elevator pitch" in riff("template", "list").stdout
    assert json_of(riff("template", "show", "pitch", "--scope", "slack:T1"))["answer"] == "ideas"
    assert json_of(riff("ask", "/pitch a tea shop", "--json"))["ideas"]
    assert riff("template", "remove", "pitch").exit_code == 0
    assert riff("template", "list").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "stdin", "hint"),
    [
        (("template", "add", "-"), TOML.replace("{product}", "{x}"), "no field"),
        (("template", "add", "-"), "name =", "no TOML"),
        (("template", "add", "nowhere.toml"), "", "cannot be read"),
        (("template", "show", "pitch"), "", "no template"),
        (("template", "list", "--scope", "slack"), "", "platform:workspace"),
        (("voice", "approve", "slack:T1"), "", "nothing waits"),
        (("voice", "set", "slack:T1", "colour", "red"), "", "no field"),
        (("voice", "learn", "slack:T1", "-"), "too few", "at least 30 words"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    riff: Run, arguments: tuple[str, ...], stdin: str, hint: str
) -> None:
    result = riff(*arguments, stdin=stdin)
    assert result.exit_code == 1
    assert isinstance(result.exception, Failure)
    assert hint in result.exception.say


def test_a_voice_is_learned_approved_and_cleared(riff: Run) -> None:
    assert riff("voice", "learn", "slack:T1", "-", stdin=SAMPLES).exit_code == 0
    assert json_of(riff("voice", "show", "slack:T1"))["brand_voice"] == ""
    assert "contractions" in json_of(riff("voice", "approve", "slack:T1"))["brand_voice"]
    assert json.loads(riff("voice", "set", "slack:T1", "avoid", "cheap", "best").stdout)["avoid_words"] == [
        "cheap",
        "best",
    ]
    assert riff("voice", "clear", "slack:T1").exit_code == 0
    assert json_of(riff("voice", "show", "slack:T1"))["avoid_words"] == []
