"""The values that moderation answers with. Knows nothing of how a verdict is reached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NoReturn, Self, final


class Action(StrEnum):
    """What may happen to a text, mildest first."""

    ALLOW = "allow"
    FLAG = "flag"
    REDACT = "redact"
    BLOCK = "block"

    @property
    def severity(self) -> int:
        """Rank from 0 (allow) to 3 (block)."""
        return list(Action).index(self)


@dataclass(frozen=True, slots=True)
class Redaction:
    """A part of a text, `text[start:end]` in characters, that is shown as `<entity>`."""

    start: int
    end: int
    entity: str


@dataclass(frozen=True, slots=True)
class StageVerdict:
    """What one stage of the chain decided; `score` and `threshold` are probabilities from 0 to 1."""

    stage: str
    action: Action = Action.ALLOW
    category: str = ""
    score: float = 0.0
    threshold: float = 0.0
    classifier: str = ""
    version: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    redactions: tuple[Redaction, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The chain's decision about one text, with the stage that decided it.

    `redacted_text` is what may be shown; it is empty when the text is blocked. `scores` are the highest
    scores of each category over all classifiers and all windows of the text.
    """

    action: Action
    category: str = ""
    score: float = 0.0
    threshold: float = 0.0
    classifier: str = ""
    version: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    redacted_text: str = ""
    redactions: tuple[Redaction, ...] = ()
    stages: tuple[StageVerdict, ...] = ()

    @property
    def blocked(self) -> bool:
        """Whether nothing of the text may be shown."""
        return self.action is Action.BLOCK


def worse(one: "Verdict | None", other: Verdict) -> Verdict:
    """The more severe of two verdicts, the surer one where two are level."""
    if one is None:
        return other
    return max(one, other, key=lambda verdict: (verdict.action.severity, verdict.score))


def redact(text: str, redactions: Iterable[Redaction]) -> str:
    """`text` with each redaction shown as `<ENTITY>`; redactions are ordered and do not overlap."""
    pieces: list[str] = []
    position = 0
    for redaction in redactions:
        pieces += [text[position : redaction.start], f"<{redaction.entity}>"]
        position = redaction.end
    return "".join([*pieces, text[position:]])


def combine(text: str, stages: tuple[StageVerdict, ...]) -> Verdict:
    """The chain's verdict on `text`: the most severe stage decides, the surer one where two are level."""
    decisive = max(
        stages, key=lambda stage: (stage.action.severity, stage.score), default=StageVerdict("none")
    )
    redactions = tuple(redaction for stage in stages for redaction in stage.redactions)
    scores = {name: score for stage in stages for name, score in stage.scores.items()}
    return Verdict(
        action=decisive.action,
        category=decisive.category,
        score=decisive.score,
        threshold=decisive.threshold,
        classifier=decisive.classifier,
        version=decisive.version,
        scores=MappingProxyType(scores),
        redacted_text="" if decisive.action is Action.BLOCK else redact(text, redactions),
        redactions=redactions,
        stages=stages,
    )


@final
class Passed:
    """Text that may be shown, with the verdict that passed it.

    Comes from `Moderator.passed` and `Gate.pieces`; calling the class raises TypeError.
    """

    __slots__ = ("text", "verdict")

    text: str
    verdict: Verdict

    def __new__(cls, *_: object, **__: object) -> Self:
        raise TypeError("Passed text comes from Moderator.passed or Gate.pieces only")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Passed text cannot be changed: {name}")

    def __repr__(self) -> str:
        return f"Passed({self.text!r})"

    def __str__(self) -> str:
        return self.text


def pass_text(text: str, verdict: Verdict) -> Passed:
    """`text` as passed under `verdict`; for this package only."""
    passed = object.__new__(Passed)
    object.__setattr__(passed, "text", text)
    object.__setattr__(passed, "verdict", verdict)
    return passed


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The reply may not stand: nothing more follows, and what was shown of it should be taken back."""

    verdict: Verdict
