"""Numbers of 5,000 digits, brackets a thousand deep, and other values: one sentence, and no traceback."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import app as cli
from bot.core.commands import all_commands
from bot.core.domain import Outcome
from tests.bot.conftest import MakeApp, make_app
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

__all__ = ["make_app"]

DIGITS = "9" * 5000
WORDS = {  # of at most 2,000 characters, so that they come as far as a command
    "many digits": "9" * 1999,
    "digits with spaces": " ".join(["9" * 1999] * 3),
    "a long number": "9" * 30,
    "beyond 64 bits": str(2**63),
    "negative": "-1",
    "other digits": "٣²①",
    "not a number": "nan 1e999 inf",
    "brackets": "[" * 1000,
    "braces": "{" * 1000,
    "parentheses": "(" * 999 + ")" * 999,
    "quotes": '"' * 999,
    "dashes": "--" * 500,
    "options": "--count 99999999999999999999 --length " + "9" * 1500,
    "toml": "name = 'x'\nprompt = " + "[" * 900,
    "percent": "%s %n {0} {x!r:>999999} ${IFS}",
    "nul": "\x00\ud800\u202e\ufeff",
}
EXTRA = (
    "/session start {value}", "/session board {value}", "/session extend {value}", "/session vote {value}",
    "/session export {value}", "/profile set tone {value}", "/profile delete {value}", "/voice learn {value}",
    "/template add {value}", "/template show {value}", "/like {value}", "/combine {value}", "/link {value}",
    "/brainstorm {value} cups", "/brainstorm --count {value} cups", "/recall {value}", "/{value}", "{value}",
)  # fmt: skip
ASKED = tuple(dict.fromkeys([*(f"/{name} {{value}}" for name in all_commands()), *EXTRA]))


@pytest.mark.parametrize("value", WORDS.values(), ids=WORDS)
async def test_no_value_of_a_command_is_trouble(
    make_app: MakeApp, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = await make_app(ScriptedGenerator("1. **One**: Do it.\n2. **Two**: Do it again.\n"))
    failed = []
    for number, asked in enumerate(ASKED):
        text = asked.replace("{value}", value)
        reply = await app.pipeline.handle(
            incoming(text, thread=f"t{number}", direct=number % 2 == 0), RecordingChannel()
        )
        if reply.outcome is Outcome.FAILED and "the log has it" in reply.text:
            failed.append((asked, reply.text))
    assert not failed
    assert not [record for record in caplog.records if record.exc_info], "no traceback"


def run(*arguments: str, config: str = "", stdin: str | None = None, folder: Path) -> str:
    """What `riff` says, which must be a sentence."""
    given = []
    if config:
        file = folder / "riff.toml"
        file.write_text(config, encoding="utf-8")
        given = ["--config", str(file)]
    result = CliRunner().invoke(cli, [*given, *arguments], input=stdin)
    error = result.exception
    if error is None or isinstance(error, SystemExit):
        return result.output
    assert type(error).__name__ == "Failure", repr(error)
    return str(error)


@pytest.mark.parametrize(
    "config",
    [
        f"[slack]\nport = {DIGITS}\n",
        f"[slack]\nport = {'9' * 4000}\n",
        f"[moderation]\nblocklist = {'[' * 3000}\n",
        f"[moderation]\nblocklist = {'[' * 3000}{']' * 3000}\n",
        f"[moderation]\ntopics = {'{ a = ' * 2000}\n",
        f"{'[' * 3000}\n",
        f"[{'a.' * 3000}b]\n",
        f"[limits]\nideas = 1e{DIGITS}\n",
        "[generator]\nseed = 0x" + "f" * 5000 + "\n",
    ],
    ids=range(9),
)
def test_a_configuration_that_cannot_be_read_is_one_sentence(tmp_path: Path, config: str) -> None:
    assert 10 < len(run("doctor", config=config, folder=tmp_path)) < 2000


LINES = (DIGITS, "[" * 100_000, '{"id": ' * 50_000, f'{{"id": {DIGITS}, "text": "x"}}', "nan")


@pytest.mark.parametrize("value", LINES, ids=range(5))
def test_a_variable_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("RIFF_STORAGE__URL", f"sqlite:///{tmp_path}/riff.db")
    for name in ("MODERATION__BLOCKLIST", "LIMITS__IDEAS", "MODERATION__TOPICS", "GENERATOR__ENSEMBLE"):
        monkeypatch.setenv(f"RIFF_{name}", value)
        assert run("usage", folder=tmp_path)
        monkeypatch.delenv(f"RIFF_{name}")


@pytest.mark.parametrize("value", LINES, ids=range(5))
def test_a_line_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("RIFF_STORAGE__URL", f"sqlite:///{tmp_path}/riff.db")
    file = tmp_path / "lines.jsonl"
    file.write_text(value + "\n", encoding="utf-8")
    said = run("ask", "--input", str(file), "--output", str(tmp_path / "out.jsonl"), folder=tmp_path)
    assert "line 1" in said
    assert run("settings", "set", "test:w1", "blocklist", value, folder=tmp_path)
