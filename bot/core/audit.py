"""A moderation verdict as the audit keeps it: what decided, by how much, in which version; never the text."""

from bot.core.domain import Verdict
from storage.values.common import Decision


def decision_from(verdict: Verdict, direction: str) -> Decision:
    """The decision on a text going in a `direction`: "prompt" or "reply"."""
    return Decision(
        direction=direction,
        action=verdict.action.value,
        category=verdict.category,
        score=verdict.score,
        threshold=verdict.threshold,
        classifier=verdict.classifier,
        version=verdict.version,
        stages=tuple(
            {
                "stage": stage.stage,
                "action": stage.action.value,
                "category": stage.category,
                "score": stage.score,
                "threshold": stage.threshold,
                "classifier": stage.classifier,
                "version": stage.version,
            }
            for stage in verdict.stages
        ),
    )
