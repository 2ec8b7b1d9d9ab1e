"""What can go wrong in moderation: a message for whoever runs Riff, and `say` for people.

ModerationError
    ModerationUnavailable    no verdict could be reached, so nothing may be shown
    ModerationMisconfigured  a setting cannot work
    StageFailed              one stage of the chain broke; the others are well
"""


class ModerationError(Exception):
    """Moderation cannot do its work; nothing may be shown until it can."""

    say = "I cannot check what I would say at the moment, so I say nothing. Please try again shortly."


class ModerationUnavailable(ModerationError):
    """No verdict could be reached in time, for whatever reason; nothing may be shown."""


class ModerationMisconfigured(ModerationUnavailable):
    """A moderation setting cannot work; `say` tells which one and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.say = message


class StageFailed(ModerationError):
    """One stage of the chain could not decide; the message names it."""
