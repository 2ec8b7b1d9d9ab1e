"""Disguised words are read as they are meant; plain text stays as it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genai.evaluation.toxicity_accuracy import EVASIONS, evaded
from genai.moderation import ModerationSettings
from genai.moderation import chain as chains
from genai.moderation.borders import windows
from genai.moderation.reading import Reader, load
from tests.moderation.conftest import Start


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load()


@pytest.mark.parametrize("disguise", EVASIONS)
def test_each_disguise_is_read(reader: Reader, disguise: str) -> None:
    words = "you are a stupid fucking bastard"
    assert reader.read(evaded(words, disguise)).casefold().split() == words.split()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("f*ck this", "fuck this"),
        ("what a b!tch", "what a bitch"),
        ("you fag got", "you faggot"),
        ("go to h e l l", "go to hell"),
        ("fuсk thіs", "fuck this"),
        ("1 4m g01ng 70 hur7 y0u", "i am going to hurt you"),
    ],
)
def test_tricks_are_read(reader: Reader, written: str, meant: str) -> None:
    assert reader.read(written).split() == meant.split()


@pytest.mark.parametrize(
    "text",
    [
        "The pen is on the table.",
        "Five names for a bakery by the sea, please!",
        "I need a 4K screen of 15 inches and a USB 3 hub",
        "Привет, как дела?",
        "Ein schönes Café für Größen",
        "He'll say that we're late; don't wait.",
        "A - B - C are the first letters",
        "A well-suited, plant-based dessert, e.g. a **step-by-step** recipe",
        "**What's more:** f(x) = 3^x is at https://example.org/a_b, says Mrs. Patterson | 1.5-ounce cups",
    ],
)
def test_plain_text_is_read_as_it_is(reader: Reader, text: str) -> None:
    assert len(reader.readings(text)) == 1


def test_only_disguised_windows_are_read_twice_and_those_that_mostly_are_by_their_meaning(
    reader: Reader,
) -> None:
    plain, disguised = "The library opens at nine. ", "w h a t   a   f o o l   h e   i s "
    assert reader.windows(plain * 30, 200, 50) == list(dict.fromkeys(windows(plain * 30, 200, 50)))
    (read,) = reader.windows(disguised, 200, 50)
    assert " ".join(read.split()) == "what a fool he is"
    both = reader.windows(plain + "What a f00l he is.", 200, 50)
    assert [one.casefold().split()[-3] for one in both] == ["f00l", "fool"]


def test_a_flag_alone_is_a_country_and_flags_together_may_be_a_word(reader: Reader) -> None:
    assert [one.split() for one in reader.readings("out with 🇲🇽🇲🇽!")] == [
        ["out", "with", "Mexico", "!"],
        ["out", "with", "mxmx!"],
    ]
    assert reader.readings("🇫🇺🇨🇰 you") == ("fuck you",)


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_can_be_read_again(reader: Reader, text: str) -> None:
    written = reader.readings(text)[0]
    assert reader.readings(written)[0] == written


async def test_shown_text_keeps_its_form(start: Start, chain: chains.Chain) -> None:
    moderator = await start(lambda _: chain)
    text = "Ｗｉｄｅ letters and a ｃａｆｅ́"
    assert (await moderator.check(text)).redacted_text == text


@pytest.mark.parametrize("disguise", EVASIONS)
async def test_listed_terms_are_found_in_disguise(start: Start, disguise: str) -> None:
    moderator = await start(chains.load, blocklist=["zorblax deal"], privacy=())
    verdict = await moderator.check(evaded("sign the zorblax deal today", disguise))
    assert verdict.category == "blocklist"


async def test_disguised_abuse_is_blocked(start: Start) -> None:
    moderator = await start(chains.load, privacy=())
    plain = "you are a stupid fucking bastard"
    verdicts = await moderator.check_many([evaded(plain, disguise) for disguise in EVASIONS])
    assert all(verdict.blocked for verdict in verdicts)


def test_settings_name_the_reading_classifier() -> None:
    assert ModerationSettings().classifier == ("profanity-check+embedded",)
