"""`riff train likeness`: fits boosted trees to pairs of answers, and measures them on models and prompts kept apart."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Annotated, Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.model_selection import GroupKFold

from genai.likeness.boosted_trees import BoostedTrees
from genai.likeness.measure import FittedLikeness, Thresholds
from genai.likeness.pair_features import FEATURES, GROWING
from genai.training.likeness.agreement import Agreement, agreement, rank_correlation
from genai.training.likeness.partitions import Partition, is_kept, pairs_of, read_partitions, strangers
from genai.training.run.config import settings
from genai.training.run.errors import TrainingError
from genai.training.run.folder import write_whole
from genai.training.run.stage import Stage

DEPTH: Final = 3
_RATE: Final = 0.08
_LEAST_IN_LEAF: Final = 60
_SMOOTHING: Final = 5.0
_FOLLOWED: Final = 0.1
"""Weight of a pair that nobody compared, whose label follows from others."""
_STRANGE: Final = 35 / 152
"""Weight of all pairs of answers to different prompts, for each pair of answers to the same."""
_FOLDS: Final = 6
_SURE: Final = 0.8
"""Share of the duplicates that have to be right."""
_FOUND: Final = 0.75
"""Share of the pairs that say the same that one theme has to hold together."""
_DIGITS: Final = 5


@settings
class LikenessConfig:
    """What to fit to."""

    answers: Path
    """A folder of NoveltyBench's partitions: a .jsonl file for each model, with `generations` and `partition`."""
    output: Path = Path("fitted.json")
    """Where what was fitted goes; Riff reads genai/likeness/fitted.json."""
    trees: Annotated[int, Field(ge=1)] = 200
    """How many trees are added up."""
    kept_models: tuple[str, ...] = ("Llama-3.2-3B-Instruct", "command-r7b-12-2024", "gemma-2-27b-it")
    """Files, without their ending, that are only measured on; so is a quarter of the prompts."""


@dataclass(frozen=True, slots=True)
class LikenessSummary:
    """Where it went, and the figures."""

    output: Path
    figures: dict[str, dict[str, float | int]]
    thresholds: Thresholds

    def lines(self) -> list[str]:
        """The summary for people."""
        found = [f"{self.output}: thresholds {asdict(self.thresholds)}"]
        for name, figures in self.figures.items():
            found += [f"{name}:", *(f"  {key:24}{value}" for key, value in figures.items())]
        return found


def fit(config: LikenessConfig) -> LikenessSummary:
    """Fit to one part, measure on what is kept apart, then fit to everything and save that. Raises TrainingError."""
    every, learned, kept = _parts(config)
    held = _fitted(learned, config.trees)
    figures = {
        "kept apart: models and prompts": _measured(held, kept),
        "kept apart: prompts, of all models": _measured(held, [one for one in every if is_kept(one.prompt)]),
        "kept apart: models, prompts that were fitted to": _measured(
            held, [one for one in every if one.model in config.kept_models and not is_kept(one.prompt)]
        ),
    }
    found = _fitted(every, config.trees)
    values: dict[str, Any] = {
        "made by": "riff train likeness, of the partitions of NoveltyBench (MIT)",
        "features": list(FEATURES),
        "thresholds": asdict(found.thresholds),
        "figures": figures,
        "trees": found.trees.values(),
    }
    write_whole(config.output, json.dumps(values) + "\n")
    return LikenessSummary(config.output, figures, found.thresholds)


def fitted_apart(config: LikenessConfig) -> FittedLikeness:
    """The likeness that has seen neither the models nor the prompts that are kept apart. Raises TrainingError."""
    return _fitted(_parts(config)[1], config.trees)


def plan(config: LikenessConfig) -> list[str]:
    """What `fit` would do, as lines for people. Raises TrainingError."""
    every, learned, kept = _parts(config)
    return [
        f"answers     to {len(every):,} prompts, each model's apart",
        f"parts       {len(learned):,} to learn from, {len(kept):,} of models and prompts kept apart",
        f"trees       {config.trees} of depth {DEPTH}, {_FOLDS + 1} times for the parts and again for all",
    ]


def _parts(config: LikenessConfig) -> tuple[list[Partition], list[Partition], list[Partition]]:
    """All, those to learn from, and those of models and prompts that are kept apart."""
    every = read_partitions(config.answers)
    learned = [one for one in every if one.model not in config.kept_models and not is_kept(one.prompt)]
    kept = [one for one in every if one.model in config.kept_models and is_kept(one.prompt)]
    if not learned or not kept:
        raise TrainingError(f"{config.answers}: no answers are left to fit to, or to measure on.")
    return every, learned, kept


