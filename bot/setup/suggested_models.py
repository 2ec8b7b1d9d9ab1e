"""A short list of models that Riff writes well with, and which of them fit a machine."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from bot.setup.machine import Machine

_FILE = Path(__file__).with_name("models.toml")
_BILLION = 1_000_000_000
_TEXTS_SHARE = 0.25
"""Bytes for each parameter, for what two texts or three of 8,192 tokens have read."""
_BYTES_AS_STORED = 2
"""Of one weight, in the files that makers publish."""
_MARGIN, _SCALES = 1.1, 1.5
"""As in genai/model/loading/memory_estimates.py: loading needs somewhat more, and scales lie twice."""
_NF4_BYTES = 0.5625


class SuggestedModel(BaseModel):
    """One model, by its name on the hub; `gguf` is a conversion for machines without a GPU."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    licence: str
    parameters: float = Field(gt=0)
    without_embeddings: float = Field(gt=0)
    suits: str
    gated: bool = False
    gguf: str = ""
    gguf_kind: str = ""
    gguf_gb: float = 0.0

    def on_hub(self, machine: Machine) -> str:
        """Which repository suits the machine; "" where none does."""
        return self.name if machine.gpu else self.gguf

    def download_bytes(self, machine: Machine) -> int:
        """About as much, before the hub says it exactly."""
        stored = self.parameters * _BYTES_AS_STORED if machine.gpu else self.gguf_gb
        return round(stored * _BILLION)

    def needed_bytes(self, machine: Machine) -> int:
        """What it takes in memory: at 4 bits on a GPU, else as the conversion is stored."""
        texts = self.parameters * _TEXTS_SHARE
        if not machine.gpu:
            return round((self.gguf_gb * _SCALES * _MARGIN + texts) * _BILLION)
        embeddings = (self.parameters - self.without_embeddings) * _BYTES_AS_STORED
        weights = self.without_embeddings * _NF4_BYTES + embeddings
        return round((weights * _MARGIN + texts) * _BILLION)

    def fits(self, machine: Machine) -> bool:
        """Whether it can be loaded there."""
        return bool(self.on_hub(machine)) and self.needed_bytes(machine) <= machine.free_for_models

    def told(self, machine: Machine) -> str:
        """One line, for people."""
        load, memory = self.download_bytes(machine) / 1e9, self.needed_bytes(machine) / 1e9
        return f"{self.name} ({self.licence}): {load:.1f} GB to download, {memory:.1f} GB of memory; for {self.suits}."


def suggested_models() -> tuple[SuggestedModel, ...]:
    """All of them, the smallest first."""
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))["model"]
    return tuple(SuggestedModel(**entry) for entry in found)


def kind_wanted(repository: str) -> str:
    """Which of a repository's conversions is meant; "" where it is not one of the list."""
    return next((one.gguf_kind for one in suggested_models() if one.gguf == repository), "")
