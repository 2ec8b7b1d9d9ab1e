"""Whatever the model emits, whatever breaks: what is shown has passed the chain, at every moment."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import App
from bot.core import notices
from bot.core.domain import Outcome
from genai.moderation import ModerationSettings, ModerationUnavailable, Moderator, chain
from genai.moderation.policy import Item
from genai.moderation.verdict import Verdict
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

SECRETS = ("zanzibarium", "jane.roe@acme-tools.com", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00")
FILLER = st.text(max_size=30) | st.sampled_from(
    [
        "A calm sentence. ",
        "\n",
        "1. **Stamp Card**: Give a stamp.\n",
        "2. **Swap**: ",
        " and ",
        "\u200b",
        "**",
        "…",
    ]
)
HIDDEN_AS_A_WORD = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, SECRETS))})(?!\w)")
HIDDEN = st.sampled_from(SECRETS).map(" {} ".format)
MODEL_TEXT = st.lists(FILLER | HIDDEN, min_size=1, max_size=12).map("".join)
relaxed = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
async def app(make_app: MakeApp) -> App:
    return await make_app(ScriptedGenerator("x"), moderation={"blocklist": ["zanzibarium"]})


def speak(app: App, text: str, size: int) -> None:
    app.generator._texts = [text]  # type: ignore[attr-defined]
    app.generator._size = size  # type: ignore[attr-defined]


@relaxed
@given(
    text=MODEL_TEXT,
    size=st.integers(1, 40),
    prompt=st.sampled_from(["tell me", "/brainstorm 3 cups", "/copy cups"]),
)
async def test_no_moment_shows_what_moderation_would_stop(
    app: App, text: str, size: int, prompt: str
) -> None:
    speak(app, text, size)
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming(prompt), channel)
    for shown in [*channel.ever_shown, reply.text]:
        assert not HIDDEN_AS_A_WORD.search(shown), shown
    assert reply.text.strip()
    if reply.outcome is Outcome.ANSWERED:
        assert reply.text == channel.visible.strip()
    else:
        assert reply.text == channel.notices[-1].text


@relaxed
@given(prompt=st.text(max_size=200))
async def test_any_prompt_gets_a_reply_and_a_row(app: App, prompt: str) -> None:
    speak(app, "Fine.", 3)
    reply = await app.pipeline.handle(incoming(prompt), RecordingChannel())
    assert reply.outcome in {Outcome.ANSWERED, Outcome.REFUSED}
    assert reply.text.strip()


class _Fragile:
    """A chain that works `judgements` times and then fails."""

    def __init__(self, real: chain.Chain, judgements: int) -> None:
        self._real = real
        self._left = judgements
        self.version = real.version

    def judge(self, items: list[Item]) -> list[Verdict]:
        self._left -= 1
        if self._left < 0:
            raise RuntimeError("out of order")
        return self._real.judge(items)


@pytest.mark.parametrize("judgements", range(6))
async def test_a_chain_that_breaks_at_any_moment_shows_nothing_unchecked(
    make_app: MakeApp, judgements: int
) -> None:
    app = await make_app(ScriptedGenerator("One thing. Another thing. A third thing. " * 3))
    await app.moderator.close()
    moderator = Moderator(
        ModerationSettings(retry_seconds=60),
        lambda chosen: _Fragile(chain.load(chosen), judgements),  # type: ignore[arg-type,return-value]
    )
    app.moderator = app.pipeline._moderator = moderator
    await moderator.start()
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming("tell me"), channel)
    await moderator.close()
    assert reply.outcome is Outcome.WITHHELD
    assert channel.notices == [notices.WITHHELD]
    assert len(channel.ever_shown) <= judgements


async def test_riff_does_not_start_without_its_classifier(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RIFF_MODERATION__CLASSIFIER")  # it wins over what a test says
    with pytest.raises(ModerationUnavailable):
        await make_app(ScriptedGenerator("x"), moderation={"classifier": ["no-such-classifier"]})
