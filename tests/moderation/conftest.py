"""One chain for all tests, loaded once; moderators and scripted classifiers around it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest

from genai.moderation import ModerationSettings, Moderator
from genai.moderation import chain as chains
from genai.moderation.chain import Chain
from genai.moderation.toxicity import Toxicity

SETTINGS = ModerationSettings(classifier=("profanity-check",))
"""A classifier that loads in no time; what the default one says is tested beside it."""


@dataclass
class ScriptedClassifier:
    """Scores `toxicity` 1 for texts that hold a word of `bad`, or does what `act` does."""

    bad: frozenset[str] = frozenset({"vermin"})
    act: Callable[[Sequence[str]], Sequence[Mapping[str, float]]] | None = None
    batches: list[list[str]] = field(default_factory=list)
    name: str = "scripted"
    version: str = "1"

    def score(self, texts: Sequence[str]) -> Sequence[Mapping[str, float]]:
        self.batches.append(list(texts))
        if self.act:
            return self.act(texts)
        return [{"toxicity": float(any(word in text.casefold() for word in self.bad))} for text in texts]


def scripted_chain(classifier: ScriptedClassifier, settings: ModerationSettings = SETTINGS) -> Chain:
    return Chain([Toxicity([classifier], settings)])


@pytest.fixture(scope="session")
def chain() -> Chain:
    """All stages, with the quick classifier."""
    return chains.load(SETTINGS)


Start = Callable[..., Awaitable[Moderator]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts moderators that are closed after the test."""
    async with AsyncExitStack() as stack:

        async def started(load_chain: Callable[[ModerationSettings], Chain], **settings: object) -> Moderator:
            moderator = Moderator(ModerationSettings.model_validate(settings), load_chain)
            await moderator.start()
            stack.push_async_callback(moderator.close)
            return moderator

        yield started


@pytest.fixture
async def moderator(chain: Chain, start: Start) -> Moderator:
    """A moderator over the default chain."""
    return await start(lambda _: chain)
