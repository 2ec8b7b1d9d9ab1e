"""Trains the embedded model on the written corpus and saves it as an ordinary model folder.

Does not judge the result; `genai.training.demo.evaluation` does.
"""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Annotated, Final, cast

import torch
from pydantic import Field
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import Dataset
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast, Trainer, set_seed

from genai.training.architecture import Architecture, llama_config
from genai.training.demo.briefs import BROAD, POLISH, Mix
from genai.training.demo.dataset import Encoded, collate, encode_example, make_batches, weigh_titles
from genai.training.demo.examples import Example, make_examples
from genai.training.demo.learner import Learner, MuonWithAdamW
from genai.training.demo.library import load_library
from genai.training.run.config import Output, identity, settings
from genai.training.run.distributed import is_main
from genai.training.run.dry_run import Estimate, estimate
from genai.training.run.folder import RunFolder, open_run
from genai.training.run.hyperparameters import Schedule, training_arguments
from genai.training.run.model_card import ModelCard
from genai.training.run.result import Summary, report, summarise
from genai.training.run.stage import Stage
from genai.training.run.training_loop import run_trainer
from genai.training.tokenizer import train_tokenizer

SOURCES: Final = (
    "Touvron et al. 2023, LLaMA, arXiv 2302.13971",
    "Jordan et al. 2024, Muon: an optimizer for hidden layers in neural networks",
    "Liu et al. 2025, Muon is scalable for LLM training, arXiv 2502.16982",
    "Hägele et al. 2024, Scaling laws and compute-optimal training beyond fixed training durations, "
    "arXiv 2405.18392",
    "Welleck et al. 2020, Neural text generation with unlikelihood training, arXiv 1908.04319",
)


@settings
class DemoConfig:
    """Size of the model and length of its training; the defaults made the shipped model."""

    output: Output = Path("runs/demo")
    size: Architecture = Architecture()
    schedule: Schedule = Schedule(
        steps=5500, learning_rate=5e-3, weight_decay=0.05, warmup=0.02, save_steps=250, log_steps=25
    )
    """The rate is Muon's and AdamW's; Muon's updates are scaled to the size of AdamW's."""
    cooling: Annotated[float, Field(ge=0, le=1)] = 0.4
    """Share of the steps, at the end, in which the rate falls to nothing."""
    title_weight: Annotated[float, Field(ge=0)] = 6.0
    """How much a token of a list's later titles counts while the rate falls: without repetition there, the order
    of ideas is what keeps a list from repeating itself, and few tokens teach it."""
    polish: Annotated[int, Field(ge=0)] = 500
    """Steps after the others, on examples of what is rare, from `polish_rate` of the highest rate to nothing."""
    polish_rate: Annotated[float, Field(ge=0, le=1)] = 0.3
    """Share of the highest rate that the polish begins with."""
    batch_tokens: Annotated[int, Field(ge=64)] = 4096
    """Tokens of a step, padding included."""
    longest_example: Annotated[int, Field(ge=64)] = 900
    """Examples of more tokens are left out."""
    shuffled_examples: Annotated[int, Field(ge=1)] = 4000
    """Examples that are made, shuffled and sorted into batches at a time."""
    vocabulary: Annotated[int, Field(ge=300)] = 4096
    """Entries of the tokenizer."""
    tokenizer_examples: Annotated[int, Field(ge=1)] = 8000
    """Examples that the tokenizer is learnt from."""
    threads: Annotated[int, Field(ge=1)] = 2
    """Threads that compute."""
    compile: bool = True
    """Compile the model first (needs a C++ compiler): about a third faster on a CPU."""

    @property
    def main_steps(self) -> int:
        """Steps before the polish; `cooling` and the warm-up are shares of them."""
        return max(1, self.schedule.steps - self.polish)


class TrainingBatches(Dataset[list[Encoded]]):
    """Batches of new examples, made when they are asked for; the same for the same configuration."""

    def __init__(self, config: DemoConfig, tokenizer: PreTrainedTokenizerBase) -> None:
        self._config = config
        self._parts = (
            _Part(config, tokenizer, BROAD, config.schedule.seed),
            _Part(config, tokenizer, POLISH, config.schedule.seed + 1000),
        )
        self._cooling_from = round((1 - config.cooling) * config.main_steps)

    def __len__(self) -> int:
        return self._config.schedule.steps

    def __getitem__(self, index: int) -> list[Encoded]:
        main = self._config.main_steps
        batch = self._parts[0].batch(index) if index < main else self._parts[1].batch(index - main)
        if index < self._cooling_from:
            return batch
        return [weigh_titles(item, self._config.title_weight) for item in batch]

    def tokens(self) -> int:
        """Tokens of the whole run; makes batches that a run which went on from a checkpoint left out."""
        main = self._config.main_steps
        return self._parts[0].tokens(main) + self._parts[1].tokens(len(self) - main)


class _Part:
    """The batches of one mix of examples, in their order."""

    def __init__(self, config: DemoConfig, tokenizer: PreTrainedTokenizerBase, mix: Mix, seed: int) -> None:
        self._new: Callable[[], Iterator[list[Encoded]]] = partial(_batches, config, tokenizer, mix, seed)
        self._made = self._new()
        self._counts: list[int] = []

    def batch(self, index: int) -> list[Encoded]:
        if index < len(self._counts):
            self._made, self._counts = self._new(), []
        batch: list[Encoded] = []
        while len(self._counts) <= index:
            batch = next(self._made)
            self._counts.append(sum(len(item.ids) for item in batch))
        return batch

    def tokens(self, batches: int) -> int:
        if batches > len(self._counts):
            self.batch(batches - 1)
        return sum(self._counts[:batches])


