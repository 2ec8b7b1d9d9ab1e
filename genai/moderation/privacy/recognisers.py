"""The recognisers of personal data: Presidio's patterns, with what they lack.

Each is asked directly, without Presidio's engine: no language model is needed to tell an e-mail address.
https://microsoft.github.io/presidio/supported_entities/
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from genai.moderation.settings import Entity

MINIMUM_SCORE = 0.35
"""Presidio's scores below this are guesses that need words nearby to be believed."""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """One Presidio recogniser, the entity it stands for here, and when it is worth asking."""

    entity: Entity
    recognizer: Any
    worth: Callable[[str], bool]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end, in characters, of each find."""
        if not self.worth(text):
            return []
        found = self.recognizer.analyze(text, self.recognizer.supported_entities)
        return [(result.start, result.end) for result in found if result.score >= MINIMUM_SCORE]


def has_at(text: str) -> bool:
    return "@" in text


def has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def load(entities: Sequence[Entity]) -> list[Recogniser]:
    """The recognisers of `entities`; the first call imports Presidio, which takes about eight seconds."""
    from presidio_analyzer import predefined_recognizers as presidio

    from genai.moderation.privacy.email import OfflineEmailRecognizer

    known: list[tuple[Entity, Callable[[], Any], Callable[[str], bool]]] = [
        ("EMAIL", OfflineEmailRecognizer, has_at),
        ("CARD", presidio.CreditCardRecognizer, has_digit),
        ("IBAN", presidio.IbanRecognizer, has_digit),
        ("SSN", presidio.UsSsnRecognizer, has_digit),
        ("PHONE", presidio.PhoneRecognizer, has_digit),
        ("IP", presidio.IpRecognizer, has_digit),
        ("CRYPTO", presidio.CryptoRecognizer, has_digit),
    ]
    return [Recogniser(entity, make(), worth) for entity, make, worth in known if entity in entities]
