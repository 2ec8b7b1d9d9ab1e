"""How far apart the candidates of one prompt are: arithmetic sampling beside independent draws, in one run.

    python -m benchmarks.diversity --write docs/diversity.md     # about an hour on two quiet cores
    python -m benchmarks.diversity --repetitions 20 --counts 4 --pairs 5

Three questions, each asked of both ways side by side or in turn:

1. Sixteen slogans estimate the mean of a score of the model's texts. How much does the estimate vary between
   repetitions with other seeds (its standard deviation), in the manner of Vilnis et al. (arXiv 2210.15458)?
2. How many of sixteen ideas, one from each candidate, differ by the measure that drops near-duplicates in Riff?
3. What does it cost per token?
"""

import argparse
import asyncio
import json
import math
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from random import Random

import torch

import genai.factory
from bot.core.domain import Idea
from bot.core.ideas import comparable
from genai.answers.lists import ideas_in
from genai.likeness.measure import likeness
from genai.prompts import Brief, Task, build_turns
from genai.request import Completion, GenerationRequest, Generator, Sampling, SamplingMode
from genai.reranking.ranking import Candidate, Ranking
from genai.reranking.settings import RerankingSettings
from genai.sampling.random_streams import random_streams_for
from genai.sampling.token_sampling import choose_tokens
from genai.settings import GeneratorSettings

N = 16
MODES: tuple[SamplingMode, SamplingMode] = ("independent", "sobol")
ESTIMATED = (0.2, 0.35, 0.5, 0.8, 1.0)
TEMPERATURES = (0.5, 0.8, 1.0, 1.2)
TOPICS = ("beekeeping on rooftops", "hand-bound sketchbooks", "cargo bike rental", "a walking bus to school")
ONE = Sampling(temperature=1.0, top_p=1.0, max_new_tokens=64, stop=("\n2.",))
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

Score = Callable[[Completion], float]
Table = list[list[str]]


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks the model for sixteen candidates at a time."""

    generator: Generator

    async def candidates(self, task: Task, topic: str, sampling: Sampling) -> tuple[Completion, ...]:
        turns = build_turns(Brief(task, topic, count=5), style=self.generator.info.prompt_style)
        return await self.generator.complete(GenerationRequest(turns, sampling, N, deadline_seconds=3600))


def bigrams(text: str) -> Counter[tuple[str, str]]:
    return Counter(pairwise(text.lower().split()))


def overlap_with(reference: str) -> Score:
    """Share of a text's bigrams that stand in `reference`, as in BLEU: each as often as there at most."""
    known = bigrams(reference)

    def score(answer: Completion) -> float:
        own = bigrams(answer.text)
        return sum((own & known).values()) / max(1, own.total())

    return score


async def deviations(asker: Asker, repetitions: int) -> tuple[Table, dict[str, float]]:
    """Standard deviation of each score's estimated mean, by temperature and mode; and their ratios."""
    rows: Table = []
    ratios: dict[str, float] = {}
    greedy = (await asker.candidates(Task.SLOGAN, TOPICS[0], replace(ONE, temperature=0)))[0].text
    scores: dict[str, Score] = {
        "mean log-probability (nats per token)": lambda answer: answer.mean_log_probability,
        "length (tokens)": lambda answer: answer.tokens,
        "bigram overlap with the greedy text": overlap_with(greedy),
    }
    for temperature in ESTIMATED:
        estimates = await estimated_means(asker, temperature, list(scores.values()), repetitions)
        for place, name in enumerate(scores):
            independent, sobol = ([one[place] for one in estimates[mode]] for mode in MODES)
            apart, together = statistics.stdev(independent), statistics.stdev(sobol)
            ratio = together / apart if apart else 1.0
            ratios[f"{name} at {temperature}"] = ratio
            mean = statistics.fmean(sobol)
            rows.append(
                [f"{temperature}", name, f"{mean:.3f}", f"{apart:.4f}", f"{together:.4f}", f"{ratio:.2f}"]
            )
    return rows, ratios


async def estimated_means(
    asker: Asker, temperature: float, scores: list[Score], repetitions: int
) -> dict[str, list[list[float]]]:
    """Each score's mean over sixteen slogans, [mode][repetition][score]; both modes side by side in one batch."""
    found: dict[str, list[list[float]]] = {mode: [] for mode in MODES}
    for seed in range(repetitions):
        samplings = [replace(ONE, temperature=temperature, seed=seed, mode=mode) for mode in MODES]
        lists = await asyncio.gather(*(asker.candidates(Task.SLOGAN, TOPICS[0], one) for one in samplings))
        for mode, answers in zip(MODES, lists, strict=True):
            found[mode].append([statistics.fmean(map(score, answers)) for score in scores])
    return found


def distinct(answers: Sequence[Completion], topic: str) -> int:
    """How many different ideas there are: those that quality control would show, had it to show all."""
    ranking = Ranking[str](likeness("ngrams"), RerankingSettings())
    ideas = [idea for answer in answers for idea in ideas_in(answer.text)[:1]]
    ranking.add([Candidate(idea.title, comparable(Idea(1, idea.title, idea.body), topic)) for idea in ideas])
    return sum(1 for _ in iter(ranking.best, None))


