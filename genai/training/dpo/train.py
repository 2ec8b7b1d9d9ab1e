"""`riff train dpo`: trains a LoRA adapter on preference pairs, and measures whether it wins.

Direct preference optimisation (Rafailov et al. 2023, arXiv:2305.18290, equation 7): with prompt x, chosen answer c
and rejected answer r, the adapted model π and the base π_0, the loss is

    L = -log σ( β [log π(c|x) - log π_0(c|x)] - β [log π(r|x) - log π_0(r|x)] )

so that no reward model is needed: the log-ratio is one. A larger β keeps π nearer to π_0. The base is the model
with its adapter switched off, so it is held in memory once.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal, cast

import torch
from pydantic import Field
from transformers import PreTrainedTokenizerBase, Trainer

from genai.training.data.readers import describe_data
from genai.training.dpo.dataset import PairData, load_pairs
from genai.training.dpo.promotion import Comparison, compare, promote
from genai.training.lora import Adapter, adapter_settings
from genai.training.run.config import Model, Output, identity, settings
from genai.training.run.distributed import is_main
from genai.training.run.dry_run import Estimate, estimate
from genai.training.run.errors import TrainingError
from genai.training.run.folder import RunFolder, open_run
from genai.training.run.hyperparameters import Schedule, argument_values, computes_in_bfloat16
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

SOURCES: Final = (
    "Rafailov et al. 2023, Direct preference optimization, arXiv 2305.18290",
    "Hu et al. 2021, LoRA: Low-rank adaptation of large language models, arXiv 2106.09685",
    "Wilson 1927, Probable inference, the law of succession, and statistical inference",
)


@settings
class DpoConfig:
    """What to train on which pairs."""

    model: Model
    data: Path
    """Preference pairs: a .jsonl file as `riff train feedback` makes it, or a folder of them."""
    output: Output
    promote: Path | None = None
    """Copy the adapter to this folder, where it is served, if it wins; else exit code 1."""
    quantization: Literal["none", "nf4"] = "none"
    """How the base is stored meanwhile: none, or nf4 (QLoRA)."""
    adapter: Adapter = Adapter()
    beta: Annotated[float, Field(gt=0)] = 0.1
    """How strongly the adapted model is held near the base."""
    longest: Annotated[int, Field(ge=8)] = 1024
    """Pairs of more tokens are left out."""
    held_out: Annotated[float, Field(gt=0, le=0.5)] = 0.2
    """Share of the prompts whose pairs are measured on, not learned from."""
    schedule: Schedule = Schedule(learning_rate=5e-5)


@dataclass(frozen=True, slots=True)
class DpoSummary:
    """What was trained, how it compares with its base, and where it was put to be served."""

    training: Summary
    comparison: Comparison
    promoted: Path | None = None

    def lines(self) -> list[str]:
        """The summary for people."""
        shown = [f"{name:34}{value}" for name, value in self.comparison.figures().items()]
        promoted = [f"Promoted to {self.promoted}."] if self.promoted else []
        return [self.training.lines()[0], *shown, *promoted]


def dpo(config: DpoConfig) -> DpoSummary:
    """Train, or go on with a stopped run, save the adapter, compare it, and promote it if it wins.

    Raises TrainingError."""
    files = describe_data(config.data, (".jsonl",))
    folder = open_run(config.output, "dpo", identity(config), hashes(files))
    data, tokenizer = _prepared(config)
    trainer = _trainer(config, folder, tokenizer, data)
    outcome = run_trainer(trainer, folder)
    training = summarise(trainer, outcome, config.output, data.tokens, data.left_out)
    save_result(trainer, folder.path, None)
    name_base(folder.path, config.model)
    comparison = compare(cast(Any, trainer.accelerator.unwrap_model(trainer.model)), data.held_out)
    report(training, folder, _card(config, files, comparison))
    if config.promote and is_main():
        promote(folder.path, comparison, config.promote)
    return DpoSummary(training, comparison, config.promote)


def estimate_dpo(config: DpoConfig) -> Estimate:
    """What `dpo` would need; nothing is kept. Raises TrainingError."""
    data, tokenizer = _prepared(config)
    return estimate(lambda folder: _trainer(config, folder, tokenizer, data), data.tokens)


def _prepared(config: DpoConfig) -> tuple[PairData, PreTrainedTokenizerBase]:
    longest = min(config.longest, context_tokens(config.model) or config.longest)
    tokenizer = load_tokenizer(config.model)
    return load_pairs(config.data, tokenizer, longest, config.held_out, config.schedule.seed), tokenizer


def _trainer(
    config: DpoConfig, folder: RunFolder, tokenizer: PreTrainedTokenizerBase, data: PairData
) -> Trainer:
    import trl
    from datasets import Dataset

    class EncodedDPOTrainer(trl.DPOTrainer):  # type: ignore[misc]
        """Takes pairs as they are encoded: what people typed never becomes a control token."""

        def _prepare_dataset(self, dataset: Any, *_: object, **__: object) -> Any:
            return dataset

    schedule = config.schedule
    dtype = torch.bfloat16 if computes_in_bfloat16(schedule) else torch.float32
    model = load_weights(config.model, dtype, nf4=config.quantization == "nf4")
    rows = [
        {"prompt_ids": p.prompt, "chosen_ids": p.chosen, "rejected_ids": p.rejected} for p in data.learned
    ]
    values = {**argument_values(schedule, folder), "gradient_checkpointing": schedule.checkpointing}
    try:
        return EncodedDPOTrainer(
            model=model,
            args=trl.DPOConfig(**values, beta=config.beta, max_length=None),
            train_dataset=Dataset.from_list(rows),
            processing_class=tokenizer,
            peft_config=adapter_settings(config.adapter, model),
        )
    except ValueError as error:
        raise TrainingError(f"Training on preferences cannot start: {error}") from error


def _card(config: DpoConfig, files: tuple[DataFile, ...], comparison: Comparison) -> ModelCard:
    return ModelCard(
        title=config.output.name,
        summary=f"A LoRA adapter for {config.model} that makes answers likelier which people preferred (DPO).",
        base=config.model,
        library="peft",
        data=files,
        config=identity(config),
        figures=comparison.figures(),
        sections={"Use": adapter_use(config.output, config.model)},
        sources=SOURCES,
    )


STAGE: Final = Stage(
    DpoConfig,
    dpo,
    plan=lambda config: estimate_dpo(config).lines(),
    shortcuts={"schedule.steps": "steps"},
    needs=("peft", "trl", "datasets", "matplotlib", "scipy"),
)
