"""What moderation blocks in a reply is written anew: the person gets a whole answer and never sees what was bad."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from bot.app import App
from bot.core.domain import Outcome, Reply
from genai.errors import GenerationFailed
from genai.prompts import REWRITING_VERSION
from genai.request import GenerationRequest
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, Script, ScriptedGenerator
from tests.support.messages import incoming

RULES = {"blocklist": ["zanzibarium"]}
GOOD, BAD, REST = "Lend out cups. ", "Hang a zanzibarium there. ", "Ask for a small deposit. Then count them."


async def answered(
    make_app: MakeApp, generator: ScriptedGenerator, said: str = "how do I save cups?"
) -> tuple[App, RecordingChannel, Reply]:
    app = await make_app(generator, moderation=RULES)
    channel = RecordingChannel()
    return app, channel, await app.pipeline.handle(incoming(said), channel)


def clean(channel: RecordingChannel) -> bool:
    return not any("anzibarium" in shown for shown in channel.ever_shown)


async def test_the_rest_is_written_anew_from_where_it_stood(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(GOOD + BAD + "And so on.", REST)
    app, channel, reply = await answered(make_app, generator)
    assert reply.outcome is Outcome.ANSWERED
    assert channel.visible.strip() == GOOD + REST
    assert (channel.withdrawals, channel.notices) == (0, [])
    assert clean(channel)
    again = generator.requests[1]
    assert again.begun == GOOD
    assert "Leave out: words that are not allowed here" in again.turns[0].content
    assert "anzibarium" not in str(again)
    assert generator.open_streams == 0
    decisions = [one.decision for one in await app.repositories.audit.recent(10)]
    assert sorted(one.action for one in decisions if one.direction == "reply") == ["allow", "block"]
    assert reply.verdict is not None
    assert not reply.verdict.blocked


async def test_an_answer_is_kept_with_the_version_of_what_the_model_was_told(make_app: MakeApp) -> None:
    app, _channel, _reply = await answered(make_app, ScriptedGenerator(GOOD + BAD, REST))
    async with app.database.session() as session:
        versions = (await session.scalars(text("SELECT prompt_version FROM message ORDER BY id"))).all()
    assert versions == [None, f"instruct/1 {REWRITING_VERSION}"]


async def test_after_two_rewritings_the_reply_is_withheld_in_calm_words(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(GOOD + BAD, BAD, REST + " " + BAD, "never asked for")
    _app, channel, reply = await answered(make_app, generator)
    assert len(generator.requests) == 3
    assert reply.outcome is Outcome.WITHHELD
    assert (channel.visible, channel.withdrawals) == ("", 1)
    assert "content check" in channel.notices[-1].text
    assert clean(channel)


async def test_what_begins_badly_is_shown_only_once_all_of_it_has_passed(make_app: MakeApp) -> None:
    """It was withheld without having been shown, and must not be taken back now."""
    generator = ScriptedGenerator(BAD + GOOD, GOOD + BAD, BAD)
    _app, channel, reply = await answered(make_app, generator)
    assert reply.outcome is Outcome.WITHHELD
    assert (channel.ever_shown, channel.withdrawals) == ([], 0)
    assert generator.requests[1].begun == ""
    assert generator.requests[2].begun == GOOD


async def test_what_begins_badly_is_whole_in_the_end(make_app: MakeApp) -> None:
    _app, channel, reply = await answered(make_app, ScriptedGenerator(BAD, GOOD + REST))
    assert reply.outcome is Outcome.ANSWERED
    assert channel.visible.strip() == GOOD + REST
    assert channel.withdrawals == 0


async def test_where_nothing_better_is_written_nothing_is_shown(make_app: MakeApp) -> None:
    _app, channel, reply = await answered(make_app, ScriptedGenerator(BAD, ""))
    assert reply.outcome is Outcome.WITHHELD
    assert channel.ever_shown == []


async def test_a_model_that_fails_at_it_leaves_the_reply_withheld(make_app: MakeApp) -> None:
    app, channel, reply = await answered(make_app, ScriptedGenerator(GOOD + BAD, GenerationFailed()))
    assert reply.outcome is Outcome.WITHHELD
    assert (channel.visible, channel.withdrawals) == ("", 1)
    decisions = [one.decision for one in await app.repositories.audit.recent(10)]
    assert "block" in [one.action for one in decisions if one.direction == "reply"]


async def test_all_attempts_share_one_deadline(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(GOOD + BAD, REST)
    _app, _channel, reply = await answered(make_app, generator)
    assert reply.outcome is Outcome.ANSWERED
    first, again = generator.requests
    assert again.deadline_seconds < first.deadline_seconds


COPY = "Our cups come back. "


@pytest.mark.parametrize(
    ("command", "bad", "good"),
    [
        ("/copy reusable cups", f"{COPY}{BAD}", f"{COPY}{REST}"),
        (
            "/ad reusable cups",
            "Headline: Zanzibarium for all\nBody: Cups that come back to you.\nCall to action: Try one",
            "Headline: Cups for all of us\nBody: Cups that come back to you.\nCall to action: Try one",
        ),
        (
            "/design reusable cups",
            f"Problem: Cups get lost.\nAudience: Cafes.\nFeatures: a chip; a lid\nRisks: {BAD}",
            "Problem: Cups get lost.\nAudience: Cafes.\nFeatures: a chip; a lid\nRisks: Nobody brings it back.",
        ),
    ],
)
async def test_a_form_is_written_anew_whole(make_app: MakeApp, command: str, bad: str, good: str) -> None:
    def answer(request: GenerationRequest) -> str:
        return good if "not allowed here" in str(request.turns) else bad

    script: Script = answer
    _app, channel, reply = await answered(make_app, ScriptedGenerator(script), command)
    assert reply.outcome is Outcome.ANSWERED
    assert channel.withdrawals == 0
    assert clean(channel)
    assert good.split(": ")[-1].split("\n")[0].strip(". ") in channel.visible


def only_second(good: str, bad: str) -> Callable[[GenerationRequest], str]:
    asked: list[int] = []

    def answer(request: GenerationRequest) -> str:
        asked.append(1)
        return bad if len(asked) == 1 or "not allowed here" in str(request.turns) else good

    return answer


async def test_one_variant_that_never_passes_is_left_out_and_the_person_is_told(make_app: MakeApp) -> None:
    one = "Headline: Cups for all of us\nBody: Cups that come back to you.\nCall to action: Try one"
    two = "Headline: Zanzibarium is here\nBody: Lids that stay shut on trains.\nCall to action: Buy a lid"
    _app, channel, reply = await answered(
        make_app, ScriptedGenerator(only_second(one, two)), "/ad reusable cups --variants 2"
    )
    assert reply.outcome is Outcome.ANSWERED
    assert "Cups for all of us" in channel.visible
    assert channel.withdrawals == 0
    assert clean(channel)
    assert "I left 1 part out: it did not pass the content check." in [one.text for one in channel.notices]
