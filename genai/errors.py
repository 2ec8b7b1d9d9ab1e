"""What can go wrong with text generation. `say` is one sentence for people; the cause goes to the log.

GenerationError
    ModelMissing        the model is nowhere to be found
    BadCheckpoint       its files are there but broken or incomplete
    UnsupportedModel    it loads, but cannot be served
    NotEnoughMemory     it does not fit into this machine
    InvalidRequest      the request cannot be carried out as it stands
        PromptTooLong   the part that must not be cut is longer than the model can read
    Busy                the queue is full; `seconds` says when to try again
    GenerationFailed    the model failed on this request
    ThoughtsShown       what was given as the answer was thoughts; asked again, they are kept apart
    GeneratorClosed     the generator was not started, or was shut down
"""


class GenerationError(Exception):
    """Text generation failed; `say` tells a person what to do."""

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say


class ModelMissing(GenerationError):
    """The model is neither a folder on this machine nor one that the hub hands out."""


class BadCheckpoint(GenerationError):
    """The model's files are damaged, incomplete or of an unknown kind."""


class UnsupportedModel(GenerationError):
    """The model loads, but its attention cannot be served in batches."""


class NotEnoughMemory(GenerationError):
    """The model and its key/value cache do not fit into the memory that is free."""


class InvalidRequest(GenerationError):
    """The request cannot be carried out as it stands."""


class PromptTooLong(InvalidRequest):
    """The instruction alone fills what the model can read."""


class Busy(GenerationError):
    """The queue is full. `seconds` is the estimated wait until there is room."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"I am busy with other people's ideas; please try again in {max(1, round(seconds))} s."
        )
        self.seconds = seconds


class GenerationFailed(GenerationError):
    """The model failed while it worked on this request; other requests are not affected."""

    def __init__(self, say: str = "The language model failed on this request; please try again.") -> None:
        super().__init__(say)


class ThoughtsShown(GenerationError):
    """What was given as the answer so far was thoughts, which nothing had said. They are known from now on."""

    def __init__(self) -> None:
        super().__init__("The language model was still thinking; please try again.")


class GeneratorClosed(GenerationError):
    """The generator does not run: not started yet, or shut down."""

    def __init__(self, say: str = "The language model is not running; please try again shortly.") -> None:
        super().__init__(say)
