"""What keeps something from being measured."""

from bot.core.errors import RiffError


class EvaluationError(RiffError):
    """What was given cannot be measured; `say` names the file or the option, and the cure."""
