"""What can go wrong with one server. Caught within `genai.remote`: another server may do better."""

from genai.errors import GenerationError


class ServerFailed(Exception):
    """A server could not answer; another one, or the same one later if it is `passing`, may.

    `error` is for whoever waits, `retry_after` the seconds that the server asked for, `status` that of HTTP.
    """

    def __init__(
        self, error: GenerationError, *, passing: bool, status: int = 0, retry_after: float = 0.0
    ) -> None:
        super().__init__(error.say)
        self.error = error
        self.passing = passing
        self.status = status
        self.retry_after = retry_after


class Refused(Exception):
    """A server does not take the request as it is; `said` is its reason, in small letters.

    `may_be_trouble` of its own, unless the reason names something in the request.
    """

    def __init__(self, said: str, *, status: int = 0, may_be_trouble: bool = False) -> None:
        super().__init__("the server refuses the request")
        self.said = said
        self.status = status
        self.may_be_trouble = may_be_trouble


class TooLong(Refused):
    """Prompt and answer are longer than the server's model can read."""


class Filtered(Exception):
    """A server's own filter does not let the request or the answer pass."""


class ContextExceeded(Exception):
    """The prompt alone is longer than the server's model can read."""


class OddStream(Exception):
    """What a server sends is no stream of answers that anybody could read."""
