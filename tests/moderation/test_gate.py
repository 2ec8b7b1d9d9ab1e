"""The streaming gate: nothing is shown that has not passed, wherever the stream is cut."""

import re
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from genai.moderation import Action, Gate, ModerationUnavailable, Moderator, Passed, Withdrawn
from genai.moderation import chain as chains
from genai.moderation.borders import Unit
from genai.moderation.chain import Chain
from tests.moderation.conftest import SETTINGS, ScriptedClassifier, Start, scripted_chain

PERSONAL = {
    "first.last@acme-lamps.com": "EMAIL",
    "4111 1111 1111 1111": "CARD",
    "4111 1111\n1111 1111": "CARD",
    "4111-1111-1111-1111": "CARD",
    "GB82 WEST 1234 5698 7654 32": "IBAN",
    "+1 (212) 664-0123": "PHONE",
    "536-22-1234": "SSN",
    "93.184.216.34": "IP",
}


async def stream(pieces: Sequence[str]) -> AsyncIterator[str]:
    for piece in pieces:
        yield piece


def cut(text: str, positions: Sequence[int]) -> list[str]:
    edges = [0, *sorted({position % (len(text) + 1) for position in positions}), len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


async def shown(gate: Gate, deltas: Sequence[str]) -> tuple[list[str], bool]:
    """The pieces that were shown, and whether they may stay."""
    events = [event async for event in gate.pieces(stream(deltas))]
    pieces = [event.text for event in events if isinstance(event, Passed)]
    return pieces, not any(isinstance(event, Withdrawn) for event in events)


@pytest.mark.parametrize("unit", ["sentence", "line"])
@pytest.mark.parametrize("secret", PERSONAL)
async def test_personal_data_is_never_half_shown(moderator: Moderator, secret: str, unit: Unit) -> None:
    text = f"1. **Idea**: a shop. Reach it at {secret}\n2. **Other**: open in 2026.\n3. Fine."
    expected = text.replace(secret, f"<{PERSONAL[secret]}>")
    for position in range(len(text)):
        pieces, stays = await shown(Gate(moderator, unit=unit), cut(text, [position]))
        assert stays
        assert "".join(pieces) == expected
    pieces, stays = await shown(Gate(moderator, unit=unit), list(text))
    assert stays
    assert "".join(pieces) == expected
    assert len(pieces) > 1


@pytest.mark.parametrize("phrase", ["you fucking idiot", "you fucking\nidiot", "fuck you, you stupid bitch"])
async def test_toxic_words_are_never_shown(moderator: Moderator, phrase: str) -> None:
    text = f"A lovely start to this. And now {phrase} goes on. Then it ends well."
    for deltas in [*(cut(text, [position]) for position in range(len(text))), list(text)]:
        pieces, stays = await shown(Gate(moderator), deltas)
        assert not stays
        assert phrase not in "".join(pieces)
        assert "idiot" not in "".join(pieces)
        assert "bitch" not in "".join(pieces)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(
        st.one_of(
            st.sampled_from([*PERSONAL, "see", "1.", "\n", "2026.", "in", "costs 20.", "Ideas:", "**Bold**"]),
            st.text(max_size=12),
        ),
        max_size=14,
    ),
    positions=st.lists(st.integers(0, 400), max_size=12),
    unit=st.sampled_from(["sentence", "line"]),
)
async def test_what_is_shown_is_the_redacted_text(
    moderator: Moderator, parts: list[str], positions: list[int], unit: Unit
) -> None:
    text = " ".join(parts)
    gate = Gate(moderator, unit=unit)
    pieces, stays = await shown(gate, cut(text, positions))
    verdict = await moderator.check(text)
    if stays:
        assert "".join(pieces) == verdict.redacted_text
    else:  # the whole or a piece of it was blocked, or something personal would have been shown
        assert gate.verdict is not None
        is_blocked = verdict.blocked or gate.verdict.blocked
        assert is_blocked or not verdict.redacted_text.startswith("".join(pieces))


async def test_trouble_over_many_pieces_withdraws_the_reply(start: Start) -> None:
    def act(texts: Sequence[str]) -> list[dict[str, float]]:
        return [{"toxicity": float("alpha" in text and "omega" in text)} for text in texts]

    moderator = await start(lambda _: scripted_chain(ScriptedClassifier(act=act)), context_characters=64)
    sentences = ["First alpha. ", "Then many words. " * 5, "Then omega. ", "End."]
    pieces, stays = await shown(Gate(moderator), sentences)
    assert pieces == sentences[:2]
    assert not stays


async def test_no_verdict_shows_nothing_more(start: Start) -> None:
    def act(texts: Sequence[str]) -> list[dict[str, float]]:
        if any("second" in text for text in texts):
            raise RuntimeError("gone")
        return [{"toxicity": 0.0}] * len(texts)

    moderator = await start(lambda _: scripted_chain(ScriptedClassifier(act=act)))
    pieces = Gate(moderator).pieces(stream(["The first. ", "The second. ", "The third. "]))
    first = await anext(pieces)
    assert isinstance(first, Passed)
    assert first.text == "The first. "
    with pytest.raises(ModerationUnavailable):
        await anext(pieces)


async def test_blocked_reply_stops_its_source(start: Start) -> None:
    closed = False

    async def endless() -> AsyncIterator[str]:
        nonlocal closed
        try:
            yield "All is well. "
            while True:
                yield "Vermin everywhere. "
        finally:
            closed = True

    moderator = await start(lambda _: scripted_chain(ScriptedClassifier()))
    events = [event async for event in Gate(moderator).pieces(endless())]
    assert [type(event) for event in events] == [Passed, Withdrawn]
    assert closed


