"""What the streaming gate costs: time to first shown text, waits for verdicts, and how much slower others write.

    python -m benchmarks.moderation_gate [--replies 8] [--tokens 120] [--tokens-per-second 20]
    python -m benchmarks.moderation_gate --embedded [--replies 8] [--runs 5]

By default a scripted stream stands for the model, at a steady rate, so that nothing depends on a model's speed. With
`--embedded` the model that Riff carries writes the replies, with and without the gate in turn, so that whatever else
the machine does meets both alike. Prints one JSON object.
"""

import argparse
import asyncio
import json
import os
import statistics
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.workload import Person, gathering
from genai import factory
from genai.moderation import Gate, ModerationSettings, Moderator, Passed, Verdict
from genai.moderation.policy import Item
from genai.request import GenerationRequest, Generator, Sampling
from genai.settings import GeneratorSettings

_WORDS = """stamp card give every guest a free cup after ten visits staff put it at the till swap shelf by door where
neighbours bring clean cups and count them each week quiet hour open early for people who like their own serve first
with smile tour print map of all shops in street that take part hand out station wall let regular paint hang on until
they come"""
_SENTENCE = (7, 16)
"""Words of a sentence, of which a reply of the script has as many as it has tokens."""


def script(reply: int, tokens: int) -> list[str]:
    """The words of one reply: sentences that no other reply has, so that no verdict is known before."""
    chance = Random(reply)
    words: list[str] = []
    while len(words) < tokens:
        sentence = chance.choices(_WORDS.split(), k=chance.randint(*_SENTENCE))
        words += [sentence[0].title(), *sentence[1:-1], f"{sentence[-1]}."]
    return words[:tokens]


async def written(reply: int, tokens: int, seconds: float) -> AsyncGenerator[str]:
    """The script, a word every so many seconds; replies do not begin in the same instant."""
    await asyncio.sleep(Random(reply).random() * seconds)
    for word in script(reply, tokens):
        await asyncio.sleep(seconds)
        yield f"{word} "


class Waits(Moderator):
    """A moderator that notes how long each call for verdicts took."""

    seconds: list[float]

    async def judge(self, items: Sequence[Item]) -> list[Verdict]:
        began = time.perf_counter()
        found = await super().judge(items)
        if items:
            self.seconds.append(time.perf_counter() - began)
        return found


def moderator() -> Waits:
    """The moderator as Riff runs it, in a process of its own; late verdicts are to be counted."""
    made = Waits(ModerationSettings(deadline_seconds=50.0))
    made.seconds = []
    return made


async def shown(gate: Gate, deltas: AsyncGenerator[str]) -> AsyncIterator[float]:
    """The moment of each piece that passes."""
    async for event in gate.pieces(deltas):
        assert isinstance(event, Passed), event
        yield time.perf_counter()


async def streamed(judge: Moderator, deltas: AsyncGenerator[str]) -> tuple[float, float]:
    """Seconds to the first shown piece, and to the end."""
    began = time.perf_counter()
    moments = [moment async for moment in shown(Gate(judge), deltas)]
    return moments[0] - began, time.perf_counter() - began


async def whole(judge: Moderator, deltas: AsyncGenerator[str]) -> float:
    """Seconds until all of the reply is there and checked at once."""
    began = time.perf_counter()
    passed, _ = await judge.passed("".join([piece async for piece in deltas]))
    assert passed is not None
    return time.perf_counter() - began


async def by_script(replies: int, tokens: int, pace: float) -> dict[str, Any]:
    """The gate's figures on scripted streams."""
    judge = moderator()
    await judge.start()
    await judge.check("Everything is read once before.")
    seconds = 1 / pace
    waited = await asyncio.gather(*(whole(judge, written(one, tokens, seconds)) for one in range(replies)))
    judge.seconds.clear()
    began = processor_seconds()
    later = range(replies, 2 * replies)
    found = await asyncio.gather(*(streamed(judge, written(one, tokens, seconds)) for one in later))
    spent = processor_seconds() - began
    await judge.close()
    first = [seconds for seconds, _ in found]
    return {
        "whole_reply_s": round(statistics.median(waited), 3),
        "first_text_s": round(statistics.median(first), 3),
        "last_text_s": round(statistics.median(end for _, end in found), 3),
        "ratio": round(statistics.median(first) / statistics.median(waited), 3),
        "cpu_ms_a_reply": round(1000 * spent / replies),
        **waits_of(judge),
    }


