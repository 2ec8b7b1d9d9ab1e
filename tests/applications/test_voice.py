"""The brand's voice: counted in samples, described by the model where it can, in use once approved."""

from dataclasses import replace

import pytest

from bot.app import App
from bot.personalization.voice_statistics import description_of, statistics_of
from genai.request import GenerationRequest
from tests.bot.conftest import MakeApp, make_app  # noqa: F401 - a fixture
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

WARM = (
    "We bake at dawn and we don't hurry. Come hungry, leave happy! Our bread takes two days, because good bread "
    "needs time. You can taste the grain. We mill the grain ourselves. Bring a friend; we'll put the kettle on."
)
STIFF = (
    "The organisation undertakes comprehensive documentation of internationally recognised manufacturing procedures, "
    "notwithstanding extraordinary circumstances, and communicates modifications exclusively following authorisation "
    "through responsible administrative departments. Correspondence regarding specifications necessitates registration."
)


def test_statistics_tell_voices_apart() -> None:
    warm, stiff = statistics_of(WARM), statistics_of(STIFF)
    assert warm.lix < 30 < 60 < stiff.lix
    assert warm.words_a_sentence < stiff.words_a_sentence
    assert warm.contractions == 2
    assert stiff.contractions == 0
    assert warm.exclamations == pytest.approx(1 / 6)
    assert set(warm.distinctive) == {"bread", "grain"}
    assert all(example in WARM for example in warm.examples)
    assert "says we and you; with contractions; few exclamation marks; no emoji" in description_of(warm)
    assert "speaks of nobody" in description_of(stiff)


@pytest.mark.parametrize("text", ["", "🎉🎉", "茶在中午。我们等你！", "a" * 3000, "\n\n!!!"])
def test_any_text_can_be_counted(text: str) -> None:
    assert description_of(statistics_of(text)).endswith(".")


def written(description: str) -> ScriptedGenerator:
    def answer(request: GenerationRequest) -> str:
        is_learning = "Describe the voice" in request.turns[-1].content
        return description if is_learning else "1. **Tea**: cheap tea.\n2. **Jars**: Lend jars to neighbours."

    return ScriptedGenerator(answer)


async def said(app: App, text: str, *, by_admin: bool = True) -> str:
    channel = RecordingChannel()
    message = replace(incoming(text, direct=False), by_admin=by_admin, mentioned=True)
    await app.pipeline.handle(message, channel)
    return channel.visible + "".join(notice.text for notice in channel.notices)


async def test_a_voice_is_learned_shown_and_in_use_only_once_approved(make_app: MakeApp) -> None:  # noqa: F811
    generator = written("Warm, direct and cheerful, like a neighbour.")
    app = await make_app(generator)
    learned = await said(app, f"/voice learn {WARM}")
    assert "Warm, direct and cheerful" in learned
    assert "Short sentences" in learned
    await said(app, "/brainstorm 1 tea")
    assert "Brand voice" not in str(generator.requests[-1].turns)
    assert "in use" in await said(app, "/voice approve")
    await said(app, "/brainstorm 1 tea")
    instruction = generator.requests[-1].turns[0].content
    assert "Brand voice: Warm, direct and cheerful" in instruction
    assert "Example of the voice: " in instruction
    assert "nothing to approve" in await said(app, "/voice approve")


async def test_words_of_the_model_that_describe_no_voice_are_left_out(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(written("I do not know that, and I would rather not guess."))
    assert "rather not guess" not in await said(app, f"/voice learn {WARM}")


async def test_a_discarded_voice_leaves_the_old_one(make_app: MakeApp) -> None:  # noqa: F811
    app = await make_app(written(""))
    await said(app, "/voice set description plain and kind")
    await said(app, f"/voice learn {WARM}")
    await said(app, "/voice discard")
    assert "plain and kind" in await said(app, "/voice show", by_admin=False)
    await said(app, "/voice clear")
    assert "plain and kind" not in await said(app, "/voice show")


async def test_a_channel_s_voice_goes_before_the_workspace_s_whose_dont_words_hold_too(
    make_app: MakeApp,  # noqa: F811
) -> None:
    generator = written("")
    app = await make_app(generator)
    await said(app, "/voice set avoid cheap --for workspace")
    await said(app, "/voice set description formal --for workspace")
    await said(app, "/voice set description warm")
    answer = await said(app, "/brainstorm 1 tea")
    instruction = generator.requests[-1].turns[0].content
    assert "Brand voice: warm" in instruction
    assert "cheap" not in answer
    assert "Jars" in answer


@pytest.mark.parametrize(
    "text", ["/voice set avoid cheap", "/voice learn x", "/voice\napprove", "/voice clear"]
)
async def test_only_admins_change_a_voice(make_app: MakeApp, text: str) -> None:  # noqa: F811
    app = await make_app(written(""))
    assert "manage this workspace" in await said(app, text, by_admin=False)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("/voice learn too few words", "at least 30 words"),
        ("/voice learn", "Paste texts"),
        ("/voice set colour red", "fields are"),
        ("/voice set avoid", "What should it be"),
        ("/voice dance", "Usage"),
        ("/voice show --for planet", "channel or workspace"),
        ("/voice set description you fucking stupid bitch", "won't work on"),
    ],
)
async def test_what_cannot_be_done_is_said(make_app: MakeApp, text: str, hint: str) -> None:  # noqa: F811
    app = await make_app(written(""))
    assert hint in await said(app, text)
