"""What the engine knows of one request and of each of its candidates."""

import time
from dataclasses import dataclass

from genai.answer_stream import AnswerStream
from genai.engine.line_openings import LineOpenings
from genai.engine.output_stream import Channel
from genai.model.tokens.codec import Detokenizer
from genai.request import FinishReason, Sampling
from genai.sampling.random_streams import RandomStream


@dataclass(eq=False, slots=True)
class Job:
    """One request. `deadline` is a time of `time.monotonic`; `cancelled` may be set from any thread.

    An answer has at most `answer_tokens`, and thoughts before it `thought_tokens`; longer ones are ended by
    `closing`, the tokens of the model's own mark, where it has one. With 0 answer tokens texts are only read, to
    see how likely they are.
    """

    prompt: tuple[int, ...]
    sampling: Sampling
    person: str
    deadline: float
    channel: Channel
    answer_tokens: int
    thought_tokens: int = 0
    closing: tuple[int, ...] = ()
    adapter: str = ""
    cancelled: bool = False

    def overdue(self) -> FinishReason | None:
        """Why work on this must end now, if it must."""
        if self.cancelled:
            return "cancelled"
        return "deadline" if time.monotonic() >= self.deadline else None


@dataclass(eq=False, slots=True)
class Sequence:
    """One candidate's text as it grows.

    `tokens` are prompt and answer; the first `cached` of them are in row `row` of the cache. A sequence whose
    only uncached token is its last one is ready for the next step. Of `told` answer tokens the reader knows.
    `leader` is the candidate of the same request that reads the prompt for all of them. It never has more than
    `longest` tokens, prompt included. Of a text that is only read the last `given` tokens are what is rated.
    """

    job: Job
    candidate: int
    numbers: RandomStream
    detokenizer: Detokenizer
    answer: AnswerStream
    tokens: list[int]
    leader: "Sequence | None" = None
    lines: LineOpenings | None = None
    told: int = 0
    row: int = -1
    cached: int = 0
    longest: int = 0
    given: int = 0
    log_probability: float = 0.0
    agreement: float | None = None
    started: float = 0.0
    finish: FinishReason | None = None
    thought_tokens: int = 0
    closing: list[int] | None = None
    """What is still to be written of the mark that ends the thoughts; None until they have been too long."""

    def take(self, token: int, log_probability: float) -> int:
        """Add the next token: the chosen one, unless thoughts are being ended."""
        if self.closing:
            token = self.closing.pop(0)
        else:
            self.log_probability += log_probability
        self.tokens.append(token)
        return token

    def end_by_length(self) -> bool:
        """Whether the text ends here because it is long enough; thoughts that are so are ended, if they can be."""
        if not self.answer.is_thinking:
            return self.produced - self.thought_tokens >= self.job.answer_tokens
        self.thought_tokens += 1
        if self.thought_tokens < self.job.thought_tokens or self.closing:
            return False
        if self.closing is None and self.job.closing:
            self.closing = list(self.job.closing)
            return False
        return True

    @property
    def produced(self) -> int:
        """Tokens of the answer so far."""
        return len(self.tokens) - len(self.job.prompt)

    @property
    def unread(self) -> int:
        """Prompt tokens that must be read before the first step."""
        return len(self.tokens) - 1 - self.cached

    @property
    def shareable(self) -> int:
        """Tokens that may be copied of another text instead of read: after all later ones something is scored."""
        return len(self.tokens) - 1 - self.given

    @property
    def mean_log_probability(self) -> float:
        """Nats per token of the answer."""
        return self.log_probability / self.produced if self.produced else 0.0

    @property
    def mean_agreement(self) -> float | None:
        """How alike an ensemble's members went on at each token, from 0 to 1; None of a single model."""
        return None if self.agreement is None else self.agreement / max(1, self.produced)
