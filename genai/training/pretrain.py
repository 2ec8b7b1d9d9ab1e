"""Pre-training: maximum likelihood on plain text, from nothing or from a model that exists.

For tokens x_1..x_T of a block the loss is the mean negative log-likelihood

    L(θ) = -1/(T-1) Σ_{t=2..T} log p_θ(x_t | x_<t)

(Bengio et al. 2003, JMLR 3; Radford et al. 2019); exp(L) is the perplexity. How long: about 20 tokens
for each parameter make the best use of computing (Hoffmann et al. 2022, arXiv 2203.15556).
"""

import tempfile
from pathlib import Path
from typing import Annotated, Final

import torch
from pydantic import Field
from transformers import (
    DataCollatorForSeq2Seq,
    PreTrainedTokenizerBase,
    Trainer,
    set_seed,
)

from genai.training.architecture import Architecture, new_model
from genai.training.data.packing import PackedText, open_blocks, write_tokens
from genai.training.data.readers import SUFFIXES, describe_data, read_text
from genai.training.run.config import Output, identity, settings
from genai.training.run.distributed import joined
from genai.training.run.dry_run import Estimate, estimate
from genai.training.run.errors import TrainingError
from genai.training.run.folder import RunFolder, open_run
from genai.training.run.hyperparameters import Schedule, training_arguments
from genai.training.run.model_card import DataFile, ModelCard, hashes
from genai.training.run.model_folders import (
    context_tokens,
    load_tokenizer,
    load_weights,
    own_dtype,
    save_result,
)
from genai.training.run.result import Summary, report, summarise
from genai.training.run.stage import Stage
from genai.training.run.training_loop import run_trainer

SOURCES: Final = (
    "Bengio et al. 2003, A neural probabilistic language model, JMLR 3",
    "Touvron et al. 2023, LLaMA, arXiv 2302.13971",
    "Hoffmann et al. 2022, Training compute-optimal large language models, arXiv 2203.15556",
)


@settings
class PretrainConfig:
    """What to train on what: an existing `model`, or a new one with this `tokenizer` and `architecture`."""

    data: Path
    """Plain text: a .txt, .md or .jsonl file, or a folder of them."""
    output: Output
    model: str = ""
    """Model to go on with, a folder, GGUF file, hub name, or embedded; none makes a new one."""
    tokenizer: str = ""
    """Tokenizer of a new model: a folder, or that of embedded."""
    architecture: Architecture = Architecture()
    block: Annotated[int, Field(ge=0)] = 0
    """Tokens in a block; 0 is what the model can read."""
    held_out: Annotated[float, Field(ge=0, le=0.5)] = 0.01
    """Share of the blocks that is measured on, not trained on."""
    schedule: Schedule = Schedule(epochs=1.0, learning_rate=1e-3, weight_decay=0.1)


def pretrain(config: PretrainConfig) -> Summary:
    """Train, or go on with a run that was stopped, and save the model. Raises TrainingError."""
    _check(config)
    files = describe_data(config.data, SUFFIXES)
    folder = open_run(config.output, "pretrain", identity(config), hashes(files))
    tokenizer = load_tokenizer(config.model or config.tokenizer)
    text = _packed(config, folder, tokenizer)
    trainer = _trainer(config, folder, tokenizer, text)
    outcome = run_trainer(trainer, folder)
    summary = summarise(trainer, outcome, config.output, text.train.tokens)
    save_result(trainer, folder.path, own_dtype(config.model) if config.model else torch.float32)
    report(summary, folder, _card(config, files))
    return summary


def estimate_pretrain(config: PretrainConfig) -> Estimate:
    """What `pretrain` would need; nothing is kept. Raises TrainingError."""
    _check(config)
    tokenizer = load_tokenizer(config.model or config.tokenizer)
    with tempfile.TemporaryDirectory() as name:
        text = _packed(config, RunFolder(Path(name)), tokenizer)
        return estimate(lambda folder: _trainer(config, folder, tokenizer, text), text.train.tokens)


def _check(config: PretrainConfig) -> None:
    if bool(config.model) == bool(config.tokenizer):
        raise TrainingError("Give either --model, to go on with it, or --tokenizer, to make a new model.")


def _packed(config: PretrainConfig, folder: RunFolder, tokenizer: PreTrainedTokenizerBase) -> PackedText:
    file = folder.checkpoints / "tokens.bin"
    with joined(config.schedule.device).main_process_first():
        write_tokens(read_text(config.data), tokenizer, file)
    readable = context_tokens(config.model) if config.model else config.architecture.context
    length = min(config.block or readable or 1024, readable or config.block or 1024)
    return open_blocks(file, length, config.held_out)


def _trainer(
    config: PretrainConfig, folder: RunFolder, tokenizer: PreTrainedTokenizerBase, text: PackedText
) -> Trainer:
    measuring = {"eval_strategy": "steps", "eval_steps": config.schedule.save_steps} if text.held_out else {}
    arguments = training_arguments(config.schedule, folder, adam_beta2=0.95, **measuring)
    set_seed(config.schedule.seed)
    model = (
        load_weights(config.model, torch.float32)
        if config.model
        else new_model(config.architecture, tokenizer)
    )
    return Trainer(
        model=model,
        args=arguments,
        train_dataset=text.train,
        eval_dataset=text.held_out,
        processing_class=tokenizer,
        data_collator=DataCollatorForSeq2Seq(tokenizer),
    )


def _card(config: PretrainConfig, files: tuple[DataFile, ...]) -> ModelCard:
    start = (
        f"Further pre-training of {config.model}" if config.model else "A Llama model trained from scratch"
    )
    return ModelCard(
        title=config.output.name,
        summary=f"{start}, by maximum likelihood on plain text in packed blocks.",
        base=config.model,
        data=files,
        config=identity(config),
        sources=SOURCES,
    )


STAGE: Final = Stage(
    PretrainConfig,
    pretrain,
    plan=lambda config: estimate_pretrain(config).lines(),
    shortcuts={"schedule.steps": "steps"},
    needs=("matplotlib",),
)
