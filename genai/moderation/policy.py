"""What a stage of the chain is given: a text, and what holds in its place, changed by a workspace and by a channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field

from genai.moderation.settings import Entity, ModerationSettings, Thresholds, threshold_of
from genai.moderation.topics.topic import AnyTopic, Topic
from genai.moderation.verdict import Action, StageVerdict

Term = Annotated[str, Field(min_length=2, max_length=100)]


class Overrides(BaseModel):
    """What a workspace or a channel may set; None leaves what holds more widely.

    Thresholds join those of the wider scope by category and terms are added to its blocklist; topics and
    personal data that are named replace its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    thresholds: dict[str, Thresholds] = Field(default_factory=dict)
    blocklist: tuple[Term, ...] = Field(default=(), max_length=1000)
    topics: tuple[AnyTopic, ...] | None = None
    privacy: tuple[Entity, ...] | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules that an item is judged under; `blocklist` holds terms beside those of the settings."""

    thresholds: Mapping[str, Thresholds]
    privacy: frozenset[Entity]
    topics: tuple[Topic, ...] = ()
    blocklist: tuple[str, ...] = ()

    def under(self, overrides: Overrides) -> "Policy":
        """The policy with a narrower scope's changes."""
        return replace(
            self,
            thresholds={**self.thresholds, **overrides.thresholds},
            blocklist=tuple(dict.fromkeys((*self.blocklist, *overrides.blocklist))),
            topics=self.topics if overrides.topics is None else overrides.topics,
            privacy=self.privacy if overrides.privacy is None else frozenset(overrides.privacy),
        )

    def applied(self, verdict: StageVerdict) -> StageVerdict:
        """What a stage that knows only the settings found, held to this policy."""
        if verdict.redactions:
            return self._kept_private(verdict)
        return self._held_to_thresholds(verdict) if verdict.stage == "toxicity" else verdict

    def _kept_private(self, verdict: StageVerdict) -> StageVerdict:
        kept = tuple(part for part in verdict.redactions if part.entity in self.privacy)
        if not kept:
            return StageVerdict(verdict.stage, classifier=verdict.classifier, version=verdict.version)
        return replace(verdict, redactions=kept, category=kept[0].entity)

    def _held_to_thresholds(self, verdict: StageVerdict) -> StageVerdict:
        """The category nearest to its block threshold is named; any over its flag threshold flags."""
        limits = {name: threshold_of(name, self.thresholds) for name in verdict.scores}
        worst = max(limits, key=lambda name: verdict.scores[name] - limits[name].block)
        score = verdict.scores[worst]
        blocked = score >= limits[worst].block
        flagged = any(verdict.scores[name] >= limit.flag for name, limit in limits.items())
        return replace(
            verdict,
            action=Action.BLOCK if blocked else Action.FLAG if flagged else Action.ALLOW,
            category=worst,
            score=score,
            threshold=limits[worst].block if blocked else limits[worst].flag,
        )


def policy_of(settings: ModerationSettings) -> Policy:
    """The policy where no scope changes anything."""
    return Policy(settings.thresholds, frozenset(settings.privacy), settings.topics)


@dataclass(frozen=True, slots=True)
class Item:
    """A text to judge, and under what rules.

    What is in `allowed_personal` texts needs no redaction in it, secrets excepted; `confidential` texts must not be
    repeated in it, and `policy` is that of its channel; None is that of the settings.
    """

    text: str
    allowed_personal: frozenset[str] = frozenset()
    policy: "Policy | None" = None
    confidential: tuple[str, ...] = ()


class Stage(Protocol):
    """A loaded stage; called from one thread at a time, never from the event loop."""

    @property
    def name(self) -> str:
        """The stage as verdicts name it."""

    @property
    def version(self) -> str:
        """What it decides with, so that a recorded verdict can be understood later."""

    def judge(self, items: Sequence[Item]) -> Sequence[StageVerdict]:
        """A verdict for each item; raises where it cannot decide."""
