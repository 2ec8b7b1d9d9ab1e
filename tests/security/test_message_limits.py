"""How long a message may be, and how many of one person are worked on: known before anything else is done."""

import pytest

from bot.config.settings import LimitSettings
from bot.core import notices
from bot.core.domain import Outcome
from bot.core.text_cleaning import check_prompt, clean
from bot.places.quotas import MessageRate
from tests.bot.conftest import MakeApp, make_app
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

__all__ = ["make_app"]

LIMITS = LimitSettings(messages_per_minute=20)


def refused(text: str) -> str | None:
    """What a person is told about the text, if anything."""
    notice = check_prompt(clean(text), LIMITS.prompt_characters, LIMITS.word_characters)
    return notice.text if notice else None


@pytest.mark.parametrize(
    "text",
    [
        "of lanterns",
        "杯子" * 4000,
        "كوب " * 2000,
        "ありがとう" * 1600,
        "a b" * 2600,
        "https://example.com/" + "a" * 1900,
        "é" * 1999,
    ],
)
def test_what_people_write_is_worked_on(text: str) -> None:
    assert refused(text) is None


@pytest.mark.parametrize("text", ["a" * 8001, "a " * 4001, "Ⅷ " * 2600, "ﷺ " * 500, "㏂ " * 2100])
def test_a_message_is_too_long_by_what_it_says_or_stands_for(text: str) -> None:
    assert "and I read at most 8,000" in (refused(text) or "")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 2001,
        "Ⅷ" * 7900,
        "hello " + "1-" * 1100,
        "a" + "\u0316\u0300" * 3000,
        "的" + "!" * 2001,
        "Ⅷ" * 2001,
    ],
)
def test_a_word_is_too_long(text: str) -> None:
    assert "words of at most 2,000" in (refused(text) or "")


async def test_the_21st_message_in_a_minute_is_told_once_and_costs_nothing(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RIFF_LIMITS__MESSAGES_PER_MINUTE")
    app = await make_app(ScriptedGenerator("Yes."))
    channels = [RecordingChannel() for _ in range(24)]
    replies = [await app.pipeline.handle(incoming("of lanterns"), channel) for channel in channels]
    assert [reply.outcome for reply in replies] == [Outcome.ANSWERED] * 20 + [Outcome.REFUSED] * 4
    told = [notice.text for channel in channels for notice in channel.notices]
    assert len(told) == 1
    assert told[0].startswith("That is more than 20 in a minute")
    assert len(await app.repositories.audit.recent(100)) == 40, "what is turned away is not judged"
    other = await app.pipeline.handle(incoming("of lanterns", user="u2"), RecordingChannel())
    assert other.outcome is Outcome.ANSWERED


def test_a_person_may_go_on_after_a_minute() -> None:
    now = [0.0]
    rate = MessageRate(2, clock=lambda: now[0])
    assert [rate.take(1), rate.take(1)] == [None, None]
    over = rate.take(1)
    assert over is not None
    assert over.notice == notices.too_many(2, 60)
    now[0] = 30.0
    again = rate.take(1)
    assert again is not None
    assert again.notice is None
    now[0] = 60.0
    assert [rate.take(1), rate.take(1)] == [None, None]
    assert rate.take(1) is not None


def test_no_limit_is_no_limit() -> None:
    assert all(MessageRate(0).take(1) is None for _ in range(1000))
