"""A command that is added as one file is one of Slack's too: its line, its modal and its answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.slack.conftest import StartRiff
from tests.support.new_command import pack_added
from tests.support.slack_server import SlackServer

ANSWER = "little for 3 days at the sea in rain with 2"


@pytest.fixture(autouse=True)
def _pack(tmp_path: Path) -> Iterator[None]:
    folder = tmp_path / "commands"
    folder.mkdir()
    with pack_added(folder):
        yield


async def test_its_line_is_read_by_its_declaration(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff()
    line = 'pack list three the sea --weather rian --with "Ann, Bo" --light'
    await slack.deliver("slash_commands", slack.command(line))
    await riff.idle()
    assert slack.workspace.ephemeral[-1].shown == ANSWER
    await slack.deliver("slash_commands", slack.command("pack clear"))
    await riff.idle()
    assert "manage this workspace" in slack.workspace.ephemeral[-1].shown
    assert slack.workspace.by_riff() == []


async def test_its_modal_asks_for_what_it_takes(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff()
    await slack.deliver("slash_commands", slack.command("pack list"))
    await slack.settled(lambda: slack.workspace.views)
    (view,) = slack.workspace.views
    asked = {block["block_id"]: block["element"]["type"] for block in view["blocks"]}
    assert asked == {
        "place": "plain_text_input",
        "days": "number_input",
        "weather": "static_select",
        "with": "plain_text_input",
        "light": "static_select",
    }
    filled = {"place": "the sea", "days": "3", "weather": "rain", "with": "Ann, Bo", "light": "yes"}
    await slack.deliver("interactive", slack.submit(view, filled))
    await riff.idle()
    assert slack.workspace.ephemeral[-1].shown == ANSWER
