"""Moderation: nothing reaches a channel before a `Moderator` or a `Gate` has passed it."""

from genai.moderation.errors import ModerationError, ModerationMisconfigured, ModerationUnavailable
from genai.moderation.gate import Gate
from genai.moderation.moderator import Moderator
from genai.moderation.policy import Overrides, Policy, policy_of
from genai.moderation.settings import ModerationSettings
from genai.moderation.verdict import Action, Passed, StageVerdict, Verdict, Withdrawn

__all__ = [
    "Action",
    "Gate",
    "ModerationError",
    "ModerationMisconfigured",
    "ModerationSettings",
    "ModerationUnavailable",
    "Moderator",
    "Overrides",
    "Passed",
    "Policy",
    "StageVerdict",
    "Verdict",
    "Withdrawn",
    "load",
    "policy_of",
]


def load(settings: ModerationSettings) -> Moderator:
    """A moderator for `settings`; nothing is loaded before its `start`."""
    return Moderator(settings)
