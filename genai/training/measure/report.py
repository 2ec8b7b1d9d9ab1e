"""Writes a comparison into a folder, as JSON for programs and a Markdown card for people."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from genai.training.measure.table import Row, markdown
from genai.training.run import atomic
from genai.training.run.distributed import is_main
from genai.training.run.errors import TrainingError
from genai.training.run.model_card import ModelCard, write_card


def require_new_folder(output: Path) -> None:
    """Raise TrainingError unless `output` is empty or not there yet."""
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise TrainingError(f"{output} is not empty; give --output a new folder.")


def write_report(rows: Sequence[Row], card: ModelCard, output: Path) -> None:
    """Write `figures.json` and, with the rows as its first section, the card `README.md`."""
    if is_main():
        atomic.write_text(output / "figures.json", json.dumps(rows, indent=2) + "\n")
        sections = {"Comparison": markdown(rows), **card.sections}
        write_card(replace(card, sections=sections), output / "README.md")
