"""What the rest of Riff knows of text generation: requests, answers, and who turns one into the other."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from genai.errors import InvalidRequest

Role = Literal["system", "user", "assistant"]

FinishReason = Literal["stop", "length", "content_filter", "deadline", "cancelled", "error", "unknown"]
"""Why a text ended: by itself or at a stop string, at `max_new_tokens` or a full context, because a server's own
filter cut it, when time ran out, because it was no longer wanted, because the model failed, or for a reason that its
server did not name."""

_SHARE_OF_CONTEXT = 4
_USUAL_ANSWER = 800
_LONGEST_ANSWER = 4096

SamplingMode = Literal["independent", "sobol"]
"""How the candidates of one request differ: by independent random numbers, or by one code point each of a
scrambled Sobol sequence, which spreads them (arithmetic sampling, Vilnis et al., ICML 2023,
arXiv:2210.15458)."""

PromptStyle = Literal["instruct", "plain"]
"""How a model is asked: told all that an instruct model needs, or in one sentence, as small models are."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation; `content` is untrusted text, never a control token."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen: penalty, temperature, top-k, top-p, min-p, in the order of transformers.

    temperature 0 takes the likeliest token; top_k 0, top_p 1, min_p 0 and repetition_penalty 1 do nothing.
    The same `seed` gives the same candidates whatever else is being served; with a `share` those that would follow so
    many requests of the same size, had they been one: no point of a Sobol sequence is in two. `max_new_tokens` is
    the longest answer, None what fits the model's context (`room_for_answer`); thoughts do not count.
    """

    temperature: float = 0.8
    top_p: float = 0.95
    top_k: int = 0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    max_new_tokens: int | None = 400
    stop: tuple[str, ...] = ()
    seed: int | None = None
    mode: SamplingMode = "independent"
    share: int = 0


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One prompt. `person` is whom the queue is fair to; `deadline_seconds` run from asking.

    `adapter` names a fine-tuned adapter that has been loaded beside the model; '' is the model as it is served.
    With `openings` the answer is a list of as many lines, each beginning with these words, in order; a server of
    OpenAI's protocol is not bound by them. Where the answer has `begun`, what is written goes on from there.
    `template` are values for the chat template beside the turns; only models inside Riff are given them.
    """

    turns: tuple[Turn, ...]
    sampling: Sampling = field(default_factory=Sampling)
    candidates: int = 1
    deadline_seconds: float = 60.0
    person: str = ""
    adapter: str = ""
    openings: tuple[str, ...] = ()
    begun: str = ""
    template: Mapping[str, object] = field(default_factory=dict)


def check(request: GenerationRequest) -> None:
    """Raises InvalidRequest, naming every fault."""
    sampling = request.sampling
    faults = {
        "candidates must be at least 1": request.candidates < 1,
        "deadline_seconds must be above 0": request.deadline_seconds <= 0,
        "temperature must not be negative": sampling.temperature < 0,
        "top_p must be above 0 and at most 1": not 0 < sampling.top_p <= 1,
        "top_k must not be negative": sampling.top_k < 0,
        "min_p must be at least 0 and below 1": not 0 <= sampling.min_p < 1,
        "repetition_penalty must be above 0": sampling.repetition_penalty <= 0,
        "max_new_tokens must be at least 1": sampling.max_new_tokens is not None
        and sampling.max_new_tokens < 1,
        "seed must not be negative": sampling.seed is not None and sampling.seed < 0,
        "share must not be negative": sampling.share < 0,
    }
    if found := [fault for fault, is_so in faults.items() if is_so]:
        raise InvalidRequest(f"This cannot be generated: {', '.join(found)}.")


