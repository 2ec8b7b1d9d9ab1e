"""How much of personal data is found, and how much of what is found is personal.

Sentences are the templates of presidio-research, filled with made-up values.
https://github.com/microsoft/presidio-research
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genai.moderation.personal_data.redaction import Privacy
from genai.moderation.verdict import Redaction

if TYPE_CHECKING:
    from faker import Faker


_SLOT = re.compile(r"\{\{(\w+)\}\}")
LOCALES = (
    "en_US", "en_AU", "en_CA", "en_IE", "en_NZ", "en_IN", "de_DE", "de_AT", "de_CH", "fr_FR", "es_ES", "it_IT",
    "nl_NL", "da_DK", "sv_SE", "no_NO", "fi_FI", "pl_PL", "cs_CZ", "pt_BR", "pt_PT",
)  # fmt: skip
"""Not that of the United Kingdom, for which faker makes up numbers for films only."""

ENTITIES = {
    "credit_card_number": "CARD",
    "phone_number": "PHONE",
    "email": "EMAIL",
    "iban": "IBAN",
    "ssn": "SSN",
    "ip_address": "IP",
    "card_in_groups": "CARD",
    "iban_in_groups": "IBAN",
    "ssn_unbroken": "SSN",
}
"""Which slot of the templates holds which entity."""


@dataclass(frozen=True, slots=True)
class Value:
    """One piece of personal data, `text[start:end]` of its sentence."""

    entity: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A sentence and all that is personal in it."""

    text: str
    values: tuple[Value, ...]


def lines_of(templates: Path) -> list[str]:
    """The templates of a file, one a line."""
    lines = templates.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if line.strip()]


def filled(
    lines: Sequence[str], rounds: int, *, locales: Sequence[str] = LOCALES, seed: int = 1
) -> list[Filled]:
    """Every template `rounds` times, each time with other values; needs faker, of the extra `dev`."""
    from faker import Faker

    Faker.seed(seed)
    fakers = [Faker(locale) for locale in locales]
    return [
        _fill(line, fakers, row * 7 + number) for number in range(rounds) for row, line in enumerate(lines)
    ]


def _fill(template: str, fakers: Sequence["Faker"], number: int) -> Filled:
    text, end = "", 0
    values: list[Value] = []
    for slot in _SLOT.finditer(template):
        text += template[end : slot.start()].replace("\\n", "\n")
        value = _value(slot.group(1), fakers, number + len(values))
        if slot.group(1) in ENTITIES:
            values.append(Value(ENTITIES[slot.group(1)], len(text), len(text) + len(value)))
        text, end = text + value, slot.end()
    return Filled(text + template[end:].replace("\\n", "\n"), tuple(values))


def _value(slot: str, fakers: Sequence["Faker"], number: int) -> str:
    faker = fakers[number % len(fakers)] if slot in _LOCAL else fakers[0]
    return str(_MAKERS[slot](faker) if slot in _MAKERS else getattr(faker, slot)())


_MAKERS: dict[str, Callable[[Any], object]] = {
    "email": lambda faker: faker.email(safe=False),
    "phone_number": lambda faker: _somebodys_number(faker),
    "card_in_groups": lambda faker: " ".join(_fours(faker.credit_card_number("visa16"))),
    "iban_in_groups": lambda faker: " ".join(_fours(faker.iban())),
    "ssn_unbroken": lambda faker: faker.ssn().replace("-", ""),
    "organization": lambda faker: faker.company(),
    "person": lambda faker: faker.name(),
    "ip_address": lambda faker: faker.ipv4_public(),
    "age": lambda faker: faker.random_int(18, 99),
    "zipcode": lambda faker: faker.postcode(),
    "nationality": lambda faker: faker.country(),
    "nation_woman": lambda faker: faker.country(),
    "nation_plural": lambda faker: faker.country(),
    "us_driver_license": lambda faker: faker.bothify("?#######"),
    "date_of_birth": lambda faker: faker.date_of_birth().strftime("%d/%m/%Y"),
    "date_time": lambda faker: faker.date_time().strftime("%Y-%m-%d %H:%M"),
}
"""Slots that faker calls something else."""

_LOCAL = frozenset({"phone_number", "iban", "iban_in_groups", "email", "person", "address"})
"""Slots that are filled in the form of another country each time; the others in that of the United States."""


def _fours(number: str) -> list[str]:
    return [number[start : start + 4] for start in range(0, len(number), 4)]


def _somebodys_number(faker: Any) -> str:
    """A telephone number that is no line of a service and not for films, as far as its form tells."""
    while "555" in (number := str(faker.phone_number())) or _is_service(number):
        pass
    return number


def _is_service(number: str) -> bool:
    import phonenumbers
    from phonenumbers import PhoneNumberType as Kind

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number, "US"))
    except phonenumbers.NumberParseException:
        return False
    return kind in (Kind.TOLL_FREE, Kind.PREMIUM_RATE, Kind.SHARED_COST, Kind.UAN)


def overlaps(value: Value, start: int, end: int) -> bool:
    """Whether `value` and `start:end` share a character."""
    return value.start < end and start < value.end


def covered(value: Value, spans: Sequence[tuple[int, int]]) -> Iterator[int]:
    """The characters of `value` that no span covers."""
    return (at for at in range(value.start, value.end) if not any(start <= at < end for start, end in spans))


@dataclass(frozen=True, slots=True)
class EntityFigures:
    """One entity: how many there are, the share that is redacted whole, and the share of redactions that are right."""

    entity: str
    values: int
    redactions: int
    recall: float
    precision: float


def entity_figures(
    stage: Privacy, sentences: Sequence[Filled], *, unlabelled: frozenset[str]
) -> list[EntityFigures]:
    """Figures by entity, in the order of their names; entities that the sentences do not label are left out."""
    values, whole, redactions, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for sentence in sentences:
        found = stage.redactions(sentence.text)
        for value in sentence.values:
            values[value.entity] += 1
            whole[value.entity] += _is_redacted(sentence.text, value, found)
        for part in found:
            redactions[part.entity] += 1
            right[part.entity] += any(
                value.entity == part.entity and overlaps(value, part.start, part.end)
                for value in sentence.values
            )
    return [
        EntityFigures(
            entity,
            values[entity],
            redactions[entity],
            whole[entity] / values[entity] if values[entity] else 0.0,
            right[entity] / redactions[entity] if redactions[entity] else 1.0,
        )
        for entity in sorted({*values, *redactions} - unlabelled)
    ]


def _is_redacted(text: str, value: Value, found: Sequence[Redaction]) -> bool:
    """Whether redactions of the right entity hide every letter and digit of `value`."""
    spans = [(part.start, part.end) for part in found if part.entity == value.entity]
    return not any(text[at].isalnum() for at in covered(value, spans))
