"""Five of ten answers: how many different ones each way of choosing gets, and how good they are, by others' labels.

    python -m benchmarks.choosing ../shared/data/novelty       # minutes

The answers, which of them say the same, and their scores are NoveltyBench's (arXiv 2504.05228). The likeness is fitted
anew, without the models and prompts that are kept apart (`genai.training.likeness`): the one that Riff ships has seen
all of them. Each figure is a ratio to choosing five at random, in expectation.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb
from pathlib import Path
from random import Random
from statistics import fmean

import numpy as np

from genai.likeness.measure import Likeness, likeness
from genai.likeness.pair_features import Matrix
from genai.reranking.choosing import choose
from genai.reranking.settings import RerankingSettings
from genai.training.likeness.fit import LikenessConfig, fitted_apart
from genai.training.likeness.partitions import is_kept

COUNT = 5
_STRANGERS = (1, 3)
_SEED = 5


@dataclass(frozen=True, slots=True)
class Answers:
    """One model's answers to one prompt.

    `classes` says which say the same, `scores` how good the class of each is, `firsts` the same with nothing for an
    answer that repeats an earlier one.
    """

    model: str
    prompt: int
    topic: str
    texts: tuple[str, ...]
    classes: tuple[int, ...]
    scores: tuple[float, ...]
    firsts: tuple[float, ...]

    @property
    def by_chance(self) -> float:
        """Different ones among five at random."""
        every = len(self.texts)
        counts = np.bincount(self.classes)
        return sum(1 - comb(every - int(count), COUNT) / comb(every, COUNT) for count in counts)


Way = Callable[[Answers], Sequence[int]]


def read(folder: Path) -> list[Answers]:
    """The answers in a folder's .jsonl files."""
    found = []
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            classes = tuple(row["partition"])
            scores = tuple(row["partition_scores"][one] for one in classes)
            prompt = int(row["id"].rsplit("-", 1)[1])
            texts, firsts = tuple(row["generations"]), tuple(row["generation_scores"])
            found.append(Answers(file.stem, prompt, row["prompt"], texts, classes, scores, firsts))
    return found


def ways(measure: Likeness) -> dict[str, Way]:
    """Each way by its name."""

    def by(choose_by: Callable[[Matrix], list[int]], alike: Likeness) -> Way:
        return lambda one: choose_by(alike.pairwise(one.texts, one.texts))

    settings = RerankingSettings()
    return {
        "word overlap, MMR": lambda one: by_largest(overlaps(one.texts)),
        "n-grams, MMR": by(by_largest, likeness("ngrams")),
        "fitted, MMR": by(by_largest, measure),
        "fitted, DPP (greedy MAP)": by(by_determinant, measure),
        "fitted, all that is new": by(by_product, measure),
        "riff choose": lambda one: [
            place for place, _why in choose(one.topic, one.texts, COUNT, settings, measure)
        ],
        "the most that can be": lambda one: sorted(
            range(len(one.texts)), key=lambda at: (one.classes.index(one.classes[at]) != at, -one.scores[at])
        )[:COUNT],
    }


def overlaps(texts: Sequence[str]) -> Matrix:
    """Words shared of all words, for each two texts."""
    words = [set(text.lower().split()) for text in texts]
    return np.array([[len(one & other) / max(1, len(one | other)) for other in words] for one in words])


def by_largest(alike: Matrix) -> list[int]:
    """Maximal marginal relevance without a score: the next is least like the likest one chosen."""
    chosen = [0]
    while len(chosen) < COUNT:
        alike_most = alike[:, chosen].max(axis=1)
        alike_most[chosen] = np.inf
        chosen.append(int(alike_most.argmin()))
    return chosen


def by_product(alike: Matrix) -> list[int]:
    """The next is likeliest to say what none of the chosen says."""
    chosen, new = [0], 1 - alike[0]
    while len(chosen) < COUNT:
        new[chosen] = -1
        chosen.append(int(new.argmax()))
        new = new * (1 - alike[chosen[-1]])
    return chosen


def by_determinant(alike: Matrix) -> list[int]:
    """Greedy MAP of a determinantal point process (Chen et al., NeurIPS 2018, arXiv:1709.05135)."""
    rest = np.diag(alike).astype(float) + 1e-6
    rows: list[np.ndarray] = []
    chosen: list[int] = []
    while len(chosen) < COUNT:
        left = rest.copy()
        left[chosen] = -np.inf
        best = int(left.argmax())
        made = sum((row * row[best] for row in rows), np.zeros(len(alike)))
        rows.append((alike[best] - made) / np.sqrt(max(rest[best], 1e-12)))
        rest = rest - rows[-1] ** 2
        chosen.append(best)
    return chosen


def figures(way: Way, answers: Sequence[Answers]) -> dict[str, float]:
    """What the way gets: `distinct` and the error of it, and the change of both mean scores."""
    chosen = [way(one) for one in answers]
    distinct = np.array(
        [len({one.classes[at] for at in at_all}) for one, at_all in zip(answers, chosen, strict=True)]
    )
    chance = np.array([one.by_chance for one in answers])
    drawn = np.random.default_rng(_SEED).integers(0, len(answers), (500, len(answers)))
    ratios = distinct[drawn].sum(axis=1) / chance[drawn].sum(axis=1)

    def change(scores: Callable[[Answers], Sequence[float]]) -> float:
        pairs = zip(answers, chosen, strict=True)
        gained = [fmean(scores(one)[at] for at in at_all) - fmean(scores(one)) for one, at_all in pairs]
        return fmean(gained) / fmean(fmean(scores(one)) for one in answers)

    return {
        "distinct": float(distinct.sum() / chance.sum()),
        "error": float(ratios.std()),
        "score": change(lambda one: one.firsts),
        "class score": change(lambda one: one.scores),
    }


def strangers(answers: Sequence[Answers], measure: Likeness, count: int) -> float:
    """How many of five chosen answer another prompt, where `count` of ten do."""
    random, settings = Random(_SEED), RerankingSettings()
    found = []
    for one in answers:
        others = [other for other in answers if other.topic != one.topic]
        foreign = [random.choice(random.choice(others).texts) for _ in range(count)]
        texts = [*random.sample(one.texts, len(one.texts) - count), *foreign]
        chosen = choose(one.topic, texts, COUNT, settings, measure)
        found.append(sum(place >= len(texts) - count for place, _why in chosen))
    return fmean(found)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("answers", type=Path, help="the folder of NoveltyBench's answers")
    folder = parser.parse_args().answers
    config = LikenessConfig(folder)
    measure, kept_models = fitted_apart(config), config.kept_models
    answers = read(folder)
    parts = {
        "models and prompts kept apart": [
            one for one in answers if one.model in kept_models and is_kept(one.prompt)
        ],
        "models kept apart": [one for one in answers if one.model in kept_models and not is_kept(one.prompt)],
        "prompts kept apart": [
            one for one in answers if one.model not in kept_models and is_kept(one.prompt)
        ],
    }
    for name, part in parts.items():
        print(f"\n{name}: {len(part)} sets of ten\n")
        print("| way | distinct | score | class score |\n| --- | --- | --- | --- |")
        for label, way in ways(measure).items():
            found = figures(way, part)
            told = f"{found['distinct']:.3f} ± {found['error']:.3f} | {found['score']:+.1%}"
            print(f"| {label} | {told} | {found['class score']:+.1%} |", flush=True)
        for count in _STRANGERS:
            share = strangers(part, measure, count)
            print(f"{count} of ten from other prompts: {share:.2f} of five chosen; by chance {count / 2:.2f}")


if __name__ == "__main__":
    main()
