"""Consent and opinions as people type them, down to what may be learned from."""

from bot.app import App
from bot.core.domain import Outcome
from storage.values.records import FeedbackKind
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

IDEAS = "1. **Stamp card**: Sell stamps at noon.\n2. **Jar loan**: Lend jars to neighbours.\n"


async def said(app: App, text: str, user: str = "u1", *, direct: bool = True) -> str:
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming(text, user=user, direct=direct), channel)
    assert reply.outcome in {Outcome.ANSWERED, Outcome.REFUSED}
    return " ".join(notice.text for notice in channel.notices) or channel.visible


async def learnable(app: App) -> list[tuple[str, FeedbackKind]]:
    return [(rated.title, rated.kind) async for rated in app.repositories.feedback.with_consent()]


async def test_opinions_are_learned_from_only_after_consent(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    await said(app, "/brainstorm 2 tea shops")
    assert "not agreed" in await said(app, "/consent")
    assert "/consent on" in await said(app, "/like 1")
    assert await learnable(app) == []
    assert "agreed" in await said(app, "/consent on")
    assert "/consent" not in await said(app, "/dislike #2")
    await said(app, "/save 1 and 2")
    assert sorted(await learnable(app)) == [
        ("Jar loan", FeedbackKind.DISLIKE),
        ("Jar loan", FeedbackKind.SAVE),
        ("Stamp card", FeedbackKind.LIKE),
        ("Stamp card", FeedbackKind.SAVE),
    ]
    assert "no training from now on" in await said(app, "/consent off")
    assert await learnable(app) == []


async def test_a_saved_idea_is_found_again(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    await said(app, "/brainstorm 2 tea shops")
    await said(app, "/save 2")
    person = await app.repositories.people.find(incoming("hi").author)
    assert person is not None
    assert [idea.title for idea in await app.repositories.ideas.saved(person, 5)] == ["Jar loan"]


async def test_a_colleague_may_rate_ideas_in_a_shared_channel(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    await said(app, "/brainstorm 2 tea shops", "u1", direct=False)
    await said(app, "/consent on", "u1", direct=False)
    await said(app, "/consent on", "u2", direct=False)
    await said(app, "/like 2", "u2", direct=False)
    assert await learnable(app) == [("Jar loan", FeedbackKind.LIKE)]


async def test_numbers_that_mean_nothing_are_answered_with_what_to_do(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    assert "no list of ideas here" in await said(app, "/like 1")
    await said(app, "/brainstorm 2 tea shops")
    for words in ("", "the first", "1 2 x"):
        assert "/like 2" in await said(app, f"/like {words}")
    assert "no idea number 3" in await said(app, "/save 3")
