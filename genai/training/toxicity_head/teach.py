"""`riff train moderator`: teaches the moderator that ships with Riff again, from public sets and lessons of its own."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from genai.errors import GenerationError
from genai.model.gguf.header import GgufFile, read_header
from genai.model.loading.digests import Digests, models_folder
from genai.model.loading.embedded_model import NAME, embedded_file
from genai.moderation.classifiers import profanity
from genai.moderation.settings import ModerationSettings
from genai.moderation.understanding.trunk import Trunk
from genai.training.run.config import Output, Seed, identity, settings
from genai.training.run.errors import TrainingError
from genai.training.run.folder import open_run, write_whole
from genai.training.run.model_card import ModelCard, write_card
from genai.training.run.stage import Stage
from genai.training.toxicity_head.calibration import platt
from genai.training.toxicity_head.frozen_states import FrozenStates, read
from genai.training.toxicity_head.learner import Learner
from genai.training.toxicity_head.own_lessons import in_context, lessons
from genai.training.toxicity_head.public_sets import CATEGORIES, Example, examples

SOURCES: Final = (
    "Hu et al. 2021, LoRA: Low-Rank Adaptation of Large Language Models, arXiv 2106.09685",
    "Davidson et al. 2017, Automated Hate Speech Detection and the Problem of Offensive Language (MIT)",
    "Cercas Curry et al. 2021, ConvAbuse (CC BY 4.0)",
    "Kirk et al. 2022, Hatemoji (CC BY 4.0)",
    "de Gibert et al. 2018, Hate Speech Dataset from a White Supremacy Forum (CC BY-SA 3.0 ES)",
    "Markov et al. 2023, A Holistic Approach to Undesired Content Detection (MIT)",
    "Zhang et al. 2025, NoveltyBench (MIT)",
    "Platt 1999, Probabilistic outputs for support vector machines",
)
FILE: Final = "moderator.safetensors"
_WARM, _LEAST = 30, 0.05
"""Steps until the rate of learning is full; the share of it that is left at the end."""
_SMOOTH = 0.02
_WORDLESS = 0.25
"""In so many steps the list of words says nothing, so that the reading must stand without it."""
_WITHOUT_WORDS = -2.0
_MORE_WORDS = 0.25
"""What is added to the list's share of toxicity afterwards: learning without it makes it smaller than it is worth."""
_GATHERED = 16
"""Batches' worth of texts that are sorted by length before they are cut into batches."""
_MOST = {
    ("tweets", 1.0): 1500,
    ("tweets", 0.0): 1300,
    ("forum", 1.0): 700,
    ("forum", 0.0): 800,
    ("answers", 0.0): 500,
    ("said to bots", 0.0): 900,
}
"""Texts of a source, toxic or not, that are learned from; of others all are."""


@settings
class ModeratorConfig:
    """What to learn from, and for how long."""

    output: Output
    data: Path = Path("../shared/data")
    """Folder of public labelled sets."""
    depth: Annotated[int, Field(ge=2, le=30)] = 10
    """Layers of the embedded model that are read."""
    frozen: Annotated[int, Field(ge=1, le=29)] = 6
    """Layers, the lowest, that stay as they are."""
    rank: Annotated[int, Field(ge=1, le=256)] = 16
    """Rank of what is added to the matrices of the others."""
    epochs: Annotated[float, Field(gt=0)] = 2.0
    """Times that each text is learned from."""
    batch: Annotated[int, Field(ge=1)] = 32
    """Texts of a step."""
    learning_rate: Annotated[float, Field(gt=0)] = 1e-3
    """Of the additions, at its highest; the head's is twice that."""
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.1
    """Share of the numbers before the head that are left out while it learns."""
    seed: Seed = 1


@dataclass(frozen=True, slots=True)
class ModeratorSummary:
    """What was made, and the AUC of each category on the texts that were kept apart."""

    output: Path
    learned_from: int
    areas: dict[str, float]

    def lines(self) -> list[str]:
        """The summary for people."""
        shown = [f"{name:18}AUC {area:.3f}" for name, area in self.areas.items()]
        return [f"{self.output / FILE}: learned from {self.learned_from:,} texts", *shown]


