"""Moderation that breaks shows nothing, and comes back without a restart."""

import asyncio
import math
import threading
import time
from collections.abc import AsyncIterator, Mapping, Sequence

import pytest

from genai.moderation import (
    Gate,
    ModerationMisconfigured,
    ModerationSettings,
    ModerationUnavailable,
    Moderator,
    Passed,
)
from genai.moderation import chain as chains
from genai.moderation.chain import Chain
from genai.moderation.policy import Item
from genai.moderation.verdict import StageVerdict
from tests.moderation.conftest import SETTINGS, ScriptedClassifier, Start, scripted_chain

Scores = Sequence[Mapping[str, float]]


async def test_start_fails_when_the_classifier_cannot_load() -> None:
    def broken(_: ModerationSettings) -> Chain:
        raise OSError("weights are gone")

    with pytest.raises(ModerationUnavailable, match="weights are gone"):
        await Moderator(ModerationSettings(), broken).start()


async def test_unknown_classifier_is_named_with_a_suggestion() -> None:
    settings = ModerationSettings(classifier="profanity-chek", privacy=())
    with pytest.raises(ModerationMisconfigured, match="did you mean profanity-check"):
        await Moderator(settings, chains.load).start()


async def test_nothing_is_judged_before_start() -> None:
    with pytest.raises(ModerationUnavailable):
        await Moderator(ModerationSettings()).check("hello")


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [{}],
        [{"toxicity": math.nan}],
        [{"toxicity": math.inf}],
        [{"toxicity": -0.1}],
        [{"toxicity": 1.5}],
        [{"toxicity": 0.1}, {"toxicity": 0.1}],
    ],
)
async def test_corrupt_scores_are_no_verdict(start: Start, answer: Scores) -> None:
    moderator = await start(lambda _: scripted_chain(ScriptedClassifier(act=lambda _: answer)))
    with pytest.raises(ModerationUnavailable):
        await moderator.check("hello")


async def test_one_bad_text_spoils_only_its_own_verdict(start: Start) -> None:
    def act(texts: Sequence[str]) -> Scores:
        if "crash" in texts:
            raise RuntimeError("cannot read this")
        return [{"toxicity": 0.0}] * len(texts)

    moderator = await start(lambda _: scripted_chain(ScriptedClassifier(act=act)))
    answers = await asyncio.gather(
        *(moderator.check(text) for text in ("a", "crash", "b")), return_exceptions=True
    )
    assert [isinstance(answer, ModerationUnavailable) for answer in answers] == [False, True, False]


async def test_hanging_classifier_is_left_behind(start: Start) -> None:
    release = threading.Event()
    loads: list[Chain] = []

    def hang(texts: Sequence[str]) -> Scores:
        release.wait(30)
        return [{"toxicity": 0.0}] * len(texts)

    def load(settings: ModerationSettings) -> Chain:
        loads.append(scripted_chain(ScriptedClassifier(act=None if loads else hang), settings))
        return loads[-1]

    moderator = await start(load, deadline_seconds=0.2, retry_seconds=0)
    with pytest.raises(ModerationUnavailable):
        await moderator.check("hello")
    assert not (await moderator.check("hello")).blocked
    assert len(loads) == 2
    release.set()


async def test_failing_classifier_is_loaded_again(start: Start) -> None:
    def fail(_: Sequence[str]) -> Scores:
        raise RuntimeError("out of memory")

    loads: list[Chain] = []

    def load(settings: ModerationSettings) -> Chain:
        if len(loads) == 1:
            loads.append(scripted_chain(ScriptedClassifier()))
            raise OSError("still away")
        loads.append(scripted_chain(ScriptedClassifier(act=None if loads else fail), settings))
        return loads[-1]

    moderator = await start(load, retry_seconds=0)
    for _ in range(4):
        with pytest.raises(ModerationUnavailable):
            await moderator.check("hello")
    assert not (await moderator.check("hello")).blocked


async def test_closing_answers_those_who_wait(start: Start) -> None:
    entered, release = threading.Event(), threading.Event()

    def slow(texts: Sequence[str]) -> Scores:
        entered.set()
        release.wait(30)
        return [{"toxicity": 0.0}] * len(texts)

    moderator = await start(lambda _: scripted_chain(ScriptedClassifier(act=slow)))
    waiting = [asyncio.create_task(moderator.check("hello")) for _ in range(3)]
    await asyncio.to_thread(entered.wait, 10)
    await moderator.close()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(answer, ModerationUnavailable) for answer in answers)
    release.set()


