"""What one event of a streamed answer brings, whatever is missing, null or of another type in it. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genai.request import FinishReason

_FINISHES: dict[str, FinishReason] = {
    **dict.fromkeys(
        ("stop", "eos", "eos_token", "end_turn", "stop_sequence", "complete", "completed"), "stop"
    ),
    **dict.fromkeys(("tool_calls", "tool_use", "function_call", "done", "normal", "finished"), "stop"),
    **dict.fromkeys(("length", "max_tokens", "max_new_tokens", "model_length", "max_length"), "length"),
    **dict.fromkeys(("content_filter", "safety", "recitation", "blocklist", "refusal"), "content_filter"),
    **dict.fromkeys(("prohibited_content", "content_filtered", "sensitive"), "content_filter"),
    **dict.fromkeys(("error", "abort", "aborted", "cancelled", "insufficient_system_resource"), "error"),
}
"""Why answers end, as servers call it."""
_NOT_YET = frozenset({"", "null", "none"})
_THOUGHTS = ("reasoning_content", "reasoning", "thinking", "reasoning_details")
"""Fields in which servers send thoughts; those that say the same follow each other, and the first counts."""
_THOUGHT_PARTS = ("thinking", "reasoning", "reasoning_content")


@dataclass(frozen=True, slots=True)
class Piece:
    """What one event of the stream brings; `log_probability` sums over its `scored` tokens, in nats.

    `finish` is why the answer ends here, None where it does not; `says_no_reason` that it may end, for no reason.
    `total_tokens` and `thought_tokens` are the server's own counts of the whole answer, where it gives them.
    """

    text: str = ""
    thought: str = ""
    finish: FinishReason | None = None
    says_no_reason: bool = False
    log_probability: float = 0.0
    scored: int = 0
    total_tokens: int | None = None
    thought_tokens: int | None = None


def piece_of(event: Mapping[str, Any]) -> Piece:
    """What the event brings."""
    usage = _object(event.get("usage"))
    details = _object(usage.get("completion_tokens_details"))
    total, thoughts = _count(usage.get("completion_tokens")), _count(details.get("reasoning_tokens"))
    choices = event.get("choices")
    choice = _object(choices[0]) if isinstance(choices, list) and choices else {}
    delta = _object(choice.get("delta")) or _object(choice.get("message"))
    text, thought = _texts(delta.get("content") or choice.get("text") or delta.get("refusal"))
    for name in _THOUGHTS:
        if more := delta.get(name):
            thought += "".join(_texts(more))
            break
    reason, scores = choice.get("finish_reason"), _scores(choice.get("logprobs"))
    return Piece(text, thought, _finish(reason), reason == "", sum(scores), len(scores), total, thoughts)


def fault_in(event: Mapping[str, Any]) -> tuple[int, str] | None:
    """Status (0 for none) and words of an error that comes as an event; None where it is none."""
    if event.get("choices"):
        return None
    fault: Any = event.get("error") or event.get("errors")
    if not fault and (event.get("object") == "error" or event.get("type") == "error"):
        fault = event
    if not fault and "choices" not in event:
        fault = event.get("detail")
    if not fault:
        return None
    inner = _object(fault)
    numbers = [_count(one.get(name)) for one in (inner, event) for name in ("code", "status", "status_code")]
    status = next((number for number in numbers if number and 400 <= number < 600), 0)
    return status, str(fault)[:4000]


def _finish(reason: Any) -> FinishReason | None:
    if not isinstance(reason, str) or reason.lower() in _NOT_YET:
        return None
    return _FINISHES.get(reason.lower(), "unknown")


def _texts(content: Any) -> tuple[str, str]:
    """Text and thought of what may be a text, one part, or a list of parts."""
    if isinstance(content, str):
        return content, ""
    if isinstance(content, Mapping):
        for name in _THOUGHT_PARTS:
            if inner := content.get(name):
                return "", "".join(_texts(inner))
        return _texts(content.get("text") or content.get("content") or content.get("summary") or "")
    if isinstance(content, list):
        parts = [_texts(part) for part in content]
        return "".join(text for text, _ in parts), "".join(thought for _, thought in parts)
    return "", ""


def _scores(logprobs: Any) -> list[float]:
    tokens = _object(logprobs).get("content")
    found = [_object(token).get("logprob") for token in tokens] if isinstance(tokens, list) else []
    return [
        float(score)
        for score in found
        if isinstance(score, (int, float)) and not isinstance(score, bool) and math.isfinite(score)
    ]


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
