"""The chain in a process of its own: same verdicts, nothing shared, killed where it hangs."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from genai.moderation import ModerationMisconfigured, ModerationSettings, ModerationUnavailable, Moderator
from genai.moderation.policy import policy_of
from genai.moderation.process import ProcessWorker
from genai.moderation.topics import ready_topic

SETTINGS = ModerationSettings(classifier=("profanity-check",), blocklist=("acme",), retry_seconds=0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def moderator() -> AsyncIterator[Moderator]:
    moderator = Moderator(SETTINGS)
    await moderator.start()
    yield moderator
    await moderator.close()


def child(moderator: Moderator) -> int:
    """The process that judges."""
    worker = moderator._keeper._worker
    assert isinstance(worker, ProcessWorker)
    assert worker._process is not None
    return worker._process.pid


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_verdicts_are_those_of_a_thread(moderator: Moderator) -> None:
    beside = Moderator(SETTINGS.model_copy(update={"isolation": "thread"}))
    await beside.start()
    policy = policy_of(ModerationSettings(topics=(ready_topic("medical"),)))
    texts = ["hello", "you stupid idiot", "A c m e", "call +49 30 901820", "what pills help?", "\ud800"]
    assert child(moderator) != os.getpid()
    assert await moderator.check_many(texts, policy=policy) == await beside.check_many(texts, policy=policy)
    assert moderator._keeper.version == beside._keeper.version
    await beside.close()


async def test_a_long_judgement_holds_nobody_up(moderator: Moderator) -> None:
    judging = asyncio.create_task(moderator.check("㏂1-" * 2600))
    late = 0.0
    while not judging.done():
        asked = time.monotonic()
        await asyncio.sleep(0.005)
        late = max(late, time.monotonic() - asked - 0.005)
    assert not (await judging).blocked
    assert late < 0.2


async def test_short_texts_go_before_long_ones(moderator: Moderator) -> None:
    order: list[str] = []

    async def check(name: str, text: str) -> None:
        await moderator.check(text)
        order.append(name)

    await asyncio.gather(
        *(check("long", f"{number} " + "1-" * 3900) for number in range(6)), check("short", "hi")
    )
    assert order.index("short") <= 1


async def test_a_process_that_is_killed_is_started_again(moderator: Moderator) -> None:
    before = child(moderator)
    os.kill(before, signal.SIGKILL)
    with pytest.raises(ModerationUnavailable, match="has ended"):
        await moderator.check("hello")
    assert not (await moderator.check("hello")).blocked
    assert child(moderator) != before


async def test_a_process_that_hangs_is_killed(moderator: Moderator) -> None:
    before = child(moderator)
    os.kill(before, signal.SIGSTOP)
    moderator.settings.__dict__["deadline_seconds"] = 0.3
    try:
        with pytest.raises(ModerationUnavailable):
            await moderator.check("hello")
    finally:
        moderator.settings.__dict__["deadline_seconds"] = 10.0
    assert not (await moderator.check("hello")).blocked
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)


async def test_a_process_ends_with_riff(moderator: Moderator) -> None:
    before = child(moderator)
    await moderator.close()
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)


async def test_what_a_library_prints_when_it_is_imported_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noisy = f"import sys; sys.path.remove({str(tmp_path)!r}); del sys.modules['queue']; print('hello'); import queue"
    (tmp_path / "queue.py").write_text(noisy)
    monkeypatch.syspath_prepend(tmp_path)
    settings = SETTINGS.model_copy(update={"privacy": (), "start_timeout_seconds": 60.0})
    moderator = Moderator(settings)
    await moderator.start()
    assert not (await moderator.check("hello")).blocked
    await moderator.close()


async def test_what_cannot_load_is_told_as_ever() -> None:
    settings = ModerationSettings(classifier=("profanity-chek",), privacy=())
    with pytest.raises(ModerationMisconfigured, match="did you mean profanity-check"):
        await Moderator(settings).start()


@pytest.mark.parametrize(
    "spoilt", ["", "import sys, types; sys.modules['presidio_analyzer'] = types.ModuleType('x'); "]
)
async def test_presidio_comes_without_frameworks_where_it_can(spoilt: str) -> None:
    code = (
        f"{spoilt}from genai.moderation.personal_data.light_import import import_light; import_light(); import sys;"
        " print([name for name in ('torch', 'transformers', 'spacy') if name in sys.modules]);"
        " from genai.moderation.personal_data.presidio import email_spans;"
        " print(list(email_spans()('to a@acme-tools.com')))"
    )
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    printed, _ = await child.communicate()
    assert printed.decode().split("\n")[:2] == ["[]", "[(3, 19)]"]
