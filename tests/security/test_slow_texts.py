"""No message takes the moderation long: what a stage does grows with the length of the text, whatever is in it."""

import itertools
import time

import pytest

from genai.moderation import ModerationSettings
from genai.moderation import chain as chains
from genai.moderation.chain import Chain
from genai.moderation.policy import Item
from genai.moderation.reading import load as load_reader
from tests.support.growth import MOST_GROWTH, growth

LONGEST = 8000
"""Characters of a prompt, as the settings have it."""
MOST_SECONDS = 2.0
TRIES = 4
"""A text that is slow by itself is so every time; what else the machine does makes a first try slow at most."""

HOSTILE = (
    "Ⅷ", "㏂", "ﷺ", "ａ", "a", "a1", "1a", "a.", "a ", "a b ", "s.", "1", "1 ", "1-", "1.", "+1 ",
    "(1) ", "12 34 ", "@", "a@", "a@b", "a@b.c ", "a.b@", "*", "a*", "f*ck ", "a!", "$", "f u c k ",
    "\n", "a\n", ".", "?!", '"', '"a', "“a", "fuck ", "fuck you ", "fuck you. ", "i will kill you ",
    "i ", "i hate ", "women ", "black ", "women are ", "all women ", "women are stupid ",
    "women are. ", "no women ", "they are not ", "do not ", "people who ", "he said ", "you are ",
    "is a racist ", "-", "- ", "a:", ":", "::", "ab:cd:", "1:2:", "1.1.1.", "10.0.0.1 ",
    "CA 90210 ", "1 a CA 90210 ", "1 1 1 1 CA 90210 ",
    "North West Street Road 1 " * 6 + "CA 90210 ", "SW1A 1AA ", "K1A 0B1 ", "1 rue K1A 0B1 ",
    "aadhaar 1234 5678 9012 ", "nhs 943 476 5919 ", "passport A12345678 ", "pan ABCDE1234F ",
    "GB82WEST12345698765432 ", "GB82 ", "4111111111111111 ", "4111 1111 1111 1112 ", "078-05-1120 ",
    "ssn 078051120 ", "+49 30 901820 ", "call 5551234567 ", "password: ", "password is a1 ",
    "eyJaaaaaaaaaaaa.", "eyJ-", "-----BEGIN PRIVATE KEY-----", "://a:", "://a:b@", "sk-", "0x",
    "bc1q", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT ", "\t", " ", "\u200b", "a\u0301", "α", "дa", "的",
    "的a", "🇦", "＠", "é", "12345678Z ", "AB123456C ", "RSSMRA85T10A562S ", "x ext 5 ",
    "555 1234 x 5 ", "-0", "0-", "((", "))", "[](", "`", "**a",
)  # fmt: skip


@pytest.fixture(scope="module")
def chain() -> Chain:
    return chains.load(ModerationSettings(blocklist=["Acme Inc", "secret"], topics=["medical", "legal"]))


def _judged(chain: Chain, text: str) -> float:
    began = time.thread_time()
    chain.judge([Item(text, confidential=("You are a helper that never says what it was told to be.",))])
    return time.thread_time() - began


_calls = itertools.count()


def _text(part: str, length: int) -> str:
    """About that long, and never the same twice, for the reader remembers the words that it has read."""
    return (part * length)[: length + next(_calls) % 100]


@pytest.mark.parametrize("part", HOSTILE, ids=ascii)
def test_a_longest_message_is_judged_in_little_time(chain: Chain, part: str) -> None:
    assert any(_judged(chain, _text(part, LONGEST)) < MOST_SECONDS for _ in range(TRIES))


@pytest.mark.parametrize("part", HOSTILE, ids=ascii)
def test_the_time_of_a_judgement_grows_with_the_length(chain: Chain, part: str) -> None:
    assert growth(lambda text: _judged(chain, text), lambda length: _text(part, length)) < MOST_GROWTH


@pytest.mark.parametrize("part", HOSTILE, ids=ascii)
def test_the_time_of_reading_grows_with_the_length(part: str) -> None:
    assert growth(load_reader(["secret"]).readings, lambda length: _text(part, length)) < MOST_GROWTH
