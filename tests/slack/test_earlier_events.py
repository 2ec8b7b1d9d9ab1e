"""What lay in the inbox, or in an open modal, before an upgrade is answered after it."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from bot.core.domain import Account, Place
from bot.jobs.inbox import NewEvent
from tests.slack.conftest import Riff, StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import SlackServer

IDEAS = "1. **Stamp Card**: Give a stamp for each refill.\n2. **Shelf Swap**: Swap jars by the door.\n"
ME = Account("slack", "T0TEAM", "U1")
_numbers = count(1)


async def kept(riff: Riff, kind: str, values: dict[str, Any], text: str = "") -> None:
    """An event as it was kept when forms had other names, and shortcuts were only texts."""
    event_id = f"v:V{next(_numbers)}"
    payload = {
        "kind": kind,
        "event_id": event_id,
        "team": "T0TEAM",
        "enterprise": "",
        "user": "U1",
        "channel": "C1",
        "ts": "",
        "thread": "",
        "text": text,
        "recipient_team": "T0TEAM",
        "response_url": "",
        "values": values,
    }
    await riff.app.inbox.add(NewEvent(event_id, ME, event_id, datetime.now(UTC), payload))
    await riff.idle()


@pytest.mark.parametrize(
    ("name", "fields", "asked"),
    [
        (
            "brainstorm",
            {"topic": "tea shops", "count": "2", "audience": "students", "tone": "playful", "technique": ""},
            ("tea shops", "students", "playful"),
        ),
        ("ask-slogan", {"topic": "jam jars", "count": "2", "tone": "bold"}, ("jam jars", "bold")),
    ],
)
async def test_earlier_forms_that_ask_are_answered(
    slack: SlackServer, start_riff: StartRiff, name: str, fields: dict[str, str], asked: tuple[str, ...]
) -> None:
    generator = ScriptedGenerator(IDEAS)
    riff = await start_riff(generator)
    await kept(riff, "form", {"name": name, "target": "", "fields": fields})
    root, answer = slack.workspace.by_riff("C1")
    assert fields["topic"] in root.shown
    assert "Stamp Card" in answer.shown
    turns = " ".join(turn.content for turn in generator.requests[0].turns)
    assert all(word in turns for word in asked)


async def test_earlier_forms_that_teach_riff_are_kept(slack: SlackServer, start_riff: StartRiff) -> None:
    slack.api.admins.add("U1")
    riff = await start_riff(ScriptedGenerator("Bring a jar."))
    profile = {"role": "baker", "tone": "playful", "interests": "tea, jam", "display_name": ""}
    await kept(riff, "form", {"name": "profile", "target": "", "fields": profile})
    voice = {
        "brand_voice": "warm",
        "use_words": "fresh",
        "avoid_words": "",
        "voice_examples": "Come in.\nStay.",
    }
    await kept(riff, "form", {"name": "voice", "target": "", "fields": voice})
    template = {
        "name": "pitch",
        "summary": "a pitch",
        "prompt": "Pitch {product}.",
        "fields": "product*",
        "rules": "",
    }
    await kept(riff, "form", {"name": "template", "target": "", "fields": template})
    used = {"name": "ask-template", "target": "pitch", "fields": {"product": "jam jars"}}
    await kept(riff, "form", used)
    people, channels = riff.app.repositories.people, riff.app.repositories.channels
    known = await people.profile(await people.find_or_create(ME))
    assert (known.role, known.tone, known.interests) == ("baker", "playful", ("tea", "jam"))
    spoken = await channels.voice(Place("slack", "T0TEAM", "C1"))
    assert (spoken.brand_voice, spoken.use_words, spoken.voice_examples) == (
        "warm",
        ("fresh",),
        ("Come in.", "Stay."),
    )
    assert "Bring a jar." in slack.workspace.by_riff("C1")[-1].shown


async def test_an_earlier_shortcut_and_an_earlier_command_are_answered(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    generator = ScriptedGenerator("**Swap Shelf**: A shelf where jars are swapped.")
    riff = await start_riff(generator)
    await kept(riff, "shortcut", {"text": "/improve a swap shelf in the lobby"})
    assert "a swap shelf in the lobby" in generator.requests[0].turns[-1].content
    await kept(riff, "command", {"typed": "profile set tone bold"}, "profile set tone bold")
    people = riff.app.repositories.people
    assert (await people.profile(await people.find_or_create(ME))).tone == "bold"
    assert "What I remember of you" in slack.workspace.ephemeral[-1].shown
