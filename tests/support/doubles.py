"""Doubles for the parts that are slow or far away: a scripted generator, a channel that records."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable

from bot.core.buttons import Panel
from bot.core.domain import Document, Passed, Reply
from bot.core.notices import Notice
from genai.errors import GenerationError
from genai.request import Completion, Delta, FinishReason, GenerationRequest, GeneratorInfo, Load

Script = Callable[[GenerationRequest], str | GenerationError]


class ScriptedGenerator:
    """Answers each request with the next scripted text, in pieces of `size`; the last one repeats.

    With `backend` "local" it stands for a model inside Riff, which may be asked for several lists.
    """

    def __init__(
        self,
        *texts: str | Script | GenerationError,
        size: int = 7,
        seconds: float = 0.0,
        backend: str = "scripted",
        finish: FinishReason = "stop",
    ) -> None:
        self._texts = list(texts) or ["Hello."]
        self._size = size
        self._seconds = seconds
        self.requests: list[GenerationRequest] = []
        self.open_streams = 0
        self.ill = ""
        self.speaking = asyncio.Event()
        self.info = GeneratorInfo("scripted", backend, "none", "cpu", "float32", 0, 4096)
        self._finish: FinishReason = finish

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    def queue_position(self, person: str) -> int | None:
        return None

    def queue_seconds(self, person: str) -> float | None:
        return None

    def load(self) -> Load:
        return Load()

    def fault(self) -> str:
        return self.ill

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[Delta]:
        self.requests.append(request)
        scripted = self._texts.pop(0) if len(self._texts) > 1 else self._texts[0]
        text = scripted(request) if callable(scripted) else scripted
        if isinstance(text, GenerationError):
            raise text
        self.open_streams += 1
        self.speaking.set()
        try:
            for piece in _pieces(text, self._size):
                await asyncio.sleep(self._seconds)
                yield Delta(0, piece)
            yield Delta(0, "", self._finish)
        finally:
            self.open_streams -= 1

    async def complete(self, request: GenerationRequest) -> tuple[Completion, ...]:
        text = "".join([delta.text async for delta in self.stream(request)])
        return tuple(Completion(text, "stop", len(text), -1.0) for _ in range(request.candidates))


class RecordingChannel:
    """Keeps what was shown; `visible` is what a person sees at the end."""

    def __init__(self) -> None:
        self.pieces: list[Passed] = []
        self.ever_shown: list[str] = []
        self.notices: list[Notice] = []
        self.withdrawals = 0
        self.finished: list[Reply] = []
        self.documents: list[Document] = []
        self.panels: list[Panel] = []
        self.marks: list[str] = []
        self.private: bool | None = None
        self.is_for_author_only = False

    @property
    def visible(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    async def begin(self, *, private: bool) -> None:
        assert self.private is None
        self.private = private

    async def show(self, piece: Passed) -> None:
        assert self.private is not None
        assert isinstance(piece, Passed)
        self.pieces.append(piece)
        self.ever_shown.append(self.visible)

    async def withdraw(self) -> None:
        self.pieces.clear()
        self.withdrawals += 1

    async def notice(self, notice: Notice) -> None:
        assert isinstance(notice, Notice)
        self.notices.append(notice)

    async def document(self, document: Document) -> None:
        self.documents.append(document)

    async def panel(self, panel: Panel) -> None:
        self.panels.append(panel)

    async def open_thread(self, title: Panel, name: str) -> str:
        self.panels.append(title)
        return f"thread of {name}"

    async def mark(self, sign: str) -> None:
        self.marks.append(sign)

    async def finish(self, reply: Reply) -> None:
        self.finished.append(reply)


def _pieces(text: str, size: int) -> Iterable[str]:
    return (text[start : start + size] for start in range(0, len(text), size))
