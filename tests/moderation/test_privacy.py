"""Personal data of every kind is found by its form, and numbers that are none are left alone."""

from pathlib import Path

import pytest

from genai.evaluation.personal_data import entity_figures, filled, lines_of
from genai.moderation import ModerationSettings
from genai.moderation.personal_data.redaction import Privacy
from genai.moderation.personal_data.redaction import load as load_privacy

TEMPLATES = Path("../shared/data/privacy/templates.txt")


@pytest.fixture(scope="module")
def privacy() -> Privacy:
    return load_privacy(ModerationSettings())


def found(privacy: Privacy, text: str) -> list[tuple[str, str]]:
    return [(part.entity, text[part.start : part.end]) for part in privacy.redactions(text)]


@pytest.mark.parametrize(
    ("entity", "value"),
    [
        ("EMAIL", "first.last+x@mail.acme-lamps.co.uk"),
        ("CARD", "4111-1111-1111-1111"),
        ("CARD", "378282246310005"),
        ("IBAN", "DE89 3704 0044 0532 0130 00"),
        ("IBAN", "HN88CABF00000000000250005469"),
        ("SSN", "536-22-1234"),
        ("SSN", "912-71-1234"),
        ("PHONE", "+44 20 7183 8750"),
        ("PHONE", "(212) 664-0123"),
        ("PHONE", "0171 6640123"),
        ("PHONE", "001-420-335-7509x38548"),
        ("IP", "93.184.216.34"),
        ("IP", "2a02:8108:85a3::8a2e:370:7334"),
        ("CRYPTO", "0x52908400098527886E0F7030069857D2E4169EE7"),
        ("CRYPTO", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        ("NATIONAL_ID", "AB123456C"),
        ("NATIONAL_ID", "12345678Z"),
        ("SECRET", "AKIAIOSFODNN7EXAMPLE"),
        ("SECRET", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
        ("ADDRESS", "600 S Rowan Ave, Los Angeles, CA 90023"),
        ("ADDRESS", "600 S Rowan Ave\nLos Angeles, CA 90023"),
        ("ADDRESS", "12 High Street, London SW1A 1AA"),
        ("ADDRESS", "22 Baker Road, Toronto, ON M5V 2T6"),
    ],
)
def test_value_is_found_whole(privacy: Privacy, entity: str, value: str) -> None:
    assert found(privacy, f"Here it is: {value} and so on.") == [(entity, value)]


def test_secrets_are_taken_out_of_what_holds_them(privacy: Privacy) -> None:
    assert found(privacy, "postgres://somebody:hunter22@db/x") == [("SECRET", "somebody:hunter22")]
    assert found(privacy, "password: hunter2!") == [("SECRET", "hunter2!")]
    key = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----"
    assert found(privacy, f"mine is {key}") == [("SECRET", key)]


@pytest.mark.parametrize(
    "number", ["212-664-0123", "(212) 664-0123", "2126640123", "+1 212 664 0123", "943 476 5919"]
)
def test_plain_phone_number_is_no_national_id(privacy: Privacy, number: str) -> None:
    assert {entity for entity, _ in found(privacy, f"call me on {number} tonight")} == {"PHONE"}


@pytest.mark.parametrize(
    "text",
    [
        "Between 1914 and 1918 some 20 000 000 people died.",
        "The total is $1,234,567.89 for 12 items.",
        "Version 10.4.2 of 2024-05-17 at 10:30",
        "We sell 250 lamps a month at 12 High Street.",
        "ISBN 978-3-16-148410-0",
        "Call it 987-65-4321, as advertisements do.",
        "A ratio of 16:9, 3.14159265 and 299792458 m/s",
    ],
)
def test_other_numbers_stay(privacy: Privacy, text: str) -> None:
    assert found(privacy, text) == []


def test_recall_and_precision_on_templates_of_sentences(privacy: Privacy) -> None:
    pytest.importorskip("faker", reason="faker makes up the personal data: pip install -e '.[dev]'")
    if not TEMPLATES.is_file():
        pytest.skip(f"{TEMPLATES} is not here; it is public data that does not come with Riff")
    sentences = filled(lines_of(TEMPLATES), rounds=8)
    assert len(sentences) > 1500
    figures = entity_figures(privacy, sentences, unlabelled=frozenset({"ADDRESS"}))
    by_entity = {row.entity: row for row in figures}
    for entity in ("CARD", "PHONE", "EMAIL", "IBAN", "SSN"):
        assert by_entity[entity].recall >= 0.98, by_entity[entity]
        assert by_entity[entity].precision >= 0.99, by_entity[entity]
    assert by_entity.keys() <= {"CARD", "PHONE", "EMAIL", "IBAN", "SSN", "IP"}