async def test_long_text_without_an_end_is_shown_between_words(chain: Chain, start: Start) -> None:
    moderator = await start(lambda _: chain)
    words = ["garden "] * 200
    pieces, stays = await shown(Gate(moderator), words)
    assert stays
    assert max(map(len, pieces)) <= SETTINGS.piece_characters
    assert "".join(pieces) == "".join(words)


async def test_own_facts_are_shown_in_private(moderator: Moderator) -> None:
    gate = Gate(moderator, allowed_personal=frozenset({"first@acme-lamps.com"}))
    pieces, _ = await shown(gate, list("Write to first@acme-lamps.com. Not to second@acme-lamps.com. Bye."))
    assert "".join(pieces) == "Write to first@acme-lamps.com. Not to <EMAIL>. Bye."


TOXIC = ("you fucking idiot", "you stupid\nbitch", "fuck you all", "zanzi barium", "zanzi\nbarium")
SAMPLES = [*TOXIC, *PERSONAL]
ACCOUNT = "GB82 WEST 1234 5698 7654 32"
KIND = "What a lovely morning it is, and how kind of you all to come to our garden party by the sea today. "


@pytest.fixture
async def strict(start: Start, chain: Chain) -> Moderator:
    """The default chain with a listed phrase."""
    return await start(chains.load, blocklist=["zanzi barium"])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(
    parts=[*["GB82 WEST 1234 5698 7654 32"] * 4, "fuck you all", "GB82 WEST 1234 5698 7654 32"],
    positions=[],
    unit="sentence",
)
@given(
    parts=st.lists(
        st.sampled_from([*SAMPLES, KIND, "1. **Cup**: a mug.\n", "It is.", "so", "\n\n", "and then the"]),
        min_size=1,
        max_size=8,
    ),
    positions=st.lists(st.integers(0, 900), max_size=40),
    unit=st.sampled_from(["sentence", "line"]),
)
async def test_no_prefix_that_was_shown_holds_a_sample(
    strict: Moderator, parts: list[str], positions: list[int], unit: Unit
) -> None:
    text = " ".join(parts)
    gate = Gate(strict, unit=unit)
    pieces, stays = await shown(gate, cut(text, positions))
    prefix = ""
    for piece in pieces:
        prefix += piece
        assert not [sample for sample in SAMPLES if sample in prefix]
    if any(sample in text for sample in TOXIC):
        assert not stays
        assert gate.verdict is not None
        assert gate.verdict.blocked


@pytest.mark.parametrize("sample", SAMPLES)
async def test_a_sample_cut_anywhere_after_long_kind_words_is_never_shown(
    strict: Moderator, sample: str
) -> None:
    text = f"{KIND * 3}And {sample} it was. {KIND}"
    start = text.index(sample)
    for position in range(start, start + len(sample) + 1, 3):
        pieces, _ = await shown(Gate(strict), [text[:position], text[position:]])
        assert sample not in "".join(pieces)


@pytest.mark.parametrize("kind_before", range(4))
@pytest.mark.parametrize("kind_after", range(4))
async def test_an_insult_among_kind_words_blocks_a_whole_text(
    strict: Moderator, kind_before: int, kind_after: int
) -> None:
    verdict = await strict.check(f"{KIND * kind_before}fuck you all {KIND * kind_after}")
    assert verdict.blocked


async def test_a_term_completed_words_later_is_caught(start: Start) -> None:
    def act(texts: Sequence[str]) -> list[dict[str, float]]:
        return [{"toxicity": float(bool(re.search(r"alpha(\W+\w+){0,3}\W+omega", text)))} for text in texts]

    moderator = await start(lambda _: scripted_chain(ScriptedClassifier(act=act)))
    text = "It begins with alpha. Then one more omega. And the end."
    for position in range(len(text)):
        pieces, stays = await shown(Gate(moderator), cut(text, [position]))
        assert not stays
        assert "omega" not in "".join(pieces)


async def test_a_short_insult_is_heard_after_many_kind_words(start: Start) -> None:
    """A classifier that averages over all words, as linear ones do, must not be talked to sleep."""

    def average(texts: Sequence[str]) -> list[dict[str, float]]:
        return [{"toxicity": min(1.0, 5 * text.count("vermin") / len(text.split()))} for text in texts]

    moderator = await start(lambda _: scripted_chain(ScriptedClassifier(act=average)))
    pieces, stays = await shown(Gate(moderator), [KIND, KIND, "You are vermin. ", KIND])
    assert not stays
    assert "vermin" not in "".join(pieces)


async def test_the_gate_remembers_its_worst_verdict(start: Start) -> None:
    def act(texts: Sequence[str]) -> list[dict[str, float]]:
        return [{"toxicity": 0.7 if text.startswith("Hm") else 0.0} for text in texts]

    moderator = await start(lambda _: scripted_chain(ScriptedClassifier(act=act)))
    gate = Gate(moderator)
    _, stays = await shown(gate, ["Fine. ", "Hm, well. ", "Fine again. ", "Bye."])
    assert stays
    assert gate.verdict is not None
    assert (gate.verdict.action, gate.verdict.score) == (Action.FLAG, 0.7)
    assert gate.unchecked == "Fine. Hm, well. Fine again. Bye."
