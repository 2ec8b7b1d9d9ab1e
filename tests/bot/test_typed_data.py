"""What a person typed in a thread is said back to them; it is nobody else's, and no more of it is kept."""

from collections.abc import Sequence

import pytest

from bot.app import App
from genai.moderation import Action, Policy, StageVerdict, Verdict
from genai.moderation.verdict import Redaction, combine
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

MINE, OTHERS = "me@acme-lamps.com", "you@acme-lamps.com"
ANSWER = f"Write to {MINE} or {OTHERS}."


async def shown(app: App, text: str, *, user: str = "u1", direct: bool = True) -> str:
    channel = RecordingChannel()
    await app.pipeline.handle(incoming(text, user=user, direct=direct), channel)
    return channel.visible.strip()


@pytest.mark.parametrize("direct", [True, False])
async def test_what_was_typed_stays_in_the_answer_and_is_kept_redacted(
    make_app: MakeApp, direct: bool
) -> None:
    app = await make_app(ScriptedGenerator(ANSWER))
    assert await shown(app, f"my address is {MINE}", direct=direct) == f"Write to {MINE} or <EMAIL>."
    person = await app.repositories.people.find(incoming("").author)
    assert person is not None
    assert MINE not in str(await app.repositories.privacy.export(person))
    assert "<EMAIL>" in str(await app.repositories.privacy.export(person))


async def test_what_would_be_blocked_by_itself_is_kept_redacted_too(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await make_app(ScriptedGenerator(ANSWER))

    async def check_many(texts: Sequence[str], *, policy: Policy | None = None) -> list[Verdict]:
        found = [(Redaction(text.index(MINE), text.index(MINE) + len(MINE), "EMAIL"),) for text in texts]
        stages = [
            (StageVerdict("toxicity", Action.BLOCK), StageVerdict("privacy", redactions=one)) for one in found
        ]
        return [combine(text, of) for text, of in zip(texts, stages, strict=True)]

    monkeypatch.setattr(app.moderator, "check_many", check_many)
    await shown(app, f"my address is {MINE}")
    person = await app.repositories.people.find(incoming("").author)
    assert person is not None
    assert MINE not in str(await app.repositories.privacy.export(person))


async def test_it_is_still_theirs_in_a_later_turn_where_prompts_are_kept_whole(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(ANSWER), moderation={"redact_prompts": False})
    await shown(app, f"my address is {MINE}", direct=False)
    assert await shown(app, "who was it again?", direct=False) == f"Write to {MINE} or <EMAIL>."
    assert await shown(app, "and for me?", direct=False, user="u2") == "Write to <EMAIL> or <EMAIL>."


async def test_secrets_are_not_said_back(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("Set password: hunter22! there."))
    assert await shown(app, "my password: hunter22! how do I set it?") == "Set password: <SECRET> there."
