"""Whether an adapter wins on held-out pairs, and puts it where it is served if it does.

With l(y) = 1/|y| log p(y | x), the mean log-probability of an answer's tokens, the length-normalised implicit reward
of an adapter (Rafailov et al. 2023, arXiv:2305.18290, equation 5, over β and the answer's length) is

    r(y) = l_adapted(y) - l_base(y)

A pair is won where r(chosen) > r(rejected). Unlike how often the adapted model prefers the chosen answer, this does
not count what the base preferred already, and pairs the two models up, so that fewer pairs tell more.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from peft import PeftModel
from transformers import PreTrainedModel

from genai.training.dpo.dataset import EncodedPair
from genai.training.measure.statistics import Estimate, proportion
from genai.training.run.errors import TrainingError


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """Mean log-probability of a token of each answer, in nats."""

    chosen: float
    rejected: float

    @property
    def margin(self) -> float:
        """By how much the chosen answer is likelier."""
        return self.chosen - self.rejected


@dataclass(frozen=True, slots=True)
class Comparison:
    """The base against base and adapter, on held-out pairs.

    `before` and `after` are the shares of pairs where the chosen answer is the likelier one; `won` is the share
    that the adapter wins. `margin` and `chosen` are mean changes in nats per token; a `chosen` far below 0 says that
    the adapter makes good answers unlikelier too.
    """

    pairs: int
    before: Estimate
    after: Estimate
    won: Estimate
    margin: float
    chosen: float

    @property
    def wins(self) -> bool:
        """Whether chance is ruled out (the interval of `won` lies above one half), and nothing was lost."""
        return self.won.lower > 0.5 and self.after.value >= self.before.value

    def figures(self) -> dict[str, float | int | str]:
        """The figures as the card and the terminal show them."""
        return {
            "held-out pairs": self.pairs,
            "chosen likelier, before": str(self.before),
            "chosen likelier, after": str(self.after),
            "pairs won by the adapter": str(self.won),
            "mean change of the margin": round(self.margin, 4),
            "mean change of the chosen answer": round(self.chosen, 4),
            "wins": "yes" if self.wins else "no",
        }


def compare(model: PeftModel, pairs: Sequence[EncodedPair]) -> Comparison:
    """Measure a model with its adapter on and off; `pairs` are not empty and were not learned from."""
    model.train(mode=False)
    with model.disable_adapter():
        before = [likelihoods(model, pair) for pair in pairs]
    return compared(before, [likelihoods(model, pair) for pair in pairs])


def compared(before: Sequence[Likelihoods], after: Sequence[Likelihoods]) -> Comparison:
    """The comparison of the same pairs' likelihoods under the two models."""
    count = len(before)
    changes = [new.margin - old.margin for old, new in zip(before, after, strict=True)]
    return Comparison(
        pairs=count,
        before=proportion(sum(one.margin > 0 for one in before), count),
        after=proportion(sum(one.margin > 0 for one in after), count),
        won=proportion(sum(change > 0 for change in changes), count),
        margin=sum(changes) / count,
        chosen=sum(new.chosen - old.chosen for old, new in zip(before, after, strict=True)) / count,
    )


@torch.inference_mode()
def likelihoods(model: PreTrainedModel | PeftModel, pair: EncodedPair) -> Likelihoods:
    """Of both answers of a pair."""
    return Likelihoods(
        _mean_log_probability(model, pair.prompt, pair.chosen),
        _mean_log_probability(model, pair.prompt, pair.rejected),
    )


def _mean_log_probability(
    model: PreTrainedModel | PeftModel, prompt: Sequence[int], answer: Sequence[int]
) -> float:
    ids = torch.tensor([[*prompt, *answer]], device=model.device)
    logits = model(input_ids=ids).logits[0, len(prompt) - 1 : -1].float()  # (answer tokens, vocabulary)
    chosen = logits.log_softmax(-1).gather(1, ids[0, len(prompt) :, None])
    return float(chosen.mean())


# Puts an adapter where it is served, if it wins.


_SERVED: Final = ("adapter_config.json", "adapter_model.safetensors", "README.md")


class NotPromoted(TrainingError):
    """The adapter does not win; what was served before is untouched."""


def promote(adapter: Path, comparison: Comparison, place: Path) -> None:
    """Copy the adapter to the folder `place`; one that was there is replaced once the new one is whole.

    Raises NotPromoted where the adapter does not win, and TrainingError where `place` cannot be written.
    """
    if not comparison.wins:
        raise NotPromoted(
            f"Not promoted: the adapter wins {comparison.won} of {comparison.pairs} held-out pairs, and the "
            f"chosen answer is likelier in {comparison.after.value:.3f} of them, {comparison.before.value:.3f} "
            "before. The interval has to lie above 0.5 and the share must not fall; gather more feedback or "
            "train longer."
        )
    draft, old = (place.with_name(f".{place.name}.{suffix}") for suffix in ("draft", "old"))
    try:
        if place.exists() and not (place / _SERVED[0]).is_file():
            raise TrainingError(f"{place} holds something else than an adapter; give another folder.")
        for leftover in (draft, old):
            shutil.rmtree(leftover, ignore_errors=True)
        draft.mkdir(parents=True)
        for name in _SERVED:
            shutil.copy2(adapter / name, draft / name)
        if place.exists():
            place.rename(old)
        draft.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise TrainingError(f"{place} cannot be written ({error.strerror}); give another folder.") from error
