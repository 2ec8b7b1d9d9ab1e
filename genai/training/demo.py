"""Trains the embedded model on the written corpus and saves it as an ordinary model folder.

Does not judge the result; `genai.training.evaluation` does.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

import torch
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import IterableDataset
from transformers import (
    LlamaForCausalLM,
    PreTrainedTokenizerBase,
    PreTrainedTokenizerFast,
    Trainer,
    TrainingArguments,
    set_seed,
)
from transformers.trainer_utils import get_last_checkpoint

from genai.training.architecture import Architecture, llama_config
from genai.training.corpus.examples import Example, make_examples
from genai.training.corpus.library import load_library
from genai.training.dataset import Encoded, collate, encode_example, make_batches
from genai.training.learner import Learner
from genai.training.optimizer import MuonWithAdamW
from genai.training.tokenizer import train_tokenizer

_PART = 4000
"""Examples that are made, shuffled and sorted into batches at a time."""


@dataclass(frozen=True, slots=True)
class DemoConfig:
    """Size of the model and length of its training; the defaults made the shipped model."""

    output: Path = Path("runs/demo/model")
    checkpoints: Path = Path("runs/demo/checkpoints")
    size: Architecture = field(default_factory=Architecture)
    steps: int = 5000
    batch_tokens: int = 4096
    longest_example: int = 900
    seed: int = 1
    vocabulary: int = 4096
    tokenizer_examples: int = 8000
    learning_rate: float = 5e-3
    """Highest rate, of Muon and of AdamW; Muon's updates are scaled to the size of AdamW's."""
    warmup_steps: int = 100
    cooling: float = 0.4
    """Share of the steps, at the end, in which the rate falls to nothing."""
    weight_decay: float = 0.05
    save_steps: int = 250
    threads: int = 2
    compile: bool = True
    """Compile the model first (needs a C++ compiler): about a third faster on a CPU."""


@dataclass(frozen=True, slots=True)
class TrainingSummary:
    """What a run made."""

    output: Path
    parameters: int
    examples: int
    tokens: int
    steps: int
    final_loss: float


class TrainingBatches(IterableDataset[list[Encoded]]):
    """Batches of new examples without end, the same for the same configuration."""

    def __init__(self, config: DemoConfig, tokenizer: PreTrainedTokenizerBase) -> None:
        self._config = config
        self._tokenizer = tokenizer
        self.examples = 0
        self.tokens = 0

    def __iter__(self) -> Iterator[list[Encoded]]:
        config = self._config
        self.examples = self.tokens = 0
        made = make_examples(load_library(), config.seed)
        for part in itertools.count():
            some = (encode_example(self._tokenizer, example) for example in itertools.islice(made, _PART))
            rng = Random(f"{config.seed}:{part}")
            for batch in make_batches(some, config.batch_tokens, config.longest_example, rng):
                self.examples += len(batch)
                self.tokens += sum(len(item.ids) for item in batch)
                yield batch


def train_demo(config: DemoConfig) -> TrainingSummary:
    """Train, resuming from the last checkpoint in `config.checkpoints`, and save to `config.output`.

    Raises CorpusError when a corpus file breaks the format, OSError when a folder cannot be written.
    """
    torch.set_num_threads(config.threads)
    set_seed(config.seed)
    tokenizer = _tokenizer(config)
    batches = TrainingBatches(config, tokenizer)
    model = _new_learner(config, tokenizer)
    optimizer = MuonWithAdamW(model, config.learning_rate, config.weight_decay)
    trainer = Trainer(
        model=model,
        args=_arguments(config),
        train_dataset=batches,
        data_collator=partial(collate, padding=tokenizer.pad_token_id),
        optimizers=(optimizer, _schedule(optimizer, config)),
    )
    checkpoint = get_last_checkpoint(str(config.checkpoints)) if config.checkpoints.is_dir() else None
    result = trainer.train(resume_from_checkpoint=checkpoint)
    save_model(model.plain(), tokenizer, config.output)
    return TrainingSummary(
        output=config.output,
        parameters=model.num_parameters(),
        examples=batches.examples,
        tokens=batches.tokens,
        steps=result.global_step,
        final_loss=result.training_loss,
    )


def save_model(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Save in half precision: the folder ships with the package."""
    folder.mkdir(parents=True, exist_ok=True)
    model.config.use_cache = True
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def example_text(example: Example) -> str:
    """An example as one text, as the tokenizer's training reads it."""
    return "\n".join([*(turn.content for turn in example.turns), example.answer])


def _tokenizer(config: DemoConfig) -> PreTrainedTokenizerFast:
    saved = config.checkpoints / "tokenizer"
    if not saved.is_dir():
        examples = itertools.islice(make_examples(load_library(), config.seed + 1), config.tokenizer_examples)
        texts = (example_text(example) for example in examples)
        train_tokenizer(texts, config.vocabulary, config.size.context).save_pretrained(saved)
    return PreTrainedTokenizerFast.from_pretrained(saved)


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
    warming = max(1, min(config.warmup_steps, config.steps // 5))
    cooling = max(1.0, config.cooling * config.steps)

    def factor(step: int) -> float:
        return max(0.0, min(1.0, (step + 1) / warming, (config.steps - step) / cooling))

    return LambdaLR(optimizer, factor)


def _arguments(config: DemoConfig) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(config.checkpoints),
        max_steps=config.steps,
        per_device_train_batch_size=1,
        max_grad_norm=1.0,
        save_steps=config.save_steps,
        save_total_limit=2,
        logging_steps=25,
        report_to=[],
        use_cpu=True,
        dataloader_pin_memory=False,
        remove_unused_columns=False,
        disable_tqdm=True,
        seed=config.seed,
    )
