"""A scripted generator whose text ends as a test wants it to."""

from collections.abc import AsyncGenerator

from genai.errors import GenerationFailed
from genai.request import Delta, FinishReason, GenerationRequest
from tests.support.doubles import ScriptedGenerator


class EndingGenerator(ScriptedGenerator):
    """Ends its text in a given way."""

    def __init__(self, text: str, finish: FinishReason, thought_tokens: int = 0) -> None:
        super().__init__(text)
        self._end = Delta(0, "", finish, thought_tokens=thought_tokens)

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[Delta]:
        async for delta in super().stream(request):
            if not delta.finish:
                yield delta
        yield self._end
        if self._end.finish == "error":
            raise GenerationFailed
