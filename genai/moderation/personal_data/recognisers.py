"""Which recogniser finds which kind of personal data; that of street addresses.

Text is read in plain form: digits, dashes and spaces, nothing invisible. Street addresses are found by pyap's rules,
https://github.com/vladimarius/pyap. Whole addresses only, up to their postcode: a street with a number alone is how
shops and venues are named, and no rule tells those from homes.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from genai.moderation.personal_data import presidio
from genai.moderation.personal_data.account_numbers import card_spans, iban_spans, ssn_spans
from genai.moderation.personal_data.phones import phone_spans
from genai.moderation.personal_data.presidio import Spans
from genai.moderation.personal_data.secret_tokens import secret_spans
from genai.moderation.settings import Entity


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` in plain form; `origin[i]` is where its character `i` stands in the text as written."""

    text: str
    origin: tuple[int, ...] | None

    def written(self, start: int, end: int) -> tuple[int, int]:
        """The part of the text as written that `text[start:end]` stands for."""
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


def plain(text: str) -> Plain:
    """`text` in plain form; ASCII is that already."""
    if text.isascii():
        return Plain(text, None)
    kept = [(position, _plain_character(char)) for position, char in enumerate(text)]
    visible = [(position, char) for position, char in kept if char]
    return Plain("".join(char for _, char in visible), tuple(position for position, _ in visible))


@lru_cache(maxsize=4096)
def _plain_character(char: str) -> str:
    """One character for one, or none for what cannot be seen; others only where their form is compatible."""
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.digit(char))
    if category == "Pd":
        return "-"
    if category == "Zs":
        return " "
    compatible = unicodedata.normalize("NFKC", char)
    return compatible if len(compatible) == 1 else char


# Street addresses of the United States, Canada and the United Kingdom.


_POSTCODES = {
    "US": re.compile(r"\b[A-Z]{2}\.?,?\s+\d{5}(?:-\d{4})?\b"),
    "CA": re.compile(r"\b[A-Z]\d[A-Z][ -]?\d[A-Z]\d\b"),
    "GB": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b"),
}
_LONGEST = 160
"""Characters of an address; pyap is slow, so it only sees what stands before a postcode."""


_GAP = re.compile(r"[\s,]+")


def street_address_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses stand, from the number of the house to the postcode."""
    for country, postcode in _POSTCODES.items():
        before = 0  # no address goes on over the postcode of another
        for match in postcode.finditer(text):
            start = max(before, match.start() - _LONGEST)
            before = match.end()
            for found_start, found_end in _parsed(text[start : match.end()], country):
                yield _word_start(text, start + found_start), start + found_end


def _parsed(text: str, country: str) -> Iterator[tuple[int, int]]:
    """What pyap finds; it reads line breaks as commas and counts in the text that it made of that."""
    import pyap

    clean, origin = "", list[int]()
    end = 0
    for gap in _GAP.finditer(text):
        between = " " if gap.group().isspace() and "\n" not in gap.group() else ", "
        clean += text[end : gap.start()] + between
        origin += [*range(end, gap.start()), *[gap.start()] * len(between)]
        end = gap.end()
    clean += text[end:]
    origin += range(end, len(text))
    for address in pyap.parse(clean, country=country):
        found = clean[address.match_start : address.match_end]
        first = address.match_end - len(found.lstrip(" ,"))
        last = address.match_start + len(found.rstrip(" ,")) - 1
        yield origin[first], origin[last] + 1


def _word_start(text: str, position: int) -> int:
    while position and text[position - 1].isalnum() and text[position].isalnum():
        position -= 1
    return position


# Which recogniser finds which kind of personal data.


_ETHEREUM = re.compile(r"\b0x[0-9a-fA-F]{40}\b")
_SEVEN_DIGITS = re.compile(r"\d(?:\D{0,3}\d){6}")
_FOUR_DIGITS = re.compile(r"\d(?:\D{0,3}\d){3}")


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Finds one entity; `spans` gives start and end in characters."""

    entity: Entity
    spans: Spans


def load(entities: Sequence[Entity]) -> list[Recogniser]:
    """The recognisers of `entities`, the surest first; importing Presidio takes eight seconds once."""
    known: dict[Entity, Callable[[], Spans]] = {
        "SECRET": lambda: secret_spans,
        "EMAIL": presidio.email_spans,
        "IBAN": lambda: iban_spans,
        "CARD": lambda: _with_digits(_SEVEN_DIGITS, card_spans),
        "CRYPTO": lambda: _wallets(presidio.bitcoin_spans()),
        "IP": presidio.address_spans,
        "SSN": lambda: _with_digits(_SEVEN_DIGITS, ssn_spans),
        "NATIONAL_ID": lambda: _with_digits(_FOUR_DIGITS, presidio.national_id_spans()),
        "PHONE": lambda: _with_digits(_SEVEN_DIGITS, phone_spans),
        "ADDRESS": lambda: street_address_spans,
    }
    return [Recogniser(entity, make()) for entity, make in known.items() if entity in entities]


def _with_digits(digits: re.Pattern[str], spans: Spans) -> Spans:
    """`spans`, asked only where there are digits enough to be worth it."""
    return lambda text: spans(text) if digits.search(text) else iter(())


def _wallets(bitcoin: Spans) -> Spans:
    def spans(text: str) -> Iterator[tuple[int, int]]:
        yield from bitcoin(text)
        yield from (match.span() for match in _ETHEREUM.finditer(text))

    return spans
