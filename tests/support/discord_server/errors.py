"""Discord's errors, as its REST API answers them: an HTTP status, a JSON code, a message, and nested faults.

Codes and wordings: https://docs.discord.com/developers/topics/opcodes-and-status-codes
"""

from collections.abc import Mapping
from typing import Any

MESSAGES = {
    0: "401: Unauthorized",
    10002: "Unknown application",
    10003: "Unknown Channel",
    10004: "Unknown Guild",
    10008: "Unknown Message",
    10013: "Unknown User",
    10014: "Unknown Emoji",
    10015: "Unknown Webhook",
    10062: "Unknown interaction",
    30010: "Maximum number of reactions reached (20)",
    30046: "Maximum number of edits to messages older than 1 hour reached. Try again later",
    40005: "Request entity too large. Try sending something smaller in size",
    40060: "Interaction has already been acknowledged.",
    50001: "Missing Access",
    50005: "Cannot edit a message authored by another user",
    50006: "Cannot send an empty message",
    50007: "Cannot send messages to this user",
    50013: "Missing Permissions",
    50024: "Cannot execute action on this channel type",
    50027: "Invalid Webhook Token",
    50035: "Invalid Form Body",
    50083: "Thread is archived",
    50109: "The request body contains invalid JSON.",
    160002: "Cannot reply without permission to read message history",
    160004: "A thread has already been created for this message",
}


class ApiError(Exception):
    """Ends a request with Discord's own error body."""

    def __init__(self, status: int, code: int, errors: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{status} {code} {errors or ''}")
        self.status = status
        self.body: dict[str, Any] = {"message": MESSAGES[code], "code": code}
        if errors:
            self.body["errors"] = errors


class Faults:
    """Collects what is wrong with one payload, by the path of each field, in the form of error 50035."""

    def __init__(self) -> None:
        self.tree: dict[str, Any] = {}
        self.count = 0

    def add(self, path: str, code: str, message: str) -> None:
        """Note that the field at dotted `path` is wrong."""
        node = self.tree
        for part in path.split("."):
            node = node.setdefault(part, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})
        self.count += 1

    def check(self) -> None:
        """Raise error 50035 where anything was noted."""
        if self.tree:
            raise ApiError(400, 50035, self.tree)