def moderator(config: ModeratorConfig) -> ModeratorSummary:
    """Learn, calibrate on texts kept apart, and save. Raises TrainingError."""
    if config.frozen >= config.depth:
        raise TrainingError("Setting frozen: fewer layers must stay than there are, so that some can learn.")
    file = _file()
    texts = gathered(config.data, config.seed)
    folder = open_run(config.output, "moderator", identity(config), {})
    words = profanity.load(ModerationSettings(), "")
    known = read(texts, file, config.frozen, words, lambda _: None)
    torch.manual_seed(config.seed)
    learner = Learner(Trunk(file, config.depth), config.frozen, config.rank)
    learn = [index for index, one in enumerate(texts) if one.part == "learn"]
    apart = [index for index, one in enumerate(texts) if one.part == "measure"]
    losses = _learned(learner, known, learn, config)
    learner.share.data[0] += _MORE_WORDS
    odds = odds_of(learner, known, apart)
    labels = known.labels[apart].numpy()
    scale, shift = _calibrated(odds[::2], labels[::2])
    areas = _areas(odds[1::2], labels[1::2])
    about = {"base": NAME, "licence": "CC BY-SA 3.0 ES"}
    learner.save(config.output / FILE, scale, shift, about)
    write_whole(folder.metrics, "".join(json.dumps({"step": n, "loss": x}) + "\n" for n, x in losses))
    write_card(_card(config, areas, len(learn), len(apart)), folder.card)
    return ModeratorSummary(config.output, len(learn), areas)


def plan(config: ModeratorConfig) -> list[str]:
    """What `moderator` would learn from, for a dry run. Raises TrainingError."""
    texts = gathered(config.data, config.seed)
    learn = sum(one.part == "learn" for one in texts)
    return [
        f"texts       {learn:,} to learn from, {len(texts) - learn:,} kept apart",
        f"layers      {config.frozen} stay, {config.depth - config.frozen} learn at rank {config.rank}",
        f"steps       {math.ceil(learn / config.batch * config.epochs):,}",
    ]


def gathered(data: Path, seed: int) -> list[Example]:
    """All texts, in an order that the seed decides. Raises TrainingError where a set is missing."""
    try:
        public = list(examples(data))
    except OSError as error:
        raise TrainingError(
            f"{error.filename} cannot be read; --data names the folder of the sets."
        ) from error
    order = np.random.default_rng(seed).permutation(len(public))
    seen: dict[tuple[str, float | None], int] = {}
    chosen: list[Example] = []
    for one in (public[index] for index in order):
        kind = (one.source, one.labels.get("toxicity"))
        seen[kind] = seen.get(kind, 0) + (one.part == "learn")
        if one.part == "measure" or seen[kind] <= _MOST.get(kind, len(public)):
            chosen.append(one)
    own = list(lessons())
    return [*chosen, *own, *in_context([*chosen, *own], 500)]


def _file() -> GgufFile:
    try:
        return read_header(embedded_file(Digests(models_folder(""))))
    except GenerationError as error:
        raise TrainingError(error.say) from error


def _learned(
    learner: Learner, known: FrozenStates, learn: Sequence[int], config: ModeratorConfig
) -> list[tuple[int, float]]:
    """Go through the texts; losses by step."""
    additions, head = learner.parts()
    rates = (config.learning_rate, 2 * config.learning_rate)
    groups = [{"params": part, "lr": rate} for part, rate in zip((additions, head), rates, strict=True)]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.02)
    steps = math.ceil(len(learn) / config.batch * config.epochs)
    chance = np.random.default_rng(config.seed)
    batches = _batches(known, learn, config.batch, chance)
    losses: list[tuple[int, float]] = []
    learner.train()
    for step in range(steps):
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * _pace(step, steps)
        loss = _loss(learner, known, next(batches), config.dropout, chance.random() < _WORDLESS)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
        optimizer.step()
        losses.append((step, float(loss.detach())))
    learner.eval()
    return losses


