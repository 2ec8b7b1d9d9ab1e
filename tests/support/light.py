"""Light parts for tests that are about delivery: a fast generator and a moderation of one stage."""

import asyncio
from collections.abc import AsyncGenerator

from genai.moderation import Moderator, blocklist
from genai.moderation.chain import Chain
from genai.moderation.policy import Item
from genai.moderation.settings import ModerationSettings
from genai.request import Completion, Delta, GenerationRequest, GeneratorInfo, Load

FORBIDDEN = "forbiddenword"


def light_moderator() -> Moderator:
    """The real gate and queue, with a blocklist of one word for its only stage."""
    return Moderator(
        ModerationSettings(blocklist=[FORBIDDEN]),
        load_chain=lambda settings: Chain([blocklist.load(settings)]),
    )


def warm_up() -> None:
    """Import what the moderation imports when it starts, so that a forked process need not."""
    blocklist.load(ModerationSettings(blocklist=[FORBIDDEN])).judge([Item("hello")])


class EchoGenerator:
    """Answers each prompt in three sentences that name it, after `seconds` for each."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds
        self.info = GeneratorInfo("echo", "echo", "none", "cpu", "float32", 0, 4096)

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    def queue_position(self, person: str) -> int | None:
        return None

    def load(self) -> Load:
        return Load()

    def fault(self) -> str:
        return ""

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[Delta]:
        asked = request.turns[-1].content.strip().rstrip(".")
        for sentence in (f"Answer to {asked}.", " It has a middle part.", f" The end of {asked}."):
            await asyncio.sleep(self._seconds)
            yield Delta(0, sentence)
        yield Delta(0, "", "stop")

    async def complete(self, request: GenerationRequest) -> tuple[Completion, ...]:
        text = "".join([delta.text async for delta in self.stream(request)])
        return (Completion(text, "stop", len(text), -1.0),)
