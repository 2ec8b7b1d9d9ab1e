"""What holds in a channel: its own rules, then its workspace's, then the configuration's; on record."""

import pytest

from bot.app import App
from bot.core.domain import Outcome
from bot.core.errors import CommandError
from bot.places.moderation_policy import parse_scope, scope_text
from genai.moderation.settings import Thresholds
from storage.values.records import Scope
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

WORKSPACE, GENERAL = Scope("test", "w1"), Scope("test", "w1", "general")


@pytest.fixture
async def app(make_app: MakeApp) -> App:
    return await make_app(
        ScriptedGenerator("Ask Acme about it. All is well."), storage={"keep_audit_text": True}
    )


async def said(app: App, text: str, **where: object) -> tuple[Outcome | None, RecordingChannel]:
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming(text, **where), channel)  # type: ignore[arg-type]
    return reply.outcome, channel


async def test_a_rule_of_a_channel_holds_there_from_the_next_message_and_nowhere_else(app: App) -> None:
    assert (await said(app, "tell me", direct=False))[0] is Outcome.ANSWERED
    await app.policies.set(GENERAL, "topics", [{"name": "rivals", "keywords": ["Acme"]}])
    outcome, channel = await said(app, "tell me", direct=False)
    assert outcome is Outcome.WITHHELD
    assert "Acme" not in "".join(channel.ever_shown)
    outcome, channel = await said(app, "is acme better?", direct=False)
    assert outcome is Outcome.REFUSED
    assert "off limits here: rivals" in channel.notices[-1].text
    assert (await said(app, "tell me", direct=True))[0] is Outcome.ANSWERED


async def test_the_channel_wins_over_the_workspace_and_that_over_the_configuration(app: App) -> None:
    await app.policies.set(WORKSPACE, "thresholds", {"toxicity": {"flag": 0.1, "block": 0.2}})
    await app.policies.set(WORKSPACE, "blocklist", ["heron"])
    await app.policies.set(GENERAL, "thresholds", {"toxicity": {"flag": 0.3, "block": 0.9}})
    await app.policies.block_term(GENERAL, "grey  owl")
    here, elsewhere = await app.policies.of(GENERAL), await app.policies.of(Scope("test", "w1", "other"))
    assert here.thresholds["toxicity"] == Thresholds(flag=0.3, block=0.9)
    assert elsewhere.thresholds["toxicity"] == Thresholds(flag=0.1, block=0.2)
    assert here.blocklist == ("heron", "grey owl")
    assert elsewhere.blocklist == ("heron",)
    assert (await app.policies.of(Scope("test", "w2", "general"))).blocklist == ()


async def test_every_change_is_on_record_with_who_made_it(app: App) -> None:
    person = await app.repositories.people.find_or_create(incoming("x").author)
    await app.policies.set(GENERAL, "privacy", ["CARD"], person_id=person)
    await app.policies.unset(GENERAL, "privacy")
    newest, oldest = await app.policies.changes(9, scope=GENERAL)
    assert (oldest.key, oldest.before, oldest.after, oldest.person_id) == ("privacy", None, ["CARD"], person)
    assert (newest.before, newest.after, newest.person_id) == (["CARD"], None, None)
    await app.repositories.privacy.forget(person)
    assert [change.person_id for change in await app.policies.changes(9)] == [None, None]
    assert await app.policies.scopes() == ()


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("colour", ["red"], "these can"),
        ("topics", ["cookery"], "there are: gambling"),
        ("thresholds", {"toxicity": {"flag": 0.9, "block": 0.1}}, "must not be above block"),
        ("privacy", ["HAT"], "privacy"),
        ("blocklist", ["x"], "at least 2"),
        ("blocklist", "heron", "blocklist"),
    ],
)
async def test_a_rule_that_cannot_hold_is_refused_with_its_fault(
    app: App, key: str, value: object, fault: str
) -> None:
    with pytest.raises(CommandError, match=fault):
        await app.policies.set(GENERAL, key, value)
    assert await app.policies.changes(9) == ()


async def test_a_place_cannot_ask_for_what_riff_does_not_look_for(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("x"), moderation={"privacy": ["EMAIL"]})
    with pytest.raises(CommandError, match="does not look for IBAN"):
        await app.policies.set(GENERAL, "privacy", ["EMAIL", "IBAN"])


def test_places_are_written_as_they_are_read() -> None:
    for text in ("slack:T1", "slack:T1:C1", "discord:1:2"):
        assert scope_text(parse_scope(text)) == text
    with pytest.raises(CommandError, match="platform:workspace"):
        parse_scope("slack")


async def test_the_queue_holds_what_was_blocked_and_moderators_decide_once(app: App) -> None:
    await said(app, "you stupid fucking idiot, shut up", direct=False)
    await said(app, "a calm question", direct=False)
    (entry,) = await app.reviews.open()
    assert (entry.decision.direction, entry.decision.action, entry.scope) == ("prompt", "block", GENERAL)
    assert entry.text == "you stupid fucking idiot, shut up"
    assert await app.reviews.open(scope=Scope("test", "w2")) == ()
    assert [one.id for one in await app.reviews.open(scope=WORKSPACE)] == [entry.id]
    assert (await app.reviews.uphold(entry.id)).review == "upheld"
    assert await app.reviews.open() == ()
    with pytest.raises(CommandError, match="is upheld"):
        await app.reviews.approve(entry.id)
    with pytest.raises(CommandError, match="no decision"):
        await app.reviews.approve(10_000)
    assert [(one.text, one.toxic) for one in await app.reviews.labelled()] == [(entry.text, True)]


async def test_a_withheld_reply_waits_with_its_question_and_becomes_a_rule(app: App) -> None:
    await app.policies.set(GENERAL, "topics", [{"name": "rivals", "keywords": ["Acme"]}])
    await said(app, "tell me of cups", direct=False)
    entry, *_written_anew = entries = await app.reviews.open()
    assert {(one.decision.direction, one.decision.category) for one in entries} == {("reply", "topic:rivals")}
    assert len(entries) == 3
    assert entry.context == "tell me of cups"
    assert entry.text is not None
    assert "Acme" in entry.text
    await app.reviews.add_term(entry.id, "grey owl")
    await app.reviews.add_topic(entry.id, "medical", whole_workspace=True)
    policy = await app.policies.of(GENERAL)
    assert policy.blocklist == ("grey owl",)
    assert [topic.name for topic in (await app.policies.of(WORKSPACE)).topics] == ["medical"]
    assert (await said(app, "a grey owl", direct=False))[0] is Outcome.REFUSED


async def test_texts_are_not_kept_unless_asked_for(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("x"))
    await said(app, "you stupid fucking idiot, shut up", direct=False)
    (entry,) = await app.reviews.open()
    assert (entry.text, entry.context) == (None, None)
    assert entry.decision.stages
    assert await app.reviews.labelled() == []