def _fitted(partitions: Sequence[Partition], trees: int) -> FittedLikeness:
    """Trees for all pairs; scale and thresholds come from judgements of prompts that the trees had not seen."""
    prompts = np.array([one.prompt for one in partitions])
    unseen, judged = [], []
    for learn, judge in GroupKFold(_FOLDS, shuffle=True, random_state=0).split(prompts, groups=prompts // 2):
        grown = _grow([partitions[at] for at in learn], trees)
        judged.append(pairs_of([partitions[at] for at in judge]))
        unseen.append(grown.log_odds(judged[-1].features))
    differ = ~np.concatenate([pairs.is_equal for pairs in judged])  # of equal texts it is known
    log_odds = np.concatenate(unseen)[differ, None]
    same = np.concatenate([pairs.same for pairs in judged])[differ]
    platt = LogisticRegression(C=np.inf).fit(log_odds, same)
    scaled = _grow(partitions, trees).scaled(float(platt.coef_[0, 0]), float(platt.intercept_[0]))
    return FittedLikeness(scaled.rounded(_DIGITS), _thresholds(platt.predict_proba(log_odds)[:, 1], same))


def _grow(partitions: Sequence[Partition], trees: int) -> BoostedTrees:
    pairs, apart = pairs_of(partitions), pairs_of(strangers(partitions, Random(0)))
    weights = np.where(pairs.is_direct, 1.0, _FOLLOWED)
    strange = _STRANGE * len(pairs.same) / len(apart.same)
    model = HistGradientBoostingClassifier(
        max_depth=DEPTH,
        max_iter=trees,
        learning_rate=_RATE,
        min_samples_leaf=_LEAST_IN_LEAF,
        l2_regularization=_SMOOTHING,
        monotonic_cst=list(map(int, GROWING)),
        early_stopping=False,
        random_state=0,
    )
    model.fit(
        np.concatenate([pairs.features, apart.features]),
        np.concatenate([pairs.same, apart.same]),
        sample_weight=np.concatenate([weights, np.full(len(apart.same), strange)]),
    )
    return plain_trees(model)


def plain_trees(model: HistGradientBoostingClassifier) -> BoostedTrees:
    """What was grown as complete trees of one depth."""
    nodes = [predictor[0].nodes for predictor in model._predictors]
    shape = (len(nodes), 2**DEPTH - 1)
    features, thresholds = np.zeros(shape, dtype=np.int64), np.full(shape, np.inf)
    leaves = np.zeros((len(nodes), 2**DEPTH))
    for tree, grown in enumerate(nodes):
        _lay_out(grown, 0, 0, features[tree], thresholds[tree], leaves[tree])
    return BoostedTrees(float(np.ravel(model._baseline_prediction)[0]), features, thresholds, leaves)


def _lay_out(
    grown: Any,
    node: int,
    place: int,
    features: NDArray[np.int64],
    thresholds: NDArray[np.float64],
    leaves: NDArray[np.float64],
) -> None:
    """Put what is below `node` of the grown tree below `place` of the complete one."""
    if grown[node]["is_leaf"]:
        first = last = place
        while first < len(features):
            first, last = 2 * first + 1, 2 * last + 2
        leaves[first - len(features) : last + 1 - len(features)] = grown[node]["value"]
        return
    features[place], thresholds[place] = grown[node]["feature_idx"], grown[node]["num_threshold"]
    _lay_out(grown, grown[node]["left"], 2 * place + 1, features, thresholds, leaves)
    _lay_out(grown, grown[node]["right"], 2 * place + 2, features, thresholds, leaves)


def _thresholds(probability: NDArray[np.float64], same: NDArray[np.bool_]) -> Thresholds:
    """From unequal pairs."""
    precision, recall, at = precision_recall_curve(same, probability)
    share = precision[:-1] >= _SURE
    duplicate = float(at[share].min()) if share.any() else 1.0
    f_measure = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    alike = float(at[int(np.argmax(f_measure[:-1]))])
    theme = float(at[recall[:-1] >= _FOUND].max())
    ordered = sorted((duplicate, alike, theme), reverse=True)
    return Thresholds(*(round(one, 3) for one in ordered))


def _measured(likeness: FittedLikeness, partitions: Sequence[Partition]) -> dict[str, float | int]:
    pairs = pairs_of(partitions)
    probabilities = [
        likeness.pairwise(one.answers, one.answers)[np.triu_indices(len(one.answers), 1)]
        for one in partitions
    ]
    found: Agreement = agreement(np.concatenate(probabilities), pairs.same, pairs.is_equal, pairs.characters)
    rank = rank_correlation(
        partitions, lambda texts: likeness.pairwise(texts, texts), likeness.thresholds.alike
    )
    return {
        **found.figures(),
        "models": len({one.model for one in partitions}),
        "rank_correlation": round(rank, 3),
    }


STAGE: Final = Stage(LikenessConfig, fit, plan=plan)
