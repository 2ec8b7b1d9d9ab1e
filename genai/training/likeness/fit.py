"""`riff train likeness`: fits boosted trees to pairs of answers, and measures them on models and prompts kept apart."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.model_selection import GroupKFold

from genai.likeness.boosted_trees import BoostedTrees
from genai.likeness.measure import FittedLikeness, Thresholds
from genai.likeness.pair_features import FEATURES, GROWING
from genai.training.likeness.agreement import Agreement, agreement, rank_correlation
from genai.training.likeness.partitions import Pairs, Partition, is_kept, pairs_of, read_partitions
from genai.training.run.config import settings
from genai.training.run.errors import TrainingError
from genai.training.run.folder import write_whole
from genai.training.run.stage import Stage

DEPTH: Final = 3
_TREES: Final = 200
_RATE: Final = 0.08
_LEAST_IN_LEAF: Final = 60
_SMOOTHING: Final = 5.0
_FOLLOWED: Final = 0.1
"""Weight of a pair that nobody compared, whose label follows from others."""
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
    every = read_partitions(config.answers)
    learned = [one for one in every if one.model not in config.kept_models and not is_kept(one.prompt)]
    kept = [one for one in every if one.model in config.kept_models and is_kept(one.prompt)]
    if not learned or not kept:
        raise TrainingError(f"{config.answers}: no answers are left to fit to, or to measure on.")
    held, thresholds = _fitted(pairs_of(learned))
    figures = {
        "kept apart: models and prompts": _measured(held, kept),
        "kept apart: prompts, of all models": _measured(held, [one for one in every if is_kept(one.prompt)]),
        "kept apart: models, prompts that were fitted to": _measured(
            held, [one for one in every if one.model in config.kept_models and not is_kept(one.prompt)]
        ),
    }
    trees, thresholds = _fitted_trees(pairs_of(every))
    values: dict[str, Any] = {
        "made by": "riff train likeness, of the partitions of NoveltyBench (MIT)",
        "features": list(FEATURES),
        "thresholds": asdict(thresholds),
        "figures": figures,
        "trees": trees.values(),
    }
    write_whole(config.output, json.dumps(values, ensure_ascii=False, indent=1) + "\n")
    return LikenessSummary(config.output, figures, thresholds)


def fitted_to(answers: Path, kept_models: Sequence[str]) -> FittedLikeness:
    """A likeness that has seen neither these models nor the prompts that are kept apart. Raises TrainingError."""
    every = read_partitions(answers)
    return _fitted(
        pairs_of([one for one in every if one.model not in kept_models and not is_kept(one.prompt)])
    )[0]


def _fitted(pairs: Pairs) -> tuple[FittedLikeness, Thresholds]:
    trees, thresholds = _fitted_trees(pairs)
    return FittedLikeness(trees, thresholds), thresholds


def _fitted_trees(pairs: Pairs) -> tuple[BoostedTrees, Thresholds]:
    """Trees for all pairs; scale and thresholds come from judgements of prompts that the trees had not seen."""
    unseen = np.zeros(len(pairs.same))
    parts = GroupKFold(_FOLDS, shuffle=True, random_state=0)
    for learn, judge in parts.split(pairs.features, pairs.same, pairs.prompts // 2):
        unseen[judge] = _grow(pairs, learn).log_odds(pairs.features[judge])
    differ = ~pairs.is_equal  # of equal texts it is known
    platt = LogisticRegression(C=np.inf).fit(unseen[differ, None], pairs.same[differ])
    slope, shift = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    probability = platt.predict_proba(unseen[differ, None])[:, 1]
    trees = _grow(pairs, np.arange(len(pairs.same)))
    return trees.scaled(slope, shift).rounded(_DIGITS), _thresholds(probability, pairs.same[differ])


def _grow(pairs: Pairs, chosen: NDArray[np.int_]) -> BoostedTrees:
    weights = np.where(pairs.is_direct, 1.0, _FOLLOWED)[chosen]
    model = HistGradientBoostingClassifier(
        max_depth=DEPTH,
        max_iter=_TREES,
        learning_rate=_RATE,
        min_samples_leaf=_LEAST_IN_LEAF,
        l2_regularization=_SMOOTHING,
        monotonic_cst=list(map(int, GROWING)),
        early_stopping=False,
        random_state=0,
    )
    model.fit(pairs.features[chosen], pairs.same[chosen], sample_weight=weights)
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


STAGE: Final = Stage(LikenessConfig, fit, needs=("sklearn", "scipy"))
