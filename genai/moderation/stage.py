"""What a stage of the chain is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from genai.moderation.verdict import StageVerdict

if TYPE_CHECKING:
    from genai.moderation.policy import Policy


@dataclass(frozen=True, slots=True)
class Item:
    """A text to judge, and under what rules.

    `allowed_personal` facts need no redaction in it, `confidential` texts must not be repeated in it, and
    `policy` is that of its channel; None is that of the settings.
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
