"""Stands where no model is needed: for a process that only shows what others wrote."""

from collections.abc import AsyncGenerator

from genai.errors import GeneratorClosed
from genai.request import Completion, Delta, GenerationRequest, GeneratorInfo, Load


class AbsentGenerator:
    """Loads nothing, and writes nothing: whoever asks is told that there is no model here."""

    info = GeneratorInfo("none", "absent", "none", "none", "none", 0, 0)

    async def start(self) -> None:
        """Nothing to load."""

    async def close(self) -> None:
        """Nothing to stop."""

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[Delta]:
        """Raises GeneratorClosed."""
        await self.complete(request)
        yield Delta(0, "")

    async def complete(self, request: GenerationRequest) -> tuple[Completion, ...]:
        """Raises GeneratorClosed."""
        raise GeneratorClosed("This process runs without a model.")

    def queue_position(self, person: str) -> int | None:
        """Nobody waits."""
        return None

    def queue_seconds(self, person: str) -> float | None:
        """Nobody waits."""
        return None

    def load(self) -> Load:
        """Nothing is busy."""
        return Load()

    def fault(self) -> str:
        """That there is none is no fault here."""
        return ""
