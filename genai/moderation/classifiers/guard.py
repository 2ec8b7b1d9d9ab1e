"""Guard models as classifiers: `guard:NAME` takes the guard that `[moderation.guards.NAME]` describes.

What is asked at the same time is bounded, each answer has a deadline, and an answer that cannot be read is a failure,
upon which nothing is shown.
"""

import asyncio
import threading
from collections.abc import Awaitable, Coroutine, Sequence
from typing import Any, TypeVar

from genai.moderation.classifiers import Classifier, Scores
from genai.moderation.errors import ModerationMisconfigured
from genai.moderation.guards.guard_formats import FORMATS, Format, Question, Unreadable, scores_of
from genai.moderation.guards.local import Asker, start_local
from genai.moderation.guards.server import start_server
from genai.moderation.settings import GuardSettings, ModerationSettings

Result = TypeVar("Result")

STREAM = "qwen3guard-stream"
_TRIAL = "Let us plant three trees behind the library."


class _Loop:
    """An event loop in a thread of its own, for classifiers are called from threads, and perhaps beside a loop."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="guard", daemon=True).start()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


class Guard:
    """A guard model with its format, ready to score."""

    def __init__(
        self, name: str, kind: str, asker: Asker, settings: GuardSettings, loop: _Loop | None = None
    ) -> None:
        self.name = f"guard:{name}"
        self.version = f"{kind}+{asker.version}"
        self._form: Format = FORMATS[kind]
        self._asker = asker
        self._settings = settings
        self._questions = questions_of(self._form, settings)
        self._loop = loop or _Loop()

    def score(self, texts: Sequence[str]) -> Sequence[Scores]:
        """The scores of each text. Raises Unreadable, TimeoutError, and what asking raises."""
        return self._loop.run(self._scores(texts))

    def try_out(self) -> None:
        """Ask about a harmless sentence. Raises ModerationMisconfigured where the guard cannot be read."""
        try:
            self.score([_TRIAL])
        except Unreadable as error:
            raise ModerationMisconfigured(
                f"{self.name} does not answer as its kind does ({error}); check its kind, model and chat template"
            ) from error

    async def _scores(self, texts: Sequence[str]) -> list[Scores]:
        room = asyncio.Semaphore(self._settings.concurrent)

        async def answered(question: Question, text: str) -> Any:
            async with room, asyncio.timeout(self._settings.deadline_seconds):
                return await self._asker.answer(question, text)

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    [group.create_task(answered(one, text)) for one in self._questions] for text in texts
                ]
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from None
        chosen, controversial = self._settings.categories, self._settings.controversial
        return [
            scores_of(self._form, self._questions, [task.result() for task in of_text], controversial, chosen)
            for of_text in tasks
        ]


def questions_of(form: Format, settings: GuardSettings) -> tuple[Question, ...]:
    """The questions of the format that the settings want. Raises ModerationMisconfigured."""
    known = {question.category: question for question in form.questions}
    if unknown := [name for name in settings.questions if name not in known]:
        raise ModerationMisconfigured(
            f"a guard is not asked about {unknown[0]!r}; choose from {', '.join(known)}"
        )
    return tuple(known[name] for name in settings.questions) or form.questions


def load(settings: ModerationSettings, variant: str) -> Classifier:
    """The guard that is called `variant` in the settings, loaded and tried out.

    Raises ModerationMisconfigured, or whatever a library raises.
    """
    described = settings.guards.get(variant)
    if described is None:
        known = ", ".join(settings.guards) or "none yet"
        raise ModerationMisconfigured(
            f"no guard is called {variant!r}; describe it as [moderation.guards.{variant}] ({known})"
        )
    kind = described.kind or variant
    if kind == STREAM:
        from genai.moderation.guards import token_heads

        return token_heads.load(variant, described)
    if kind not in FORMATS:
        raise ModerationMisconfigured(
            f"a guard is of no kind {kind!r}; choose from {', '.join((*FORMATS, STREAM))}"
        )
    loop, form = _Loop(), FORMATS[kind]
    key = settings.guard_api_key.get_secret_value() if settings.guard_api_key else ""
    is_local = not described.server
    asker: Awaitable[Asker] = start_local(described, form) if is_local else start_server(described, form, key)
    guard = Guard(variant, kind, loop.run(_awaited(asker)), described, loop)
    guard.try_out()
    return guard


async def _awaited(asker: Awaitable[Asker]) -> Asker:
    return await asker
