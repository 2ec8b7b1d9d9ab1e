"""What is nobody's stays: reserved, public or counted values, and what only names a secret; so do ordinary answers."""

import json
from pathlib import Path

import pytest

from genai.evaluation.nobodys_values import NOBODYS, TOKENS
from genai.moderation import ModerationSettings
from genai.moderation.personal_data.redaction import Privacy
from genai.moderation.personal_data.redaction import load as load_privacy

ANSWERS = Path("../shared/data/novelty")


@pytest.fixture(scope="module")
def privacy() -> Privacy:
    return load_privacy(ModerationSettings())


@pytest.mark.parametrize("text", NOBODYS)
def test_it_stays(privacy: Privacy, text: str) -> None:
    assert privacy.redactions(text) == []


@pytest.mark.parametrize("vendor", TOKENS)
def test_a_vendors_token_is_found(privacy: Privacy, vendor: str) -> None:
    token = TOKENS[vendor]()
    assert [part.entity for part in privacy.redactions(f"use {token} here")] == ["SECRET"]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ('aws_secret_access_key = "wJalrXUtnFEMIK7MDENGbPxRfiCYzz12"', "wJalrXUtnFEMIK7MDENGbPxRfiCYzz12"),
        ("dbPassword: 's3cretpw!'", "s3cretpw!"),
        ("PGPASSWORD=hunter2x", "hunter2x"),
        ("**Password:** `hunter2!`", "hunter2!"),
        ("Authorization: Bearer abcdef1234567890abcdef", "abcdef1234567890abcdef"),
        ("acme_live_Zx81kQp0LmN4vBt7RyW2sDf6", "acme_live_Zx81kQp0LmN4vBt7RyW2sDf6"),
    ],
)
def test_what_stands_behind_a_label_is_found_without_its_quotes(
    privacy: Privacy, text: str, secret: str
) -> None:
    assert [text[part.start : part.end] for part in privacy.redactions(text)] == [secret]


def test_hardly_any_ordinary_answer_is_redacted(privacy: Privacy) -> None:
    if not ANSWERS.is_dir():
        pytest.skip(f"{ANSWERS} is not here; it is public data that does not come with Riff")
    answers = [
        answer
        for path in sorted(ANSWERS.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for answer in json.loads(line)["generations"][:3]
    ]
    assert len(answers) > 2000
    redacted = sum(bool(privacy.redactions(answer)) for answer in answers)
    assert redacted <= 0.002 * len(answers)