def _pace(step: int, steps: int) -> float:
    """The share of the full rate: it rises, then falls along a cosine."""
    fallen = 0.5 * (1 + math.cos(math.pi * step / steps))
    return min(1.0, (step + 1) / _WARM) * (_LEAST + (1 - _LEAST) * fallen)


def _batches(
    known: FrozenStates, learn: Sequence[int], size: int, chance: np.random.Generator
) -> Iterator[list[int]]:
    """Texts of about one length, again and again in another order."""
    while True:
        order = [learn[index] for index in chance.permutation(len(learn))]
        for start in range(0, len(order), size * _GATHERED):
            part = sorted(order[start : start + size * _GATHERED], key=known.tokens)
            cut = [part[begin : begin + size] for begin in range(0, len(part), size)]
            yield from (cut[index] for index in chance.permutation(len(cut)))


def _loss(
    learner: Learner, known: FrozenStates, indices: list[int], dropout: float, wordless: bool
) -> Tensor:
    """Of the labels that are known, the first category counting twice."""
    batch = known.batch(indices)
    if wordless:
        batch.listed.fill_(_WITHOUT_WORDS)
    labels = known.labels[indices]
    wanted = labels.nan_to_num() * (1 - 2 * _SMOOTH) + _SMOOTH
    each = functional.binary_cross_entropy_with_logits(learner(batch, dropout), wanted, reduction="none")
    counts = torch.ones(len(CATEGORIES))
    counts[0] = 2.0
    weights = ~labels.isnan() * known.weights[indices].unsqueeze(1) * counts
    return (each * weights).sum() / weights.sum()


@torch.inference_mode()
def odds_of(learner: Learner, known: FrozenStates, indices: Sequence[int], size: int = 64) -> Tensor:
    """Log-odds [texts, categories] of some of the texts."""
    order = sorted(range(len(indices)), key=lambda place: known.tokens(indices[place]))
    found = torch.zeros(len(indices), len(CATEGORIES))
    for start in range(0, len(order), size):
        places = order[start : start + size]
        found[places] = learner(known.batch([indices[place] for place in places]))
    return found


Labels = np.ndarray[tuple[int, int], np.dtype[np.float32]]


def _calibrated(odds: Tensor, labels: Labels) -> tuple[list[float], list[float]]:
    """Scale and shift of each category."""
    pairs = [platt(*one) for one in _columns(odds, labels)]
    return [scale for scale, _ in pairs], [shift for _, shift in pairs]


def _areas(odds: Tensor, labels: Labels) -> dict[str, float]:
    """The AUC of each category of which both kinds of texts are there."""
    from sklearn.metrics import roc_auc_score

    each = zip(CATEGORIES, _columns(odds, labels), strict=True)
    return {
        name: float(roc_auc_score(harmful, said)) for name, (said, harmful) in each if len({*harmful}) == 2
    }


def _columns(
    odds: Tensor, labels: Labels
) -> Iterator[tuple[np.ndarray[Any, np.dtype[np.float64]], np.ndarray[Any, np.dtype[np.bool_]]]]:
    """Log-odds and labels of each category, of the texts of which they are known."""
    for column in range(len(CATEGORIES)):
        known = ~np.isnan(labels[:, column])
        yield odds.numpy()[known, column].astype(float), labels[known, column] == 1


def _card(config: ModeratorConfig, areas: dict[str, float], learned: int, apart: int) -> ModelCard:
    return ModelCard(
        title="moderator",
        summary="Additions to the embedded model's layers and a head that tells what must not be shown. "
        "Made in part from sentences under CC BY-SA 3.0 ES, so these weights are under that licence.",
        base=NAME,
        library="safetensors",
        config=identity(config),
        figures={"texts learned from": learned, "texts kept apart": apart}
        | {f"AUC of {name}, kept apart": round(area, 3) for name, area in areas.items()},
        sources=SOURCES,
    )


STAGE: Final = Stage(ModeratorConfig, moderator, plan=plan, needs=("sklearn", "safetensors"))
