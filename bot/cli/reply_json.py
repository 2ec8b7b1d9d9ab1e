"""Replies and verdicts as JSON objects, the same for every command."""

from dataclasses import asdict
from typing import Any

from bot.core.domain import Reply, Verdict


def verdict_json(verdict: Verdict | None) -> dict[str, Any] | None:
    """The decision without its texts."""
    if verdict is None:
        return None
    return {
        "action": verdict.action.value,
        "category": verdict.category,
        "score": verdict.score,
        "threshold": verdict.threshold,
        "classifier": verdict.classifier,
        "version": verdict.version,
    }


def reply_json(reply: Reply) -> dict[str, Any]:
    """A whole reply."""
    return {
        "reply": reply.text,
        "ideas": [asdict(idea) for idea in reply.ideas],
        "verdict": verdict_json(reply.verdict),
        "outcome": reply.outcome.value if reply.outcome else None,
        "latency_ms": reply.latency_ms,
        "first_text_ms": reply.first_text_ms,
        "model": reply.model,
    }
