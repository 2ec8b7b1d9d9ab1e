"""Trains the embedded model on the written corpus and saves it as an ordinary model folder.

Does not judge the result; `genai.training.evaluation` does.
"""

import itertools
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

import torch
from torch.utils.data import Dataset
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerBase,
    PreTrainedTokenizerFast,
    Trainer,
    TrainingArguments,
    set_seed,
)
from transformers.trainer_utils import get_last_checkpoint

from genai.training.corpus.examples import Example, make_examples
from genai.training.corpus.library import load_library
from genai.training.dataset import Encoded, answer_loss, collate, encode_example, make_batches
from genai.training.tokenizer import train_tokenizer


@dataclass(frozen=True, slots=True)
class DemoConfig:
    """Size of the model and length of its training; the defaults made the shipped model."""

    output: Path = Path("runs/demo/model")
    checkpoints: Path = Path("runs/demo/checkpoints")
    start_from: Path | None = None
    """A trained folder to go on from; its tokenizer and size are kept."""
    steps: int = 3000
    batch_tokens: int = 2048
    longest_example: int = 768
    seed: int = 1
    vocabulary: int = 4096
    tokenizer_examples: int = 6000
    hidden: int = 256
    intermediate: int = 704
    layers: int = 6
    heads: int = 4
    context_tokens: int = 1024
    learning_rate: float = 2e-3
    warmup_steps: int = 100
    weight_decay: float = 0.05
    save_steps: int = 200
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


@dataclass(frozen=True, slots=True)
class _Batches(Dataset[list[Encoded]]):
    items: list[list[Encoded]]

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> list[Encoded]:
        return self.items[index]


class _WeightedTrainer(Trainer):
    """A Trainer whose loss weighs each token as its conversation says."""

    def compute_loss(
        self,
        model: torch.nn.Module,
        inputs: dict[str, torch.Tensor],
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> torch.Tensor:
        weights = inputs.pop("weights")
        logits = model(**inputs).logits
        return answer_loss(logits, inputs["input_ids"], weights)


def train_demo(config: DemoConfig) -> TrainingSummary:
    """Train, resuming from the last checkpoint in `config.checkpoints`, and save to `config.output`.

    Raises CorpusError when a corpus file breaks the format, OSError when a folder cannot be written.
    """
    torch.set_num_threads(config.threads)
    set_seed(config.seed)
    tokenizer = _tokenizer(config)
    batches = training_batches(config, tokenizer)
    model = _model(config, len(tokenizer))
    if config.compile:
        model.compile(dynamic=True)
    trainer = _WeightedTrainer(
        model=model,
        args=_arguments(config),
        train_dataset=_Batches(batches),
        data_collator=partial(collate, padding=tokenizer.pad_token_id),
    )
    checkpoint = get_last_checkpoint(str(config.checkpoints)) if config.checkpoints.is_dir() else None
    result = trainer.train(resume_from_checkpoint=checkpoint)
    save_model(model, tokenizer, config.output)
    return TrainingSummary(
        output=config.output,
        parameters=model.num_parameters(),
        examples=sum(len(batch) for batch in batches),
        tokens=sum(len(item.ids) for batch in batches for item in batch),
        steps=result.global_step,
        final_loss=result.training_loss,
    )


def training_batches(config: DemoConfig, tokenizer: PreTrainedTokenizerBase) -> list[list[Encoded]]:
    """Exactly `config.steps` batches of new examples."""
    examples = make_examples(load_library(), config.seed)
    batches: list[list[Encoded]] = []
    while len(batches) < config.steps:
        some = (encode_example(tokenizer, example) for example in itertools.islice(examples, 20_000))
        batches += make_batches(some, config.batch_tokens, config.longest_example, Random(config.seed))
    return batches[: config.steps]


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
    if config.start_from and not saved.is_dir():
        return PreTrainedTokenizerFast.from_pretrained(config.start_from)
    if not saved.is_dir():
        examples = itertools.islice(make_examples(load_library(), config.seed + 1), config.tokenizer_examples)
        texts = (example_text(example) for example in examples)
        train_tokenizer(texts, config.vocabulary, config.context_tokens).save_pretrained(saved)
    return PreTrainedTokenizerFast.from_pretrained(saved)


def _model(config: DemoConfig, vocabulary: int) -> LlamaForCausalLM:
    if config.start_from:
        return LlamaForCausalLM.from_pretrained(config.start_from, dtype=torch.float32)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=vocabulary,
            hidden_size=config.hidden,
            intermediate_size=config.intermediate,
            num_hidden_layers=config.layers,
            num_attention_heads=config.heads,
            num_key_value_heads=config.heads,
            max_position_embeddings=config.context_tokens,
            tie_word_embeddings=True,
            pad_token_id=0,
            bos_token_id=1,
            eos_token_id=2,
        )
    )


def _arguments(config: DemoConfig) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(config.checkpoints),
        max_steps=config.steps,
        per_device_train_batch_size=1,
        learning_rate=config.learning_rate,
        weight_decay=config.weight_decay,
        adam_beta2=0.95,
        warmup_steps=min(config.warmup_steps, config.steps // 5),
        lr_scheduler_type="cosine_with_min_lr",
        lr_scheduler_kwargs={"min_lr_rate": 0.05},
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
