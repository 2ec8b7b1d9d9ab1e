"""What fits while somebody types: in a terminal's line, and for one option of a native command."""

from dataclasses import replace

import pytest

from bot.app import App
from bot.core.commands import command_named
from bot.core.domain import Account
from bot.interactions.completion import LineCompletion, completions
from bot.language import speaking
from storage.errors import UnreachableError
from tests.bot.conftest import MakeApp, make_app  # noqa: F401 - a fixture
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

AUTHOR, PLACE = Account("test", "w1", "u1"), incoming("", direct=False).place
TOML = """
name = "pitch"
summary = "a pitch"
prompt = "a pitch for {product}[ to {listener}]"

[[fields]]
name = "product"
required = true

[[fields]]
name = "listener"
kind = "choice"
choices = ["investors", "our customers"]
"""


async def said(app: App, *lines: str) -> None:
    for line in lines:
        message = replace(incoming(line, direct=False), by_admin=True, mentioned=True)
        await app.pipeline.handle(message, RecordingChannel())


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("hello", []),
        ("/sess", ["/session"]),
        ("/session ex", ["extend", "export"]),
        ("/session nonsense ", []),
        ("/session skip ", ["diverge", "vote", "converge"]),
        ('/session start "a b" 20 six', ['"six hats"']),
        ('/session start lids --technique "six ha', ['"six hats"']),
        ("/session board ", ["dark"]),
        ("/session start lids --vo", ["--votes"]),
        ("/session start lids --votes 3 --n", ["--named"]),
        ("/ad a class --format so", ["social"]),
        ("/ad a class --format social --fo", []),
        ("/voice set av", ["avoid"]),
        ("/help brainst", ["brainstorm"]),
        ("/pit", []),
    ],
)
async def test_a_line_is_completed_without_any_memory(line: str, offered: list[str]) -> None:
    found = await LineCompletion(AUTHOR, PLACE).offers(line)
    assert [offer.text for offer in found][: max(1, len(offered))] == offered


async def test_a_city_completes_its_time_zone() -> None:
    zone = command_named("session").verbs[0].option("zone")
    assert zone is not None
    found = await completions(None, zone, "berl", AUTHOR, PLACE)
    assert found[0].value == "Europe/Berlin"
    assert len(found) <= 25


async def test_choices_are_found_by_what_they_are_called() -> None:
    technique = command_named("session").verbs[0].option("technique")
    assert technique is not None
    with speaking("zh-CN"):
        (first, *_others) = await completions(None, technique, "六", AUTHOR, PLACE)
    assert (first.value, first.label) == ("six hats", "六顶思考帽")


async def test_templates_voices_and_ideas_on_the_board_are_completed(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(ScriptedGenerator("x"))
    await said(app, f"/template add\n{TOML}", "/voice set description warm and plain")
    await said(app, '/session start "lids" 20', "/session skip", "/session idea a ring of cork")
    completion = LineCompletion(AUTHOR, PLACE, app.repositories)

    async def offered(line: str) -> list[str]:
        return [offer.text for offer in await completion.offers(line)]

    assert await offered("/pit") == ["/pitch"]
    assert await offered("/use pi") == ["pitch"]
    assert await offered("/use pitch tea --li") == ["--listener"]
    assert (await offered("/pitch tea --listener our"))[0] == '"our customers"'
    assert await offered("/template show ") == ["pitch"]
    assert await offered("/ad tea --voice wa") == ['"warm and plain"']
    assert await offered("/session vote ") == ["1"]
    assert await offered("/session vote 1") == ["1"]


async def test_what_needs_no_memory_is_completed_where_memory_is_away(
    make_app: MakeApp,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = await make_app(ScriptedGenerator("x"))

    async def away(*_given: object) -> None:
        raise UnreachableError("away")

    monkeypatch.setattr(app.repositories.templates, "of", away)
    found = await LineCompletion(AUTHOR, PLACE, app.repositories).offers("/brain")
    assert [offer.text for offer in found] == ["/brainstorm"]