async def distinct_ideas(asker: Asker, counts: int) -> Table:
    """Means over `counts` seeds of each topic; top-p as Riff ships it."""
    rows: Table = []
    for temperature in TEMPERATURES:
        found: dict[str, list[int]] = {mode: [] for mode in MODES}
        for seed in range(counts):
            for topic in TOPICS:
                for mode in MODES:
                    sampling = replace(ONE, temperature=temperature, top_p=0.95, seed=seed, mode=mode)
                    found[mode].append(
                        distinct(await asker.candidates(Task.BRAINSTORM, topic, sampling), topic)
                    )
        gains = [sobol - other for other, sobol in zip(*(found[mode] for mode in MODES), strict=True)]
        error = statistics.stdev(gains) / math.sqrt(len(gains))
        means = [f"{statistics.fmean(found[mode]):.2f}" for mode in MODES]
        rows.append([f"{temperature}", *means, f"{statistics.fmean(gains):+.2f} ± {error:.2f}"])
    return rows


async def cost(asker: Asker, pairs: int) -> dict[str, float]:
    """Milliseconds per token of 16 candidates of 64 tokens, in pairs, the order in each pair by chance."""
    times: dict[str, list[float]] = {mode: [] for mode in MODES}
    chance = Random(1)
    for seed in range(pairs):
        for mode in chance.sample(MODES, k=2):
            sampling = Sampling(temperature=1.0, top_p=0.95, max_new_tokens=64, seed=seed, mode=mode)
            began = time.perf_counter()
            answers = await asker.candidates(Task.BRAINSTORM, TOPICS[seed % len(TOPICS)], sampling)
            took = time.perf_counter() - began
            times[mode].append(1000 * took / sum(answer.tokens for answer in answers))
    medians = {mode: statistics.median(values) for mode, values in times.items()}
    ratios = [sobol / other for other, sobol in zip(*(times[mode] for mode in MODES), strict=True)]
    extra = choosing_alone("sobol") - choosing_alone("independent")
    return medians | {"ratio": statistics.median(ratios), "alone": 1 + extra / medians["independent"]}


def choosing_alone(mode: SamplingMode) -> float:
    """CPU milliseconds per token of all that the modes do differently, for 16 texts of 64 tokens; best of 20."""
    weights = (0.75 ** torch.arange(4096)).clamp(min=1e-12).expand(N, -1).contiguous()
    top_k, top_p, min_p = torch.zeros(N, dtype=torch.long), torch.full((N,), 0.95), torch.zeros(N)
    best = math.inf
    for seed in range(20):
        began = time.thread_time()
        rows = random_streams_for(mode, seed, N)
        for _ in range(64):
            choose_tokens(weights, rows, top_k, top_p, min_p)
        best = min(best, time.thread_time() - began)
    return 1000 * best / (64 * N)


def table(heads: list[str], rows: Table) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


async def measure(chosen: argparse.Namespace) -> tuple[str, dict[str, object]]:
    generator = genai.factory.load(GeneratorSettings(model=chosen.model, slots=2 * N))
    await generator.start()
    try:
        asker = Asker(generator)
        estimates, ratios = await deviations(asker, chosen.repetitions)
        ideas = await distinct_ideas(asker, chosen.counts)
        costs = await cost(asker, chosen.pairs)
    finally:
        await generator.close()
    text = "\n\n".join(
        [
            f"Standard deviation of the mean of {N} candidates, {chosen.repetitions} repetitions (each figure within "
            f"± {100 / math.sqrt(2 * chosen.repetitions):.0f} %), one slogan each, no filters, *{TOPICS[0]}*:",
            table(["temperature", "score", "mean", "independent", "Sobol", "Sobol / independent"], estimates),
            f"Distinct ideas of {N}, top-p 0.95, means of {chosen.counts * len(TOPICS)} lists, "
            "with the standard error of the paired gain:",
            table(["temperature", "independent", "Sobol", "gain"], ideas),
            f"Cost: {costs['sobol']:.3f} ms per token beside {costs['independent']:.3f} independently, ratio "
            f"{costs['ratio']:.3f} (medians of {chosen.pairs} pairs of {N} candidates, as far as the machine is "
            f"quiet); by the time of what differs alone, the ratio is {costs['alone']:.4f}.",
        ]
    )
    return text, {
        "sobol_over_independent": ratios,
        "distinct": ideas,
        "cost_ratio": costs["ratio"],
        "cost_ratio_alone": costs["alone"],
    }


def write(file: Path, text: str) -> None:
    """Put `text` between the two marks in `file`."""
    before, _, rest = file.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    file.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="embedded", help="a folder, a .gguf file or a name on the hub")
    parser.add_argument("--repetitions", type=int, default=200, help="estimates of each mean")
    parser.add_argument("--counts", type=int, default=6, help="lists for each topic and temperature")
    parser.add_argument("--pairs", type=int, default=31, help="pairs of timed lists")
    parser.add_argument("--write", type=Path, help="a Markdown file whose figures to replace")
    chosen = parser.parse_args()
    text, figures = asyncio.run(measure(chosen))
    print(text)
    print(json.dumps(figures))
    if chosen.write:
        write(chosen.write, text)


if __name__ == "__main__":
    main()
