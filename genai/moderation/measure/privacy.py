"""How much of personal data is found, and how much of what is found is personal."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from genai.moderation.measure.personal import Filled, Value, covered, overlaps
from genai.moderation.privacy.redaction import Privacy
from genai.moderation.verdict import Redaction


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
