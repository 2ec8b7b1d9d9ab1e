"""The adapter that ships beside the embedded model: trains it again, from the conversations that were written for it.

A LoRA adapter (`genai.training.lora`) with its own settings, so that one command repeats what was shipped.
"""

from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from genai import embedded as embedded_files
from genai.model.loading.embedded_model import EMBEDDED
from genai.training.lora import Adapter, LoraConfig, estimate_lora, lora
from genai.training.run.config import Output, settings
from genai.training.run.hyperparameters import Schedule
from genai.training.run.result import Summary
from genai.training.run.stage import Stage

_CORPUS: Final = Path(embedded_files.__file__).parent / "corpus"


@settings
class EmbeddedConfig:
    """What to train it on, and for how long."""

    output: Output
    data: Path = _CORPUS / "learned"
    """Conversations: a .jsonl file of messages, or a folder of them."""
    measured: Path = _CORPUS / "held_out.jsonl"
    """Conversations of other topics, which are measured on and never learned from."""
    adapter: Adapter = Adapter(dropout=0.0)
    longest: Annotated[int, Field(ge=8)] = 512
    """Conversations of more tokens are left out."""
    schedule: Schedule = Schedule(
        epochs=1.5, batch=8, learning_rate=5e-4, save_steps=100, precision="bfloat16", by_length=True
    )


def train(config: EmbeddedConfig) -> Summary:
    """Train the adapter, or go on with a stopped run. Raises TrainingError."""
    return lora(_as_lora(config))


def _as_lora(config: EmbeddedConfig) -> LoraConfig:
    return LoraConfig(
        model=EMBEDDED,
        data=config.data,
        output=config.output,
        adapter=config.adapter,
        longest=config.longest,
        held_out=0.0,
        measured=config.measured,
        schedule=config.schedule,
    )


STAGE: Final = Stage(
    EmbeddedConfig,
    train,
    plan=lambda config: estimate_lora(_as_lora(config)).lines(),
    shortcuts={"schedule.steps": "steps"},
    needs=("peft", "trl", "datasets", "matplotlib"),
)
