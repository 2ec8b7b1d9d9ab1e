"""The part about personal data of the page of figures: what is found, and what is redacted falsely."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genai.evaluation.nobodys_values import NOBODYS, TOKENS
from genai.evaluation.personal_data import LOCALES, EntityFigures, entity_figures, filled, lines_of
from genai.moderation.personal_data import redaction as privacy
from genai.moderation.personal_data.redaction import Privacy
from genai.moderation.settings import ModerationSettings

ROUNDS = 10
"""How often each template is filled."""
_OWN_ROUNDS = 60
_FURTHER_LOCALES: tuple[str, ...] = (
    "en_US", "hu_HU", "ro_RO", "es_MX", "ja_JP", "ko_KR", "el_GR", "uk_UA", "zh_CN", "tr_TR", "fr_CH", "bg_BG", "hr_HR",
)  # fmt: skip
_FEW = 40
"""Tokens that are made up for each vendor."""

SENTENCES: tuple[str, ...] = (
    "Phone me, {{phone_number}}, before noon.",
    "The office line is {{phone_number}} now.",
    "Telephone: {{phone_number}}\\nMail: none",
    "Please send a text message to {{phone_number}} with your order",
    "The plumber's number, {{phone_number}}, is on the fridge.",
    "I was phoned by {{phone_number}} twice",
    "reply to: {{email}}",
    'Mail "{{email}}" bounced.',
    "Invite {{email}} and me",
    "Use {{card_in_groups}} for the hotel",
    "number: {{credit_card_number}} exp 04/29",
    "Refund it to {{credit_card_number}}.",
    "Beneficiary {{iban_in_groups}}",
    "from {{iban}} to savings",
    "My account changed to {{iban_in_groups}}.",
    "social security no. {{ssn}}",
    "Enter {{ssn_unbroken}} as your social security number",
    "The SSN {{ssn}} belongs to him",
)
"""Sentences of our own, to be filled."""


@dataclass(frozen=True, slots=True)
class FalseFigures:
    """Texts in which nothing is anyone's, and how many of them were redacted all the same."""

    name: str
    texts: int
    redacted: int


@dataclass(frozen=True, slots=True)
class PrivacyFigures:
    """All figures about personal data; `found` by where the sentences come from."""

    found: tuple[tuple[str, EntityFigures], ...]
    falsely: tuple[FalseFigures, ...]
    vendors: int
    tokens: int
    tokens_found: int


def measure(settings: ModerationSettings, data: Path, missing: list[str]) -> PrivacyFigures:
    """What the privacy stage of `settings` does on what lies in `data`; `missing` is told what does not."""
    stage = privacy.load(settings)
    answers = list(_answers(stage, data))
    if not answers:
        missing.append(f"{data / 'novelty'} is not there")
    stays = FalseFigures("values that are nobody's (own)", len(NOBODYS), _redacted(stage, NOBODYS))
    tokens = [make() for make in TOKENS.values() for _ in range(_FEW)]
    return PrivacyFigures(
        tuple(_found(stage, data, missing)),
        (*answers, *_replies_of_people(stage, data), stays),
        len(TOKENS),
        len(tokens),
        _redacted(stage, [f"use {token} here" for token in tokens]),
    )


def _found(stage: Privacy, data: Path, missing: list[str]) -> Iterator[tuple[str, EntityFigures]]:
    templates = data / "privacy" / "templates.txt"
    sets: list[tuple[str, tuple[str, ...], int, tuple[str, ...]]] = [
        ("own sentences, further countries", SENTENCES, _OWN_ROUNDS, _FURTHER_LOCALES)
    ]
    if templates.is_file():
        sets.insert(0, ("presidio-research", tuple(lines_of(templates)), ROUNDS, LOCALES))
    else:
        missing.append(f"{templates} is not there")
    try:
        for name, lines, rounds, locales in sets:
            sentences = filled(lines, rounds, locales=locales)
            for row in entity_figures(stage, sentences, unlabelled=frozenset({"ADDRESS", "PERSON"})):
                yield name, row
    except ImportError:
        missing.append("faker is not installed: pip install -e '.[dev]'")


def _answers(stage: Privacy, data: Path) -> Iterator[FalseFigures]:
    """Answers of models to creative prompts, https://github.com/novelty-bench/novelty-bench"""
    for path in sorted((data / "novelty").glob("*.jsonl")):
        texts = [text for row in _rows(path) for text in row["generations"]]
        yield FalseFigures(f"answers of {path.stem} (NoveltyBench)", len(texts), _redacted(stage, texts))


def _replies_of_people(stage: Privacy, data: Path) -> Iterator[FalseFigures]:
    """What people answered to tasks: the values that a task holds its author typed themselves."""
    cases = [
        (case["output"], f"{row['instruction']} {case['input']}")
        for name in ("seed_tasks", "user_oriented_instructions")
        if (path := data / "prompts" / f"{name}.jsonl").is_file()
        for row in _rows(path)
        for case in row["instances"]
    ]
    if cases:
        redacted = sum(bool(stage.redactions(answer, frozenset({task}))) for answer, task in cases)
        yield FalseFigures("answers of people (self-instruct)", len(cases), redacted)


def _redacted(stage: Privacy, texts: Sequence[str]) -> int:
    return sum(bool(stage.redactions(text)) for text in texts)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def tables(figures: PrivacyFigures) -> list[str]:
    """The section's tables, in Markdown."""
    found = [
        f"| {name} | {row.entity} | {row.values} | {row.recall:.1%} | {row.redactions} | {row.precision:.1%} |"
        for name, row in figures.found
    ]
    falsely = [
        f"| {row.name} | {row.texts:,} | {row.redacted} | {row.redacted / row.texts:.2%} |"
        for row in figures.falsely
    ]
    return [
        "\n".join(
            [
                "| sentences | entity | values | redacted whole | redactions | right |",
                "| --- | --- | ---: | ---: | ---: | ---: |",
                *found,
            ]
        ),
        "\n".join(
            [
                "| what nobody's data is in | texts | redacted | share |",
                "| --- | ---: | ---: | ---: |",
                *falsely,
            ]
        ),
        f"Of {figures.tokens:,} made-up tokens of {figures.vendors} vendors,"
        f" {figures.tokens_found / figures.tokens:.1%} are found.",
    ]
