"""Moderators look at what was stopped in a channel of their own, or in their direct messages."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.places.review_desk import ReviewClock
from storage.values.records import Review
from tests.slack.conftest import Riff, StartRiff
from tests.support.light import FORBIDDEN
from tests.support.slack_server import BOT, SlackServer
from tests.support.slack_server.state import Message, buttons


async def typed(slack: SlackServer, riff: Riff, words: str, *, user: str = "U1") -> str:
    await slack.deliver("slash_commands", slack.command(words, user=user))
    await riff.idle()
    return slack.workspace.ephemeral[-1].shown


async def stopped(slack: SlackServer, riff: Riff, text: str, *, channel: str = "C1") -> None:
    said = text if channel.startswith("D") else f"<@{BOT}> {text}"
    await slack.deliver_event(slack.say(channel, said, user="U7"))
    await riff.idle()


async def look(riff: Riff, *, later: float = 0) -> None:
    """The clock looks, as another process would."""
    clock = ReviewClock(riff.app.repositories, "en")
    await clock.tick(datetime.now(UTC) + timedelta(seconds=later))
    await riff.idle()


async def press(slack: SlackServer, riff: Riff, shown: Message, label: str, *, user: str) -> None:
    await slack.deliver("interactive", slack.press(shown, buttons(shown)[label], user=user))
    await riff.idle()


async def test_moderators_decide_in_their_channel_and_the_first_one_counts(
    slack: SlackServer, start_riff: StartRiff, tmp_path: Path
) -> None:
    slack.api.admins, slack.api.private = {"U1"}, {"CM": ["U2", "U3"]}
    riff = await start_riff(storage={"url": f"sqlite:///{tmp_path}/riff.db", "keep_audit_text": True})
    assert "Only this workspace's admins" in await typed(
        slack, riff, "admin moderators <#CM|mods>", user="U2"
    )
    assert "I say so there now" in await typed(slack, riff, "admin moderators <#CM|mods>")
    (welcome,) = slack.workspace.by_riff("CM")
    assert "what moderation stopped" in welcome.shown
    await stopped(slack, riff, f"one {FORBIDDEN} <@U9> *b*")
    await stopped(slack, riff, f"two {FORBIDDEN}", channel="D7")
    await stopped(slack, riff, f"three {FORBIDDEN}")
    await asyncio.gather(look(riff), look(riff))
    (shown,) = slack.workspace.by_riff("CM")[1:]
    assert "2 texts to look at." in shown.shown
    assert f"one {FORBIDDEN}" in shown.shown
    assert "two" not in shown.shown, "what somebody says to Riff alone is nobody's to read"
    assert FORBIDDEN not in shown.text, "a notification covers nothing"
    assert not any(FORBIDDEN in one.shown for one in slack.workspace.by_riff("C1"))
    both = [
        slack.press(shown, buttons(shown)[label], user=user)
        for label, user in (("Approve", "U2"), ("Uphold", "U3"))
    ]
    await asyncio.gather(*(slack.deliver("interactive", one) for one in both))
    await riff.idle()
    first, second = await riff.app.repositories.audit.batch(await newest_batch(riff))
    assert first.review in {Review.APPROVED, Review.UPHELD}
    done, name = ("approved", "name of U2") if first.review is Review.APPROVED else ("upheld", "name of U3")
    assert f"{done.capitalize()} by {name}." in shown.shown
    assert "1 text to look at." in shown.shown
    assert f"{name} has {done} number {first.id} already." in slack.workspace.ephemeral[-1].shown
    told = len(slack.workspace.ephemeral)
    await slack.deliver("interactive", both[0])
    await riff.idle()
    assert len(slack.workspace.ephemeral) == told, "one press counts once"

    await press(slack, riff, shown, "Add a rule", user="U3")
    await slack.settled(lambda: slack.workspace.views)
    await slack.deliver(
        "interactive", slack.submit(slack.workspace.views[-1], {"term": "plumbus"}, user="U3")
    )
    await riff.idle()
    assert "All of these are looked at." in shown.shown
    assert "Upheld by name of U3." in shown.shown
    assert buttons(shown) == {}
    (kept,) = await riff.app.policies.changes(1)
    assert (kept.key, kept.after, kept.scope.channel) == ("blocklist", ["plumbus"], "C1")
    reviewed = await riff.app.repositories.audit.entry(second.id)
    assert reviewed is not None
    assert (reviewed.review, reviewed.reviewer_id) == (Review.UPHELD, kept.person_id)


async def test_texts_stay_out_of_a_channel_that_all_read_and_only_admins_decide_there(
    slack: SlackServer, start_riff: StartRiff, tmp_path: Path
) -> None:
    slack.api.admins = {"U1"}
    riff = await start_riff(storage={"url": f"sqlite:///{tmp_path}/riff.db", "keep_audit_text": True})
    await typed(slack, riff, "admin moderators <#CM|mods>")
    for number in range(7):
        await stopped(slack, riff, f"{number} {FORBIDDEN}")
    await look(riff)
    await look(riff)
    (shown,) = slack.workspace.by_riff("CM")[1:]
    assert "5 texts to look at. 2 more wait. Others can read along here" in shown.shown
    assert FORBIDDEN not in shown.shown
    await look(riff, later=61)
    assert "2 texts" in slack.workspace.by_riff("CM")[2].shown
    await press(slack, riff, shown, "Approve", user="U2")
    assert "Only those can do that who moderate here." in slack.workspace.ephemeral[-1].shown
    await press(slack, riff, shown, "Approve", user="U1")
    assert "Approved by name of U1." in shown.shown

    await typed(slack, riff, "admin moderators <@U5> <@U6>")
    assert "what moderation stopped" in slack.workspace.by_riff("D6")[0].shown
    await stopped(slack, riff, f"last {FORBIDDEN}")
    await look(riff, later=122)
    alone = slack.workspace.by_riff("D5")[-1]
    assert f"last {FORBIDDEN}" in alone.shown
    await press(slack, riff, alone, "Uphold", user="U5")
    assert "Upheld by name of U5." in alone.shown
    await press(slack, riff, shown, "Uphold", user="U1")
    assert "Only those can do that" in slack.workspace.ephemeral[-1].shown, (
        "moderators are told elsewhere now"
    )


async def newest_batch(riff: Riff) -> int:
    recent = await riff.app.repositories.audit.recent(20)
    return max(entry.batch or 0 for entry in recent)
