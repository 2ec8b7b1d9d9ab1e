"""A brainstorm for later, as a Slack channel sees it."""

import re
from datetime import UTC, datetime, timedelta

from bot.session.planned_jobs import PlanClock
from tests.slack.conftest import Riff, StartRiff
from tests.support.slack_server import BOT, SlackServer
from tests.support.slack_server.state import buttons


async def typed(slack: SlackServer, riff: Riff, words: str, *, user: str = "U1") -> str:
    await slack.deliver("slash_commands", slack.command(words, user=user))
    await riff.idle()
    return slack.workspace.ephemeral[-1].shown


async def look(riff: Riff, at: datetime) -> None:
    await PlanClock(riff.app.repositories, "en").tick(at)
    await riff.idle()


async def test_it_is_announced_in_each_readers_time_and_begins_in_a_thread_of_its_own_also_after_a_restart(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    slack.api.zones = {"U1": "Asia/Tokyo"}
    riff = await start_riff()
    told = await typed(slack, riff, 'session start "quieter lids" 20 tomorrow at 15:00')
    assert "15:00 (Asia/Tokyo). /riff session move 1" in told
    (announced,) = slack.workspace.by_riff("C1")
    assert announced.thread_ts == ""
    assert "quieter lids" in announced.shown
    assert "Planned by name of U1." in announced.shown
    stamp = re.search(r"<!date\^(\d+)\^\{date_long_pretty\}, \{time\}\|", announced.shown)
    assert stamp is not None
    starts = datetime.fromtimestamp(int(stamp[1]), UTC)
    assert starts.hour == 6
    await riff.stop()

    riff = await start_riff()
    await look(riff, starts - timedelta(minutes=5))
    assert "begins soon" in slack.workspace.by_riff("C1")[-1].shown
    await look(riff, starts + timedelta(seconds=3))
    *_before, root, opening = slack.workspace.by_riff("C1")
    assert "The brainstorm begins." in root.shown
    assert opening.thread_ts == root.ts
    assert "A brainstorm begins." in opening.shown
    (running,) = await riff.app.repositories.brainstorms.running()
    assert running.place.thread == root.ts
    await slack.deliver("interactive", slack.press(opening, buttons(opening)["Next"]))
    await riff.idle()
    idea = slack.say("C1", "line the lid with cork", user="U2", thread=root.ts, parent_user_id=BOT)
    await slack.deliver_event(idea)
    await riff.idle()
    assert slack.workspace.messages["C1", idea["ts"]].reactions == ["bulb"]


async def test_its_button_calls_it_off_for_who_planned_it_alone(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    await typed(slack, riff, 'session start "lids" --when "12月24日晚上8点" --zone Asia/Shanghai')
    (announced,) = slack.workspace.by_riff("C1")
    off = buttons(announced)["Call it off"]
    await slack.deliver("interactive", slack.press(announced, off, user="U2"))
    await riff.idle()
    assert "Only name of U1 or those who manage" in slack.workspace.ephemeral[-1].shown
    for _twice in range(2):
        await slack.deliver("interactive", slack.press(announced, off))
        await riff.idle()
    assert len(slack.workspace.by_riff("C1")) == 2
    assert "is called off" in slack.workspace.by_riff("C1")[-1].shown
    assert "No brainstorm is planned here" in await typed(slack, riff, "session planned")
