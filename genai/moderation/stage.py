"""What a stage of the chain is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from genai.moderation.verdict import StageVerdict


@dataclass(frozen=True, slots=True)
class Item:
    """A text to judge, and personal facts that need no redaction in it."""

    text: str
    allowed_personal: frozenset[str] = frozenset()


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
