"""A whole session of four people with ten ideas: how often Riff speaks where all can read it."""

from datetime import UTC, datetime

import pytest

from bot.session.timing import Clock
from tests.slack.conftest import StartRiff
from tests.slack.test_brainstorm import START, said, typed
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import SlackServer

MOST = 9
PEOPLE = ("U1", "U2", "U3", "U4")
IDEAS = (
    "line the lid with cork",
    "a magnet that catches the handle",
    "let a film of water seal the rim",
    "feet made of rubber",
    "air brakes as on a kitchen drawer",
    "a spring that slows the last centimetre",
    "knit a cosy for the whole jar",
    "sing a warning before it shuts",
    "swap the lid for a cloth",
    "a rail that lets it slide in sideways",
)
RIFF = "1. **Felt hinge**: Wrap the hinge in felt.\n2. **Sand bed**: Rest the jar on sand.\n"


async def test_ten_ideas_of_four_people_take_few_messages_of_riffs(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator(RIFF), session={"quiet_seconds": 0.0})
    await typed(slack, riff, START)
    root = slack.workspace.by_riff("C1")[0]
    await typed(slack, riff, "session skip")
    for number, idea in enumerate(IDEAS):
        await said(slack, riff, root, idea, user=PEOPLE[number % 4])
        if number > 3:  # people are quiet for a moment, so that Riff adds something
            await Clock(riff.app.settings.session, riff.app.repositories, "en").tick(datetime.now(UTC))
            await riff.idle()
    await typed(slack, riff, "session board", user="U3")
    await typed(slack, riff, "session skip vote")
    for number, person in enumerate(PEOPLE):
        await said(slack, riff, root, f"{number + 1} 5 9", user=person)
    await typed(slack, riff, "session skip")
    await typed(slack, riff, "session end")
    shown = slack.workspace.by_riff("C1")
    assert len(shown) <= MOST


async def test_what_stands_is_there_once_also_after_a_crash(
    slack: SlackServer, start_riff: StartRiff, monkeypatch: pytest.MonkeyPatch
) -> None:
    riff = await start_riff()
    await typed(slack, riff, START)
    root, _opening = slack.workspace.by_riff("C1")
    state = riff.app.repositories.platform_state
    put, crashes = state.put, set[bool]()

    async def lost(platform: str, name: str, value: object) -> None:
        if name.endswith(":card") not in crashes:
            crashes.add(name.endswith(":card"))
            raise RuntimeError("a crash before it was noted")
        await put(platform, name, value)

    monkeypatch.setattr(state, "put", lost)
    await typed(slack, riff, "session skip")
    assert len(crashes) == 2
    asked = [one for one in slack.workspace.by_riff("C1", root.ts) if "Ideas, please." in one.shown]
    assert len(asked) == 1
    assert len(slack.workspace.by_riff("C1")) == 3
    assert "collecting ideas" in str(root.blocks)