def _batches(
    config: DemoConfig, tokenizer: PreTrainedTokenizerBase, mix: Mix, seed: int
) -> Iterator[list[Encoded]]:
    made = make_examples(load_library(), seed, mix=mix)
    for part in itertools.count():
        some = (encode_example(tokenizer, one) for one in itertools.islice(made, config.shuffled_examples))
        rng = Random(f"{seed}:{part}")
        yield from make_batches(some, config.batch_tokens, config.longest_example, rng)


def train_demo(config: DemoConfig) -> Summary:
    """Train, or go on with a run that was stopped, and save the model in half precision.

    Raises CorpusError when a corpus file breaks the format, TrainingError.
    """
    folder = open_run(config.output, "demo", _identity(config))
    trainer = _trainer(config, folder)
    outcome = run_trainer(trainer, folder)
    if is_main():
        model = cast(Learner, trainer.accelerator.unwrap_model(trainer.model)).plain()
        model.to(torch.bfloat16).save_pretrained(folder.path)
        _tokenizer(config, folder).save_pretrained(folder.path)
    batches = cast(TrainingBatches, trainer.train_dataset)
    summary = summarise(trainer, outcome, config.output, batches.tokens())
    report(summary, folder, _card(config))
    return summary


def estimate_demo(config: DemoConfig) -> Estimate:
    """What `train_demo` would need; nothing is kept. Raises TrainingError."""
    with tempfile.TemporaryDirectory() as name:
        tokenizer = _tokenizer(config, RunFolder(Path(name)))
        tokens = config.schedule.steps * sum(len(item.ids) for item in TrainingBatches(config, tokenizer)[0])
    return estimate(lambda folder: _trainer(config, folder), tokens)


def _identity(config: DemoConfig) -> dict[str, object]:
    return {name: value for name, value in identity(config).items() if name not in {"threads", "compile"}}


def example_text(example: Example) -> str:
    """An example as one text, as the tokenizer's training reads it."""
    return "\n".join([*(turn.content for turn in example.turns), example.answer])


def _tokenizer(config: DemoConfig, folder: RunFolder) -> PreTrainedTokenizerFast:
    saved = folder.checkpoints / "tokenizer"
    if not saved.is_dir():
        made = make_examples(load_library(), config.schedule.seed + 1)
        texts = (example_text(example) for example in itertools.islice(made, config.tokenizer_examples))
        train_tokenizer(texts, config.vocabulary, config.size.context).save_pretrained(saved)
    tokenizer: PreTrainedTokenizerFast = PreTrainedTokenizerFast.from_pretrained(saved)
    return tokenizer


def _trainer(config: DemoConfig, folder: RunFolder) -> Trainer:
    torch.set_num_threads(config.threads)
    tokenizer = _tokenizer(config, folder)
    set_seed(config.schedule.seed)
    model = _new_learner(config, tokenizer)
    optimizer = MuonWithAdamW(model, config.schedule.learning_rate, config.schedule.weight_decay)
    more = {"remove_unused_columns": False, "train_sampling_strategy": "sequential", "bf16": False}
    return Trainer(
        model=model,
        args=training_arguments(config.schedule, folder, per_device_train_batch_size=1, **more),
        train_dataset=TrainingBatches(config, tokenizer),
        data_collator=partial(collate, padding=tokenizer.pad_token_id),
        optimizers=(optimizer, _schedule(optimizer, config)),
    )


def _new_learner(config: DemoConfig, tokenizer: PreTrainedTokenizerBase) -> Learner:
    """Attention is spelt out: compiled, that is faster on a CPU than the fused kernel for short texts."""
    shape = llama_config(config.size, tokenizer)
    shape._attn_implementation = "eager"
    model = Learner(shape)
    if config.compile:
        model.model.compile(dynamic=True)
    return model


def _schedule(optimizer: Optimizer, config: DemoConfig) -> LambdaLR:
    """Warm-up, a constant rate, then a straight way down to nothing (Hägele et al. 2024, arXiv 2405.18392)."""
    main = config.main_steps
    warming = max(1.0, config.schedule.warmup * main)
    cooling = max(1.0, config.cooling * main)

    def factor(step: int) -> float:
        if step >= main:
            return config.polish_rate * max(0.0, 1 - (step - main) / max(1, config.polish))
        return min(1.0, (step + 1) / warming, (main - step) / cooling)

    return LambdaLR(optimizer, factor)


def _card(config: DemoConfig) -> ModelCard:
    return ModelCard(
        title=config.output.name,
        summary="A small Llama model for ideas in English, trained from nothing on Riff's written corpus.",
        config=_identity(config),
        sources=SOURCES,
    )


STAGE: Final = Stage(
    DemoConfig,
    train_demo,
    plan=lambda config: estimate_demo(config).lines(),
    shortcuts={"schedule.steps": "steps", "schedule.seed": "seed"},
    needs=("matplotlib",),
)
