"""Each person is spoken to in their own language; Slack is asked for it once, and need not answer."""

import pytest

from bot.core.domain import Account
from bot.language import LOCALE
from tests.slack.conftest import Riff, StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import BOT, SlackServer


async def locales_in(riff: Riff, slack: SlackServer, *users: str) -> list[str]:
    """Which locale the pipeline was told for a mention by each of the people, and in which one it answered."""
    heard: list[str] = []
    handle = riff.app.pipeline.handle

    async def listening(incoming, channel, *, resume=False):  # type: ignore[no-untyped-def]
        begin = channel.begin

        async def beginning(*, private: bool) -> None:
            heard.extend([incoming.locale, LOCALE.get()])
            await begin(private=private)

        channel.begin = beginning
        return await handle(incoming, channel, resume=resume)

    riff.app.pipeline.handle = listening  # type: ignore[method-assign]
    for user in users:
        await slack.deliver_event(slack.say("C1", f"<@{BOT}> of lanterns", user=user))
        await riff.idle()
    return heard


async def test_the_pipeline_knows_the_language_of_each_person(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    slack.api.locales = {"U1": "zh-CN", "U2": "de-DE"}
    riff = await start_riff(ScriptedGenerator("Hello."))
    heard = await locales_in(riff, slack, "U1", "U2", "U1")
    assert heard == ["zh-CN", "zh-CN", "de-DE", "de-DE", "zh-CN", "zh-CN"]
    assert [given["user"] for method, given in slack.api.calls if method == "users.info"] == ["U1", "U2"]


@pytest.mark.parametrize("trouble", [("missing_scope", 0.0), ("ratelimited", 30.0)])
async def test_who_cannot_be_asked_for_is_answered_all_the_same(
    slack: SlackServer, start_riff: StartRiff, trouble: tuple[str, float]
) -> None:
    slack.api.failures["users.info"] = [trouble]
    riff = await start_riff(ScriptedGenerator("Hello."))
    assert await locales_in(riff, slack, "U1", "U1") == ["", "en", "", "en"]
    assert [one.shown for one in slack.workspace.by_riff()] == ["Hello.", "Hello."]


async def test_modals_and_home_are_in_the_language_of_whoever_opens_them(
    slack: SlackServer, start_riff: StartRiff, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.api.locales = {"U1": "zh-CN", "U2": "de-DE"}
    for module in ("app_home", "modals"):
        monkeypatch.setattr(
            f"adapters.slack.rendering.{module}._", lambda message: f"{LOCALE.get()} {message}"[:20]
        )
    riff = await start_riff()
    person = await riff.app.repositories.people.find_or_create(Account("slack", "T0TEAM", "U2"))
    await riff.app.repositories.people.update_profile(person, {"language": "English"})
    for user in ("U1", "U2"):
        await slack.deliver("slash_commands", slack.command("profile edit", user=user))
        await slack.deliver_event({"type": "app_home_opened", "user": user, "channel": "D1", "tab": "home"})
    await slack.settled(lambda: len(slack.workspace.views) == len(slack.workspace.homes) == 2)
    assert {view["close"]["text"] for view in slack.workspace.views} == {"zh-CN Cancel", "en Cancel"}
    assert "zh-CN Settings" in str(slack.workspace.homes["U1"])
    assert "en Settings" in str(slack.workspace.homes["U2"])


async def test_who_chooses_another_language_hears_it_at_once(
    slack: SlackServer, start_riff: StartRiff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.handling.admin._", lambda message, **_: f"{LOCALE.get()} {message}")
    riff = await start_riff()
    told = []
    for words in ("admin limit 1", "profile set language Chinese", "admin limit 1"):
        await slack.deliver("slash_commands", slack.command(words))
        await riff.idle()
        told.append(slack.workspace.ephemeral[-1].shown)
    assert told[0].startswith("en-US Only")
    assert told[2].startswith("zh")