def room_for_answer(sampling: Sampling, context_tokens: int) -> int:
    """Tokens that the answer may have in a model's context; 0 for a context that is not known.

    Never more than half of it. Unless the request says otherwise a quarter, for prompts and histories want the rest,
    within what anybody reads in a chat.
    """
    half = context_tokens // 2 if context_tokens else _LONGEST_ANSWER
    wanted = sampling.max_new_tokens
    if wanted is None:
        share = context_tokens // _SHARE_OF_CONTEXT if context_tokens else _LONGEST_ANSWER
        wanted = min(max(share, _USUAL_ANSWER), _LONGEST_ANSWER)
    return max(1, min(wanted, half)) if context_tokens else wanted


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of one candidate's text; `finish` is set on its last one.

    `notice` is a sentence for people about what had to be left out of the prompt; on the first delta only.
    `tokens` were chosen since the delta before, thoughts among them; 0 where a server does not say. The last delta
    also has what `Completion` says of the whole text: `thought_tokens`, and `mean_log_probability` and `agreement`,
    None where they are not known.
    """

    candidate: int
    text: str
    finish: FinishReason | None = None
    notice: str = ""
    tokens: int = 0
    mean_log_probability: float | None = None
    agreement: float | None = None
    thought_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Completion:
    """One candidate's whole text.

    `mean_log_probability` is in nats per token, under the model's own distribution (before temperature and
    filters), so candidates can be ranked by it; 0 when there are no tokens, or a server does not say.
    `agreement`, from 0 to 1, is how alike the members of an ensemble would have gone on at each token; None
    of a single model. `thought_tokens` of the `tokens` were thoughts, which are no part of the text.
    """

    text: str
    finish: FinishReason
    tokens: int
    mean_log_probability: float
    notice: str = ""
    agreement: float | None = None
    thought_tokens: int = 0


@dataclass(frozen=True, slots=True)
class SuitedSampling:
    """How a model draws best, where settings do not say otherwise, and who says so."""

    temperature: float = 0.8
    top_p: float = 0.95
    top_k: int = 0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    max_new_tokens: int = 0
    """Longer answers of the model are never good; 0 where that is not known."""
    source: str = "what suits most models"


@dataclass(frozen=True, slots=True)
class GeneratorInfo:
    """What answers: for `/about`, logs and the model card. `parameters` counts weights, not bytes.

    `prompt_style` is how it wants to be asked.
    """

    model: str
    backend: str
    quantization: str
    device: str
    dtype: str
    parameters: int
    context_tokens: int
    prompt_style: PromptStyle = "instruct"
    suited: SuitedSampling = SuitedSampling()


@dataclass(frozen=True, slots=True)
class Load:
    """How busy a generator is: texts that are written, that may be at once, and that wait; and its cache, in tokens."""

    busy: int = 0
    slots: int = 0
    waiting: int = 0
    cache_used: int = 0
    cache_tokens: int = 0


class Generator(Protocol):
    """Turns requests into text."""

    @property
    def info(self) -> GeneratorInfo:
        """What answers; known after `start`."""

    async def start(self) -> None:
        """Load the model off the event loop. Raises GenerationError."""

    async def close(self) -> None:
        """Stop; what is still pending ends with GeneratorClosed. Safe to call twice."""

    def stream(self, request: GenerationRequest) -> AsyncGenerator[Delta]:
        """Deltas of all candidates, interleaved. Closing the iterator cancels the request.

        The texts are answers: thoughts are left out. Raises Busy at the first step when the queue is full,
        InvalidRequest when it cannot be done, GenerationFailed or GeneratorClosed when it ended badly, and
        ThoughtsShown when what was given turned out to be thoughts; asked again, it knows.
        """

    async def complete(self, request: GenerationRequest) -> tuple[Completion, ...]:
        """All candidates, whole, in order. Raises what `stream` raises; cancelling the task cancels them."""

    def queue_position(self, person: str) -> int | None:
        """How many requests are served before this person's next one; None when none of theirs waits."""

    def queue_seconds(self, person: str) -> float | None:
        """An estimate of when this person's next request is begun; None when none of theirs waits."""

    def load(self) -> Load:
        """How busy it is; what it does not know of is 0."""

    def fault(self) -> str:
        """Why nothing could be written now, "" where it could: a kind of fault, which names nobody and no address."""


@runtime_checkable
class Rating(Protocol):
    """What tells how likely a text is: a generator whose model is inside Riff."""

    async def rate(self, request: GenerationRequest, openings: Sequence[str]) -> tuple[float, ...]:
        """How likely each of `openings` is as the beginning of the answer, in nats per token.

        Raises what `stream` raises.
        """


async def collect(deltas: AsyncGenerator[Delta], candidates: int) -> tuple[Completion, ...]:
    """All candidates, whole, in order; raises what `deltas` raises, and closes them."""
    pieces: list[list[Delta]] = [[] for _ in range(candidates)]
    async with aclosing(deltas):
        async for delta in deltas:
            pieces[delta.candidate].append(delta)
    notice = next((one.notice for parts in pieces for one in parts if one.notice), "")
    return tuple(_joined(parts, notice) for parts in pieces)


def _joined(deltas: list[Delta], notice: str) -> Completion:
    last = deltas[-1] if deltas else Delta(0, "")
    return Completion(
        text="".join(delta.text for delta in deltas),
        finish=last.finish or "cancelled",
        tokens=sum(delta.tokens for delta in deltas),
        mean_log_probability=last.mean_log_probability or 0.0,
        notice=notice,
        agreement=last.agreement,
        thought_tokens=last.thought_tokens,
    )
