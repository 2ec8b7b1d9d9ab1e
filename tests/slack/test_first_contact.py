"""First contact in Slack: invited, opened, greeted; the agent's tab with its threads, sessions and native stop."""

from typing import Any

from adapters.slack.handling.assistant_pane import suggested
from bot.core.domain import Place, Profile, Task
from genai.answers.requests import understand
from tests.slack.conftest import StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import BOT, SlackServer
from tests.support.slack_server.state import buttons

BEGINNINGS = ["Ideas", "Names", "Copy", "Ad", "Team session", "My profile"]
CONTEXT = {"entities": [{"type": "slack#/types/channel_id", "value": "C1", "team_id": "T0TEAM"}]}


def joined(channel: str, ts: str, user: str = BOT) -> dict[str, Any]:
    return {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel,
        "inviter": "U1",
        "event_ts": ts,
    }


def opened(ts: str, **more: Any) -> dict[str, Any]:
    event = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages", "event_ts": ts}
    return event | more


async def test_invited_riff_introduces_itself_once_and_its_buttons_open_forms(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator("1. **Jar**: Lend jars.\n2. **Card**: Stamp it."))
    await slack.deliver_event(joined("C1", "1.1", user="U2"))
    await slack.deliver_event(joined("C1", "1.2"))
    await slack.deliver_event(joined("C1", "1.2"))
    await riff.idle()
    await slack.deliver_event(joined("C1", "1.3"))
    await riff.idle()
    (welcome,) = slack.workspace.by_riff("C1")
    assert welcome.thread_ts == ""
    assert welcome.shown.count("\n") == 2
    assert "brainstorming partner" in welcome.text
    assert list(buttons(welcome)) == BEGINNINGS
    for label, form in (("Ideas", "brainstorm/"), ("My profile", "profile/edit")):
        await slack.deliver("interactive", slack.press(welcome, buttons(welcome)[label]))
        await slack.settled(
            lambda form=form: slack.workspace.views[-1:] and form in str(slack.workspace.views[-1])
        )
    ideas = next(view for view in slack.workspace.views if view["callback_id"] == "riff-brainstorm/")
    await slack.deliver("interactive", slack.submit(ideas, {"topic": "jars"}))
    await riff.idle()
    root, answer = slack.workspace.by_riff("C1")[1:]
    assert root.thread_ts == ""  # a thread of its own, not under the introduction
    assert answer.thread_ts == root.ts
    assert "Lend jars" in answer.shown


async def test_a_greeting_is_answered_with_the_introduction_in_its_thread(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    slack.api.locales["U1"] = "zh-CN"
    riff = await start_riff(ScriptedGenerator("Chat."))
    said = slack.say("C1", f"<@{BOT}> 你能做什么？")
    await slack.deliver_event(said)
    await riff.idle()
    (welcome,) = slack.workspace.by_riff("C1", said["ts"])
    assert len(buttons(welcome)) == len(BEGINNINGS)
    assert "Riff" in welcome.shown
    assert "Hi," not in welcome.shown


async def test_the_messages_tab_greets_once_and_suggests_whole_requests_each_time(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    slack.api.is_agent = True
    riff = await start_riff(ScriptedGenerator("1. **Jar**: Lend jars.\n2. **Card**: Stamp it."))
    for ts in ("1.1", "1.2"):
        await slack.deliver_event(opened(ts, context=CONTEXT))
    await slack.settled(lambda: len(slack.workspace.prompts) == 2)
    (welcome,) = slack.workspace.by_riff("D1")
    assert list(buttons(welcome)) == BEGINNINGS
    assert "Mention me" not in welcome.shown
    assert not any("thread_ts" in prompts for prompts in slack.workspace.prompts)
    prompt = slack.workspace.prompts[-1]["prompts"][0]["message"]
    said = slack.say("D1", prompt)
    await slack.deliver_event(said)
    await riff.idle()
    (answer,) = slack.workspace.by_riff("D1")[1:]
    assert answer.thread_ts == said["ts"]
    assert "*1. Jar*" in answer.shown
    assert [status for *_, status in slack.workspace.sessions] == ["processing", "active"]
    assert slack.workspace.titles["D1", said["ts"]] == prompt
    assert slack.workspace.statuses == []


async def test_the_native_stop_ends_the_answer_of_its_thread(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    slack.api.is_agent = True
    riff = await start_riff(ScriptedGenerator("A slow answer. " * 200, seconds=0.05, size=15))
    await slack.deliver_event(
        {"type": "app_context_changed", "user": "U1", "channel": "D1", "context": CONTEXT}
    )
    said = slack.say("D1", "of lanterns")
    await slack.deliver_event(said)
    await slack.settled(lambda: any(one.streaming for one in slack.workspace.by_riff("D1", said["ts"])))
    growing = slack.workspace.by_riff("D1", said["ts"])[0]
    assert "Stop" not in buttons(growing)
    stop = {
        "type": "agent_session_stopped",
        "channel": "D1",
        "thread_ts": said["ts"],
        "streaming_message_ts": [],
    }
    await slack.deliver_event(stop | {"user": "U1", "event_ts": "9.9"})
    await riff.idle()
    shown = " ".join(one.shown for one in slack.workspace.by_riff("D1", said["ts"]))
    assert "Stopped." in shown
    assert shown.count("A slow answer") < 200
    assert slack.workspace.sessions[-1] == ("D1", said["ts"], "active")


async def test_an_older_app_keeps_its_pane_and_its_direct_messages(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator("Fine."))
    await slack.deliver_event(slack.say("D1", "of lanterns"))
    await riff.idle()
    (answer,) = slack.workspace.by_riff("D1")
    assert answer.thread_ts == ""
    assert slack.workspace.sessions == []


async def test_a_brainstorm_where_riff_is_no_member_says_how_to_invite_it(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    slack.workspace.members = {"C2"}
    riff = await start_riff(ScriptedGenerator("Fine."))
    await slack.deliver("slash_commands", slack.command('session start "lids"', channel="C1"))
    await riff.idle()
    assert "/invite @Riff" in slack.workspace.responses[-1]["text"]
    assert await riff.app.repositories.brainstorms.newest_around(Place("slack", "T0TEAM", "C1")) is None


def test_suggested_prompts_are_whole_requests() -> None:
    prompts = [message for _title, message in suggested(Profile(interests=("lanterns",), audience="parents"))]
    asked = [understand(message) for message in prompts]
    assert [one.task if one else None for one in asked] == [
        Task.BRAINSTORM,
        Task.COPY,
        Task.NAME,
        Task.RECOMMEND,
    ]
    assert "lanterns" in prompts[0]
    assert "parents" in prompts[1]
