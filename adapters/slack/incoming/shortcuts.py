"""What a shortcut on a message asks for. Pure functions."""

from typing import Any

from bot.core.domain import Brief, Invocation, Task, request_as_json

SHORTCUTS = frozenset({"riff-brainstorm", "riff-improve"})
"""Those that the manifest declares."""


def asked_about(text: str, callback: str) -> dict[str, Any]:
    """What a shortcut on a message with that text asks for: in words, and as it is meant."""
    if callback == "riff-brainstorm":
        meant = Invocation("brainstorm", values={"topic": text})
        return {"text": f"/brainstorm {text}", "request": request_as_json(meant)}
    return {"text": f"/improve {text}", "request": request_as_json(Brief(Task.IMPROVE, text))}
