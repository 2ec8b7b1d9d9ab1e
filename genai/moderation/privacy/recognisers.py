"""Which recogniser finds which kind of personal data."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from genai.moderation.privacy import presidio
from genai.moderation.privacy.addresses import street_address_spans
from genai.moderation.privacy.cards import card_spans
from genai.moderation.privacy.ibans import iban_spans
from genai.moderation.privacy.phones import phone_spans
from genai.moderation.privacy.presidio import Spans
from genai.moderation.privacy.secrets import secret_spans
from genai.moderation.privacy.social_security import ssn_spans
from genai.moderation.settings import Entity

_ETHEREUM = re.compile(r"\b0x[0-9a-fA-F]{40}\b")
_SEVEN_DIGITS = re.compile(r"\d(?:\D{0,3}\d){6}")


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
        "CARD": lambda: _with_digits(card_spans),
        "CRYPTO": lambda: _wallets(presidio.bitcoin_spans()),
        "IP": presidio.address_spans,
        "SSN": lambda: _with_digits(ssn_spans),
        "NATIONAL_ID": presidio.national_id_spans,
        "PHONE": lambda: _with_digits(phone_spans),
        "ADDRESS": lambda: street_address_spans,
    }
    return [Recogniser(entity, make()) for entity, make in known.items() if entity in entities]


def _with_digits(spans: Spans) -> Spans:
    """`spans`, asked only where there are digits enough to be worth it."""
    return lambda text: spans(text) if _SEVEN_DIGITS.search(text) else iter(())


def _wallets(bitcoin: Spans) -> Spans:
    def spans(text: str) -> Iterator[tuple[int, int]]:
        yield from bitcoin(text)
        yield from (match.span() for match in _ETHEREUM.finditer(text))

    return spans
