"""Supervised fine-tuning of a whole model on conversations.

Maximum likelihood of the answers: with conversation x and answer tokens y_1..y_T, the loss is

    L(θ) = -1/T Σ_t log p_θ(y_t | x, y_<t),

averaged over the answer tokens of a step, so that each counts alike (Ouyang et al. 2022, arXiv 2203.02155,
section 3.5). Tokens of the system and of people carry no loss. The loop is trl's, which never holds the logits of a
whole batch on a GPU; the tokens and their labels are ours, those of serving. Small adapters instead:
`genai.training.lora`.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

import torch
from pydantic import Field
from transformers import PreTrainedModel, PreTrainedTokenizerBase, Trainer

from genai.training.data.dataset import ConversationData, Examples, load_conversations
from genai.training.data.readers import describe_data
from genai.training.run.config import Model, Output, identity, settings
from genai.training.run.dry_run import Estimate, estimate
from genai.training.run.errors import TrainingError
from genai.training.run.folder import RunFolder, open_run
from genai.training.run.hyperparameters import Schedule, argument_values
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

if TYPE_CHECKING:
    import peft

SOURCES: Final = (
    "Ouyang et al. 2022, Training language models to follow instructions, arXiv 2203.02155",
    "Loshchilov and Hutter 2019, Decoupled weight decay regularization, arXiv 1711.05101",
)


@settings
class SftConfig:
    """What to fine-tune on what."""

    model: Model
    data: Path
    """Conversations: a .jsonl file of messages, or a folder of them."""
    output: Output
    longest: Annotated[int, Field(ge=8)] = 1024
    """Conversations of more tokens are left out: a cut answer would teach the model to break off."""
    held_out: Annotated[float, Field(ge=0, le=0.5)] = 0.05
    """Share of the conversations that is measured on, not trained on; fewer than 20 are not parted."""
    schedule: Schedule = Schedule(learning_rate=2e-5)


def sft(config: SftConfig) -> Summary:
    """Train, or go on with a run that was stopped, and save the model. Raises TrainingError."""
    files = describe_data(config.data, (".jsonl",))
    folder = open_run(config.output, "sft", identity(config), hashes(files))
    data, tokenizer = _prepared(config)
    trainer = _trainer(config, folder, tokenizer, data)
    outcome = run_trainer(trainer, folder)
    summary = summarise(trainer, outcome, config.output, data.train.tokens, data.left_out)
    save_result(trainer, folder.path, own_dtype(config.model))
    report(summary, folder, _card(config, files))
    return summary


def estimate_sft(config: SftConfig) -> Estimate:
    """What `sft` would need; nothing is kept. Raises TrainingError."""
    data, tokenizer = _prepared(config)
    return estimate(lambda folder: _trainer(config, folder, tokenizer, data), data.train.tokens)


def supervised_trainer(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    data: ConversationData,
    schedule: Schedule,
    folder: RunFolder,
    adapter: "peft.LoraConfig | None" = None,
) -> Trainer:
    """A Trainer over encoded conversations, which measures the held-out part at each checkpoint.

    With `adapter` only that is trained. Raises TrainingError.
    """
    import trl

    measuring = {"eval_strategy": "steps", "eval_steps": schedule.save_steps} if data.held_out else {}
    arguments = trl.SFTConfig(
        **argument_values(schedule, folder),
        **measuring,
        gradient_checkpointing=schedule.checkpointing,
        max_length=None,  # what is longer was left out, not cut
        pad_to_multiple_of=8,
    )
    try:
        trainer = trl.SFTTrainer(
            model=model,
            args=arguments,
            train_dataset=_table(data.train),
            eval_dataset=_table(data.held_out) if data.held_out else None,
            processing_class=tokenizer,
            peft_config=adapter,
        )
    except ValueError as error:
        raise TrainingError(f"Training cannot start: {error}") from error
    _train_in_full_precision(trainer)
    return trainer


def _table(examples: Examples) -> Any:
    from datasets import Dataset

    items = examples.items
    return Dataset.from_dict({"input_ids": [i.ids for i in items], "labels": [i.labels for i in items]})


def _train_in_full_precision(trainer: Trainer) -> None:
    """Undo that trl trains adapters of a quantised model in bfloat16, where small updates are lost."""
    for weight in cast(PreTrainedModel, trainer.model).parameters():
        if weight.requires_grad:
            weight.data = weight.data.float()


def _prepared(config: SftConfig) -> tuple[ConversationData, PreTrainedTokenizerBase]:
    longest = min(config.longest, context_tokens(config.model) or config.longest)
    tokenizer = load_tokenizer(config.model)
    return load_conversations(
        config.data, tokenizer, longest, config.held_out, config.schedule.seed
    ), tokenizer


def _trainer(
    config: SftConfig, folder: RunFolder, tokenizer: PreTrainedTokenizerBase, data: ConversationData
) -> Trainer:
    return supervised_trainer(
        load_weights(config.model, torch.float32), tokenizer, data, config.schedule, folder
    )


def _card(config: SftConfig, files: tuple[DataFile, ...]) -> ModelCard:
    return ModelCard(
        title=config.output.name,
        summary=f"{config.model}, fine-tuned as a whole on conversations, with loss on the answers only.",
        base=config.model,
        data=files,
        config=identity(config),
        sources=SOURCES,
    )


STAGE: Final = Stage(
    SftConfig,
    sft,
    plan=lambda config: estimate_sft(config).lines(),
    shortcuts={"schedule.steps": "steps"},
    needs=("trl", "datasets", "matplotlib"),
)
