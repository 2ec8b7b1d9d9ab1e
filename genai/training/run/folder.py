"""The folder of one run: the model, its checkpoints, metrics, loss curve and card.

    OUTPUT/
        config.json model.safetensors tokenizer.json ...   the result, an ordinary model (or adapter) folder
        README.md        model card
        run.json         stage, configuration and data of the run; another configuration is refused
        metrics.jsonl    one JSON object for each log line
        loss.png         the loss curve
        checkpoints/     what a stopped run goes on from

Does not train; `genai.training.run.training_loop` does.
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genai.training.run.config import flat
from genai.training.run.distributed import is_main, process_count
from genai.training.run.errors import TrainingError


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where the parts of one run are."""

    path: Path

    @property
    def description(self) -> Path:
        """What the run is; compared when the command is given again."""
        return self.path / "run.json"

    @property
    def metrics(self) -> Path:
        """Log of the training, one JSON object per line."""
        return self.path / "metrics.jsonl"

    @property
    def curve(self) -> Path:
        """Picture of the loss."""
        return self.path / "loss.png"

    @property
    def card(self) -> Path:
        """Model card."""
        return self.path / "README.md"

    @property
    def checkpoints(self) -> Path:
        """Folder of the checkpoints, `checkpoint-STEP` each."""
        return self.path / "checkpoints"

    def last_checkpoint(self) -> Path | None:
        """The newest complete checkpoint. One that a kill cut short is removed."""
        for folder in sorted(self.checkpoints.glob("checkpoint-*"), key=_step, reverse=True):
            if _is_complete(folder):
                return folder
            if is_main():
                shutil.rmtree(folder, ignore_errors=True)
        return None


def open_run(
    output: Path, stage: str, config: Mapping[str, Any], data: Mapping[str, str] | None = None
) -> RunFolder:
    """The folder of a new run, or of the same run to go on with.

    `config` is what determines the result, as JSON values; `data` maps data files to their SHA-256. Raises
    TrainingError when the folder holds another run or anything else, or cannot be written.
    """
    folder = RunFolder(output)
    wanted = _plain({"stage": stage, "processes": process_count(), "config": config, "data": data or {}})
    try:
        if folder.description.exists() and _is_begun(folder):
            _refuse_other(folder, _read(folder.description), wanted)
        elif (
            not folder.description.exists()
            and output.exists()
            and any(output.iterdir())
            and not _starts_here(output)
        ):
            raise TrainingError(f"{output} holds files of something else; give --output a new folder.")
        elif is_main():
            shutil.rmtree(folder.checkpoints, ignore_errors=True)
            write_whole(folder.description, json.dumps(wanted, indent=2) + "\n")
    except OSError as error:
        raise TrainingError(
            f"{output} cannot be used ({error.strerror}); give --output another folder."
        ) from error
    return folder


def _starts_here(output: Path) -> bool:
    """Whether another process of the same launch is writing the description just now."""
    return process_count() > 1 and all(file.name.startswith(".run.json") for file in output.iterdir())


def _is_begun(folder: RunFolder) -> bool:
    """Whether a run got as far as training; one that failed before may start anew with other settings."""
    return folder.metrics.exists() or folder.card.exists() or any(folder.checkpoints.glob("checkpoint-*"))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(values, default=str))
    return plain


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise TrainingError(f"{path} is damaged; give --output a new folder.") from error
    if not isinstance(found, dict):
        raise TrainingError(f"{path} is not the description of a run; give --output a new folder.")
    return found


def _refuse_other(folder: RunFolder, found: dict[str, Any], wanted: dict[str, Any]) -> None:
    before, after = flat(found), flat(wanted)
    differing = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    if differing:
        shown = "; ".join(f"{key}: {before.get(key)} there, {after.get(key)} now" for key in differing[:3])
        raise TrainingError(
            f"{folder.path} holds another run ({shown}). Give --output a new folder, "
            "or its own settings to go on."
        )


def _step(checkpoint: Path) -> int:
    digits = checkpoint.name.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else -1


def _is_complete(checkpoint: Path) -> bool:
    """The main process writes its state last; every process writes its random number state."""
    try:
        json.loads((checkpoint / "trainer_state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    count = process_count()
    random_states = (
        ["rng_state.pth"] if count == 1 else [f"rng_state_{process}.pth" for process in range(count)]
    )
    return all((checkpoint / name).is_file() for name in random_states)


def write_whole(path: Path, text: str) -> None:
    """Replace the content of a small file; a kill in the middle leaves the old or the new, never half of it.

    Raises OSError when it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
