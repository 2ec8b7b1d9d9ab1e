"""A new command is one file: help, usage, parser, form and completion have it from its declaration."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config.settings import LimitSettings
from bot.core.commands import Kind, all_commands, command_named, is_private, parse, render, usage_of
from bot.core.domain import Account, Invocation
from bot.core.errors import CommandError
from bot.interactions.completion import LineCompletion
from bot.interactions.form_answers import FormAnswers, form_for
from bot.interactions.resolver import resolve
from tests.bot.conftest import MakeApp, make_app  # noqa: F401 - a fixture
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming
from tests.support.new_command import pack_added

PLACE, AUTHOR = incoming("").place, Account("test", "w1", "u1")
ASKED = Invocation("pack", "list", {"days": 3, "place": "the sea", "weather": "rain", "with": ("Ann", "Bo")})


@pytest.fixture(autouse=True)
def _pack(tmp_path: Path) -> Iterator[None]:
    folder = tmp_path / "commands"
    folder.mkdir()
    with pack_added(folder):
        yield


def test_it_is_parsed_rendered_and_shown_by_its_declaration() -> None:
    command = command_named("pack")
    assert usage_of(command) == (
        "/pack list [DAYS] PLACE [--weather sun|rain|snow] [--with W,W] [--light] | clear"
    )
    assert parse(command, 'list three the sea --weather rain --with "Ann, Bo"') == ASKED
    assert parse(command, 'the sea --days 3 --weather rian --with "Ann, Bo"') == ASKED
    assert render(command, ASKED) == '/pack list 3 the sea --weather rain --with "Ann, Bo"'
    assert is_private("pack", "list")
    with pytest.raises(CommandError, match="from 1 to 30"):
        parse(command, "list 90 the sea")
    with pytest.raises(CommandError, match="/pack"):
        command_named("pak")


async def test_its_form_opens_and_comes_to_the_same_invocation(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(ScriptedGenerator())
    asked = await resolve("/pack list --weather rain", app.repositories.templates, PLACE)
    assert asked is not None
    form = await form_for(asked, AUTHOR, PLACE, app.repositories, LimitSettings(), by_admin=False)
    assert form is not None
    assert (form.name, form.title, [field.name for field in form.fields]) == (
        "pack/list",
        "Pack",
        ["place", "days", "weather", "with", "light"],
    )
    assert form.fields[2].default == "rain"
    assert form.fields[2].kind is Kind.CHOICE
    filled = {"place": "the sea", "days": "3", "weather": "rain", "with": "Ann, Bo", "light": False}
    ask = await FormAnswers(app.repositories).submit(form.name, form.target, filled, AUTHOR, PLACE)
    assert ask.request == ASKED


async def test_it_answers_text_and_values_alike(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(ScriptedGenerator())
    line = render(all_commands()["pack"], ASKED)
    told = []
    for message in (incoming(line), replace(incoming(line), request=ASKED), incoming("/pack list")):
        channel = RecordingChannel()
        await app.pipeline.handle(message, channel)
        told += [notice.text for notice in channel.notices]
    answer = "all for 3 days at the sea in rain with 2"
    assert told == [answer, answer, "Where to? Say /pack list sea"]


async def test_only_admins_may_do_what_is_for_them(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(ScriptedGenerator())
    told = []
    for by_admin in (False, True):
        channel = RecordingChannel()
        await app.pipeline.handle(replace(incoming("/pack clear"), by_admin=by_admin), channel)
        told.append(channel.notices[0].text)
    assert "manage this workspace" in told[0]
    assert told[1] == "Nothing is packed."


async def test_help_and_completion_have_it(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(ScriptedGenerator())
    shown = []
    for line in ("/help all", "/help pack"):
        channel = RecordingChannel()
        await app.pipeline.handle(incoming(line), channel)
        shown.append("\n".join(notice.text for notice in channel.notices))
    assert "/pack: what to take along. Example: /pack list 3 the sea" in shown[0]
    assert "/pack list [DAYS] PLACE" in shown[1]
    completion = LineCompletion(AUTHOR, PLACE, app.repositories)
    offered = {
        line: [offer.text for offer in await completion.offers(line)]
        for line in ("/pa", "/pack ", "/pack list sea --we", "/pack list sea --weather s")
    }
    assert offered == {
        "/pa": ["/pack"],
        "/pack ": ["list", "clear"],
        "/pack list sea --we": ["--weather"],
        "/pack list sea --weather s": ["sun", "snow"],
    }
