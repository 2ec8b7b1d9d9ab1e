"""The errors that Riff raises on purpose, each with two faces: a sentence for people and a cause for the log.

RiffError
    ConfigError       a setting is unknown, wrong, or a secret stands in a file
    CommandError      a command was typed in a way that cannot be understood
"""


class RiffError(Exception):
    """Trouble with a sentence (`say`) that tells a person what to do."""

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say


class ConfigError(RiffError):
    """Settings cannot be used as they are; `say` names the file, the key and the cure."""


class CommandError(RiffError):
    """A command's words cannot be understood; `say` shows how to type it."""