async def test_waiting_texts_are_judged_together(start: Start) -> None:
    classifier = ScriptedClassifier()
    moderator = await start(lambda _: scripted_chain(classifier))
    await asyncio.gather(*(moderator.check(f"text {number}") for number in range(50)))
    assert max(len(batch) for batch in classifier.batches) > 10


async def test_unreadable_blocklist_stops_the_start(tmp_path: object) -> None:
    settings = ModerationSettings.model_validate({"blocklist_file": f"{tmp_path}/none.txt", "privacy": ()})
    with pytest.raises(ModerationMisconfigured, match=r"none\.txt"):
        await Moderator(settings, chains.load).start()


CALM = "One calm sentence. Another calm sentence. A third calm sentence. The end."
STAGES = ("blocklist", "topics", "confidential", "toxicity", "privacy")


class Faulty:
    """A stage that is well for `judgements` calls, then fails as `fault` says until `is_mended`."""

    version = "1"

    def __init__(self, name: str, fault: str, judgements: int) -> None:
        self.name = name
        self.is_mended = threading.Event()
        self._fault = fault
        self._left = judgements

    def judge(self, items: Sequence[Item]) -> Sequence[StageVerdict]:
        self._left -= 1
        if self._left >= 0 or self.is_mended.is_set():
            return [StageVerdict(self.name)] * len(items)
        if self._fault == "raise":
            raise RuntimeError(f"cannot read {items[0].text}")
        if self._fault == "too few":
            return []
        if self._fault == "die":
            raise SystemExit(9)
        self.is_mended.wait(20)  # hangs past the deadline
        return [StageVerdict(self.name)] * len(items)


@pytest.mark.parametrize("fault", ["raise", "too few", "die", "hang"])
@pytest.mark.parametrize("judgements", [0, 2])
@pytest.mark.parametrize("name", STAGES)
async def test_a_stage_that_breaks_shows_nothing_unchecked_and_comes_back(
    start: Start, caplog: pytest.LogCaptureFixture, name: str, judgements: int, fault: str
) -> None:
    faulty = Faulty(name, fault, judgements)
    others = [Faulty(other, "raise", 10_000) for other in STAGES if other != name]
    moderator = await start(
        lambda _: Chain([faulty, *others]), deadline_seconds=0.3 if fault == "hang" else 5, retry_seconds=0
    )
    shown: list[str] = []
    with pytest.raises(ModerationUnavailable) as trouble:
        await collect(Gate(moderator), shown)
    assert len(shown) == judgements
    assert CALM.startswith("".join(shown))
    assert "calm" not in str(trouble.value)
    assert "calm" not in caplog.text
    assert name in str(trouble.value) or fault in {"hang", "die"}
    faulty.is_mended.set()
    again: list[str] = []
    await collect(Gate(moderator), again)
    assert "".join(again) == CALM
    assert [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_slow_stage_only_slows(start: Start) -> None:
    def slow(texts: Sequence[str]) -> Scores:
        time.sleep(0.05)
        return [{"toxicity": 0.0}] * len(texts)

    moderator = await start(lambda _: scripted_chain(ScriptedClassifier(act=slow)))
    again: list[str] = []
    await collect(Gate(moderator), again)
    assert "".join(again) == CALM


async def collect(gate: Gate, shown: list[str]) -> None:
    """Adds what the gate lets through, until it ends or fails."""
    async for event in gate.pieces(deltas(CALM)):
        assert isinstance(event, Passed)
        shown.append(event.text)


async def deltas(text: str) -> AsyncIterator[str]:
    for word in text.split(" "):
        yield word if text.endswith(word) else f"{word} "


@pytest.mark.parametrize(
    "stage",
    [
        "genai.moderation.topics.detection",
        "genai.moderation.personal_data.redaction",
        "genai.moderation.toxicity",
    ],
)
async def test_a_stage_that_cannot_load_stops_the_start(monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    def broken(_: ModerationSettings) -> None:
        raise OSError("its files are gone")

    monkeypatch.setattr(f"{stage}.load", broken)
    with pytest.raises(ModerationUnavailable, match="its files are gone"):
        await Moderator(SETTINGS, chains.load).start()
