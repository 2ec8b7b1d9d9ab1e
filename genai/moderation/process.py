"""The chain in a process of its own: no text can hold up the event loop, and a call that hangs is killed.

Both sides speak over the child's standard input and output: a length, and as many bytes of pickle. The child
is Riff's own code, started by Riff; what it prints goes to the log, and it ends when its input does.
"""

import asyncio
import copyreg
import os
import pickle
import signal
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any, BinaryIO

from genai.factory import wait_briefly
from genai.model.loading.freed_memory import give_back
from genai.moderation import chain as chains
from genai.moderation.chain import Chain
from genai.moderation.errors import ModerationError
from genai.moderation.personal_data.light_import import import_light
from genai.moderation.policy import Item
from genai.moderation.settings import ModerationSettings
from genai.moderation.supervisor import WorkerGone, judged, loaded
from genai.moderation.verdict import Verdict

_LENGTH = struct.Struct(">Q")
_LARGE = 4096
"""Characters of a batch after which memory that it took goes back to the system: tens of megabytes."""
_START = f"""
import os
answers = os.dup(1)
os.dup2(2, 1)  # what libraries print, from their import on, must not come between
from {__name__} import main
main(answers)
"""


def _read_only(scores: dict[str, float]) -> MappingProxyType[str, float]:
    return MappingProxyType(scores)


copyreg.pickle(MappingProxyType, lambda scores: (_read_only, (dict(scores),)))  # those of a verdict


class ProcessWorker:
    """The chain of the settings, in a child."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def load(self, settings: ModerationSettings) -> str:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-c",
            _START,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,  # Ctrl-C in the terminal is for Riff, which then ends its child
        )
        return str(await self._ask(settings))

    async def judge(self, items: Sequence[Item]) -> list[Verdict]:
        return list(await self._ask(tuple(items)))

    async def close(self) -> None:
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def _ask(self, question: object) -> Any:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise WorkerGone("moderation has no process")
        try:
            process.stdin.write(_framed(question))
            await process.stdin.drain()
            (length,) = _LENGTH.unpack(await process.stdout.readexactly(_LENGTH.size))
            is_well, answer = pickle.loads(await process.stdout.readexactly(length))  # noqa: S301  (our own child)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise WorkerGone("the process of moderation has ended") from error
        if not is_well:
            raise answer
        return answer


def _framed(value: object) -> bytes:
    packed = pickle.dumps(value)
    return _LENGTH.pack(len(packed)) + packed


# The child.


def main(said_to: int) -> None:
    """Load the chain that the first message asks for, then judge until the input ends; answers go to a descriptor."""
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, signal.SIG_IGN)  # work under way ends first; then Riff closes the input
    questions, answers = sys.stdin.buffer, os.fdopen(said_to, "wb")
    settings = _next(questions)
    if not isinstance(settings, ModerationSettings):
        return
    # Scikit-learn takes pandas if it is there: sixty megabytes, for tables that nobody here has.
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]
    wait_briefly()  # PyTorch comes with the classifiers
    if settings.privacy:
        import_light()
    try:
        chain = loaded(chains.load, settings)
    except ModerationError as error:
        _say(answers, False, error)
        return
    _say(answers, True, chain.version)
    with suppress(BrokenPipeError):  # Riff was killed
        while (items := _next(questions)) is not None:
            _answer(answers, chain, items)
            if sum(len(item.text) for item in items) > _LARGE:
                give_back()


def _answer(answers: BinaryIO, chain: Chain, items: Sequence[Item]) -> None:
    try:
        verdicts = judged(chain, items)
    except ModerationError as error:
        _say(answers, False, error)
    else:
        _say(answers, True, verdicts)


def _say(answers: BinaryIO, is_well: bool, answer: object) -> None:
    answers.write(_framed((is_well, answer)))
    answers.flush()


def _next(questions: BinaryIO) -> Any:
    """The next question; None at the end of the input."""
    head = questions.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    return pickle.loads(questions.read(_LENGTH.unpack(head)[0]))  # noqa: S301  (from whoever started this)
