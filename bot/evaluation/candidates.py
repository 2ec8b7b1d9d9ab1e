"""The ideas that a model writes for simulated brainstorms, before anything is chosen from them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.core.domain import Brief, Task
from bot.core.ideas import comparable, parse_ideas
from genai.prompts import build_turns
from genai.request import GenerationRequest, Generator, Sampling, SamplingMode
from genai.reranking.ranking import Candidate

ASKED = 5
"""Ideas that Riff shows at a time."""
STANDING = 10
"""Ideas of people that stand on the board before Riff says anything."""
MODES: tuple[SamplingMode, ...] = ("sobol", "independent")
_DEADLINE_SECONDS = 3600.0
_TOKENS = 64
_SEEDS_APART = 1_000

Written = tuple[Candidate[str], ...]


@dataclass(frozen=True, slots=True)
class Material:
    """All that is written for one brainstorm: what people begin with, and by mode the candidates of each turn."""

    topic: str
    seed: int
    board: Written
    turns: Mapping[SamplingMode, tuple[Written, ...]]

    def texts(self) -> tuple[str, ...]:
        """Every idea once, in the order of writing."""
        lists = [self.board, *(turn for turns in self.turns.values() for turn in turns)]
        return tuple(dict.fromkeys(candidate.text for written in lists for candidate in written))


class Scribe:
    """Asks the model, one list after the other, for what is computed side by side may round differently."""

    def __init__(self, generator: Generator, sampling: Sampling, each: int) -> None:
        self._generator = generator
        self._sampling = replace(sampling, max_new_tokens=_TOKENS, stop=("\n2.",))
        self._each = each

    async def material(self, topic: str, seed: int, turns: int) -> Material:
        """What `turns` turns of Riff's are made from, `each` candidates a turn and a mode."""
        first = seed * _SEEDS_APART
        board = await self._written(topic, "independent", first, STANDING)
        by_mode: dict[SamplingMode, tuple[Written, ...]] = {}
        for mode in MODES:
            by_mode[mode] = tuple(
                [await self._written(topic, mode, first + turn, self._each) for turn in range(1, turns + 1)]
            )
        return Material(topic, seed, board, by_mode)

    async def _written(self, topic: str, mode: SamplingMode, seed: int, count: int) -> Written:
        brief = build_turns(Brief(Task.BRAINSTORM, topic, count=ASKED))
        sampling = replace(self._sampling, mode=mode, seed=seed)
        request = GenerationRequest(brief, sampling, count, deadline_seconds=_DEADLINE_SECONDS)
        return tuple(
            Candidate(idea.title, comparable(idea, topic), answer.mean_log_probability)
            for answer in await self._generator.complete(request)
            for idea in parse_ideas(answer.text)[:1]
        )
