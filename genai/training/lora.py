"""LoRA and QLoRA: fine-tunes small low-rank adapters instead of the model itself.

LoRA (Hu et al. 2021, arXiv 2106.09685) keeps a weight matrix W of shape (out, in) and learns two thin ones:

    h = W x + (α / r) B A x,    A: (r, in) random, B: (out, r) zero at first

so only r (in + out) numbers of each layer are trained. QLoRA (Dettmers et al. 2023, arXiv 2305.14314) stores
W in NF4 with doubly quantised scales, about 0.52 bytes for each weight, and trains A and B in full precision.
The loss is that of `genai.training.sft`. A full model from an adapter: `genai.training.merge`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import torch
from pydantic import Field
from transformers import PreTrainedModel, PreTrainedTokenizerBase, Trainer

from genai.training.data.dataset import ConversationData, load_conversations
from genai.training.data.readers import describe_data
from genai.training.run.config import Model, Output, identity, settings
from genai.training.run.dry_run import Estimate, estimate
from genai.training.run.errors import TrainingError
from genai.training.run.folder import RunFolder, open_run
from genai.training.run.hyperparameters import Schedule, computes_in_bfloat16
from genai.training.run.model_card import DataFile, ModelCard, hashes
from genai.training.run.model_folders import (
    adapter_use,
    context_tokens,
    load_tokenizer,
    load_weights,
    name_base,
    save_result,
)
from genai.training.run.result import Summary, report, summarise
from genai.training.run.stage import Stage
from genai.training.run.training_loop import run_trainer
from genai.training.sft import supervised_trainer

if TYPE_CHECKING:
    import peft

SOURCES: Final = (
    "Hu et al. 2021, LoRA: Low-rank adaptation of large language models, arXiv 2106.09685",
    "Dettmers et al. 2023, QLoRA: Efficient finetuning of quantized LLMs, arXiv 2305.14314",
)


@settings
class Adapter:
    """Size and place of the low-rank matrices."""

    rank: Annotated[int, Field(ge=1, le=1024)] = 16
    """Rows of A and columns of B: numbers that each input and output of a layer gets."""
    alpha: Annotated[float, Field(gt=0)] = 32.0
    """The adapter's share is scaled by alpha / rank."""
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.05
    """Share of the adapter's inputs that is left out at random while training."""
    targets: str = "all-linear"
    """Layers that get an adapter, by the ends of their names; `all-linear` is all but the output."""


@settings
class LoraConfig:
    """What to fine-tune on what. With `quantization` nf4 it is QLoRA."""

    model: Model
    data: Path
    """Conversations: a .jsonl file of messages, or a folder of them."""
    output: Output
    quantization: Literal["none", "nf4"] = "none"
    """How the base is stored meanwhile: none, or nf4 (QLoRA)."""
    adapter: Adapter = Adapter()
    longest: Annotated[int, Field(ge=8)] = 1024
    """Conversations of more tokens are left out."""
    held_out: Annotated[float, Field(ge=0, le=0.5)] = 0.05
    """Share of the conversations that is measured on, not trained on; fewer than 20 are not parted."""
    measured: Path | None = None
    """Conversations to measure on instead, which are not in `data`."""
    schedule: Schedule = Schedule(learning_rate=2e-4)


def lora(config: LoraConfig) -> Summary:
    """Train an adapter, or go on with a stopped run, and save it as PEFT does. Raises TrainingError."""
    files = describe_data(config.data, (".jsonl",))
    if config.measured is not None:
        files += describe_data(config.measured, (".jsonl",))
    folder = open_run(config.output, "lora", identity(config), hashes(files))
    data, tokenizer = _prepared(config)
    trainer = _trainer(config, folder, tokenizer, data)
    outcome = run_trainer(trainer, folder)
    summary = summarise(trainer, outcome, config.output, data.train.tokens, data.left_out)
    save_result(trainer, folder.path, None)
    name_base(folder.path, config.model)
    report(summary, folder, _card(config, files))
    return summary


def estimate_lora(config: LoraConfig) -> Estimate:
    """What `lora` would need; nothing is kept. Raises TrainingError."""
    data, tokenizer = _prepared(config)
    return estimate(lambda folder: _trainer(config, folder, tokenizer, data), data.train.tokens)


def adapter_settings(adapter: Adapter, model: PreTrainedModel) -> "peft.LoraConfig":
    """The adapter's size and place in `model` as PEFT takes them. Raises TrainingError."""
    import peft

    names = [target.strip() for target in adapter.targets.split(",")]
    if adapter.targets != "all-linear":
        _require_layers(model, names)
    return peft.LoraConfig(
        r=adapter.rank,
        lora_alpha=adapter.alpha,
        lora_dropout=adapter.dropout,
        target_modules=adapter.targets if adapter.targets == "all-linear" else names,
        task_type="CAUSAL_LM",
    )


def _require_layers(model: PreTrainedModel, targets: Sequence[str]) -> None:
    modules = dict(model.named_modules())
    missing = [one for one in targets if not any(f".{name}".endswith(f".{one}") for name in modules)]
    if missing:
        linear = {name.rpartition(".")[2] for name, part in modules.items() if hasattr(part, "in_features")}
        raise TrainingError(
            f"The model has no layers {', '.join(missing)}; set adapter.targets to all-linear or some of "
            f"{', '.join(sorted(linear))}."
        )


def _prepared(config: LoraConfig) -> tuple[ConversationData, PreTrainedTokenizerBase]:
    longest = min(config.longest, context_tokens(config.model) or config.longest)
    tokenizer = load_tokenizer(config.model)
    schedule = config.schedule
    return load_conversations(
        config.data, tokenizer, longest, config.held_out, schedule.seed, config.measured
    ), tokenizer


def _trainer(
    config: LoraConfig, folder: RunFolder, tokenizer: PreTrainedTokenizerBase, data: ConversationData
) -> Trainer:
    schedule = config.schedule
    dtype = torch.bfloat16 if computes_in_bfloat16(schedule) else torch.float32
    base = load_weights(config.model, dtype, nf4=config.quantization == "nf4")
    adapter = adapter_settings(config.adapter, base)
    return supervised_trainer(base, tokenizer, data, schedule, folder, adapter)


def _card(config: LoraConfig, files: tuple[DataFile, ...]) -> ModelCard:
    stored = " stored in NF4 (QLoRA)" if config.quantization == "nf4" else ""
    return ModelCard(
        title=config.output.name,
        summary=f"A LoRA adapter for {config.model}{stored}, trained with loss on the answers only.",
        base=config.model,
        data=files,
        config=identity(config),
        library="peft",
        sections={"Use": adapter_use(config.output, config.model)},
        sources=SOURCES,
    )


STAGE: Final = Stage(
    LoraConfig,
    lora,
    plan=lambda config: estimate_lora(config).lines(),
    shortcuts={"schedule.steps": "steps"},
    needs=("peft", "trl", "datasets", "matplotlib"),
)