def waits_of(judge: Waits) -> dict[str, Any]:
    """How long verdicts were waited for."""
    cuts = statistics.quantiles(judge.seconds, n=100)
    return {
        "verdicts": len(judge.seconds),
        "wait_p50_ms": round(1000 * cuts[49], 1),
        "wait_p99_ms": round(1000 * cuts[98], 1),
    }


async def asked(generator: Generator, person: Person, name: str, counted: list[int]) -> AsyncGenerator[str]:
    """What the model writes for one person; its tokens are counted."""
    await asyncio.sleep(person.arrives)
    sampling = Sampling(max_new_tokens=person.tokens, temperature=0.8, top_p=0.95)
    request = GenerationRequest(person.turns, sampling, deadline_seconds=3600, person=name)
    async with aclosing(generator.stream(request)) as stream:
        async for delta in stream:
            counted.append(delta.tokens)
            yield delta.text


async def tokens_a_second(generator: Generator, judge: Moderator | None, people: Sequence[Person]) -> float:
    """The speed of writing for all `people` at once, through gates or without; whatever is withheld counts."""
    counted: list[int] = []

    async def one(number: int, person: Person) -> None:
        deltas = asked(generator, person, str(number), counted)
        events = deltas if judge is None else Gate(judge).pieces(deltas)
        async for _event in events:
            pass

    began = time.perf_counter()
    await asyncio.gather(*(one(*each) for each in enumerate(people)))
    return sum(counted) / (time.perf_counter() - began)


def child_seconds() -> float:
    """Processor time of this process's children, of all threads; Linux tells."""
    ticks = 0
    for thread in Path("/proc/self/task").iterdir():
        for child in (thread / "children").read_text().split():
            after_name = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            ticks += int(after_name[11]) + int(after_name[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def processor_seconds() -> float:
    """The same of this process and its children: tells the same on a busy machine."""
    return time.process_time() + child_seconds()


async def by_model(replies: int, runs: int) -> dict[str, Any]:
    """How much slower the embedded model writes beside the gate's reader, which shares its cores.

    The reader's share of all processor time tells the same on a busy machine: so much is taken from writing, at most.
    """
    generator, judge = factory.load(GeneratorSettings(slots=replies)), moderator()
    await generator.start()
    await judge.start()
    await tokens_a_second(generator, judge, gathering(replies, seed=99, briefs=True))
    judge.seconds.clear()
    rows, spent, gate = [], 0.0, 0.0
    for run in range(runs):
        people = gathering(replies, seed=run, briefs=True)
        both = (None, judge) if run % 2 else (judge, None)
        speeds = {}
        for way in both:
            began, judging = processor_seconds(), child_seconds()
            speeds[way] = await tokens_a_second(generator, way, people)
            if way is judge:
                spent, gate = spent + processor_seconds() - began, gate + child_seconds() - judging
        rows.append((speeds[None], speeds[judge]))
    await judge.close()
    await generator.close()
    return {
        "alone_tokens_per_second": round(statistics.median(alone for alone, _ in rows), 1),
        "gated_tokens_per_second": round(statistics.median(gated for _, gated in rows), 1),
        "slower": round(1 - statistics.median(gated / alone for alone, gated in rows), 3),
        "share_of_cpu": round(gate / spent, 3),
        **waits_of(judge),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--embedded", action="store_true")
    parser.add_argument("--replies", type=int, default=8)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=120)
    parser.add_argument("--tokens-per-second", type=float, default=20.0)
    chosen = parser.parse_args()
    factory.wait_briefly()  # before PyTorch is imported, as Riff does
    load_before = os.getloadavg()[0]
    work = (
        by_model(chosen.replies, chosen.runs)
        if chosen.embedded
        else by_script(chosen.replies, chosen.tokens, chosen.tokens_per_second)
    )
    print(json.dumps({**vars(chosen), "load_before": round(load_before, 1), **asyncio.run(work)}))


if __name__ == "__main__":
    main()
