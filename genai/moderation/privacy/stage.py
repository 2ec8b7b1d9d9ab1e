"""The privacy stage: redacts personal data that recognisers find and nobody allowed."""

from collections.abc import Iterable, Sequence
from importlib import metadata

from genai.moderation.privacy.recognisers import Recogniser
from genai.moderation.privacy.recognisers import load as load_recognisers
from genai.moderation.settings import ModerationSettings
from genai.moderation.stage import Item
from genai.moderation.verdict import Action, Redaction, StageVerdict


class Privacy:
    """A stage over recognisers; where finds overlap, the one that starts first counts, then the longest."""

    name = "privacy"

    def __init__(self, recognisers: Sequence[Recogniser], version: str) -> None:
        self._recognisers = recognisers
        self.version = version

    def judge(self, items: Sequence[Item]) -> Sequence[StageVerdict]:
        return [self._judge(item) for item in items]

    def _judge(self, item: Item) -> StageVerdict:
        redactions = tuple(self.redactions(item.text, item.allowed_personal))
        if not redactions:
            return StageVerdict(self.name, classifier="presidio", version=self.version)
        return StageVerdict(
            stage=self.name,
            action=Action.REDACT,
            category=redactions[0].entity,
            score=1.0,
            threshold=1.0,
            classifier="presidio",
            version=self.version,
            redactions=redactions,
        )

    def redactions(self, text: str, allowed_personal: frozenset[str] = frozenset()) -> list[Redaction]:
        """What to redact in `text`, in order and without overlap."""
        allowed = {bare(fact) for fact in allowed_personal}
        found = (
            Redaction(start, end, recogniser.entity)
            for recogniser in self._recognisers
            for start, end in recogniser.spans(text)
        )
        return [part for part in disjoint(found) if bare(text[part.start : part.end]) not in allowed]


def disjoint(found: Iterable[Redaction]) -> list[Redaction]:
    """Finds in order, those that overlap joined into one that is named after the first and longest."""
    joined: list[Redaction] = []
    for part in sorted(found, key=lambda part: (part.start, -part.end)):
        if joined and part.start < joined[-1].end:
            last = joined[-1]
            joined[-1] = Redaction(last.start, max(last.end, part.end), last.entity)
        else:
            joined.append(part)
    return joined


def bare(fact: str) -> str:
    """`fact` without case, spaces and punctuation, so that differently written numbers are the same."""
    return "".join(char for char in fact.casefold() if char.isalnum() or char == "@")


def load(settings: ModerationSettings) -> Privacy:
    """The stage with the recognisers that the settings want."""
    version = f"presidio {metadata.version('presidio-analyzer')}"
    return Privacy(load_recognisers(settings.privacy) if settings.privacy else [], version)
