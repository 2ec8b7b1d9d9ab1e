"""What the stages share: settings, run folder, metrics, card."""

import json
from pathlib import Path

import pytest
from transformers import TrainerControl, TrainerState, TrainingArguments

from bot.cli.train.arguments import read_call
from genai.training.run.config import identity, settings
from genai.training.run.errors import TrainingError
from genai.training.run.folder import open_run
from genai.training.run.hyperparameters import Schedule
from genai.training.run.model_card import ModelCard, describe_file, write_card
from genai.training.run.stage import Result, Stage
from genai.training.run.training_loop import Metrics, read_metrics


@settings
class SomeConfig:
    """Some."""

    data: Path
    output: Path = Path("out")
    schedule: Schedule = Schedule(learning_rate=3e-4)
    texts: tuple[Path, ...] = ()
    replay: bool = True


def never(config: SomeConfig) -> Result:
    raise AssertionError(config)


def read(*arguments: object) -> SomeConfig:
    stage = Stage(SomeConfig, never, shortcuts={"schedule.steps": "steps"})
    return read_call(stage, "riff train some", "Some.", [str(argument) for argument in arguments]).config


def test_settings_come_from_file_then_single_ones_then_options(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_text('data = "file.txt"\n[schedule]\nsteps = 10\nbatch = 2\n', encoding="utf-8")
    singles = ["--set", "schedule.batch=4", "--set=schedule.steps=5"]
    expected = SomeConfig(Path("file.txt"), schedule=Schedule(learning_rate=3e-4, steps=7, batch=4))
    assert read("--config", file, *singles, "--steps", 7) == expected
    assert read("--schedule.steps=7", *singles, "--config", file) == expected


def test_options_take_text_as_it_is() -> None:
    texts = ["a,b.txt", "[c].txt", '"d".txt', "1", "null"]
    config = read("--data", "-1", "--replay", "false", *(f"--texts={text}" for text in texts))
    assert config == SomeConfig(Path("-1"), texts=tuple(map(Path, texts)), replay=False)
    assert read("--data", "d", "--schedule.learning_rate", "1e-3").schedule.learning_rate == 1e-3


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("schedule.lerning_rate=1", "did you mean schedule.learning_rate"),
        ("schedule.steps=-1", "schedule.steps: Input should be greater"),
        ("schedule.batch=many", "schedule.batch: Input should be a valid integer"),
        ("data.x=1", "There is no setting data.x; did you mean data"),
        ("schedule=1", "Setting schedule has settings of its own"),
        ("schedule", "write it as NAME=VALUE"),
    ],
)
def test_wrong_settings_are_named(setting: str, said: str) -> None:
    with pytest.raises(TrainingError, match=said):
        read("--data", "d", "--set", setting)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--dta", "d"], "There is no setting dta; did you mean data"),
        (["--step", "4"], "did you mean steps"),
        (["d"], "d belongs to no option"),
        (["--data"], "--data: expected one argument; see riff train some --help"),
        (["--data", "d", "--dry-run"], "There is no setting dry_run"),
    ],
)
def test_wrong_options_are_named(arguments: list[str], said: str) -> None:
    with pytest.raises(TrainingError, match=said):
        read(*arguments)


def test_missing_and_broken_settings_are_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="data is missing; give --data"):
        read()
    file = tmp_path / "run.toml"
    for content, said in (
        ("data =", "not a TOML file"),
        ("data = 'd'\nschdule = 1", "There is no setting schdule; did you mean schedule"),
        ("data = 'd'\n[schedule]\nbatchs = 1", r"schedule\.batchs; did you mean schedule\.batch"),
        ("[data]\nx = 1", "Setting data: Input is not a valid path"),
    ):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(TrainingError, match=said):
            read("--config", file)
    with pytest.raises(TrainingError, match="cannot be read"):
        read("--config", tmp_path / "none.toml")


def test_a_begun_run_goes_on_only_with_its_own_settings(tmp_path: Path) -> None:
    config = SomeConfig(Path("d"))
    folder = open_run(tmp_path / "run", "sft", identity(config))
    other = SomeConfig(Path("d"), schedule=Schedule(seed=5))
    assert open_run(folder.path, "sft", identity(other)) == folder, "nothing has been trained yet"
    folder.metrics.touch()
    assert open_run(folder.path, "sft", identity(SomeConfig(Path("d"), Path("x"), other.schedule))) == folder
    with pytest.raises(TrainingError, match=r"config\.schedule\.seed: 5 there, 1 now"):
        open_run(folder.path, "sft", identity(config))
    with pytest.raises(TrainingError, match=r"data\.d"):
        open_run(folder.path, "sft", identity(other), {"d": "another hash"})


def test_folders_of_something_else_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(TrainingError, match="holds files of something else"):
        open_run(tmp_path, "sft", {})
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]
    with pytest.raises(TrainingError, match="cannot be used"):
        open_run(tmp_path / "letter.txt" / "run", "sft", {})


def test_a_checkpoint_cut_short_is_removed(tmp_path: Path) -> None:
    folder = open_run(tmp_path / "run", "sft", {})
    assert folder.last_checkpoint() is None
    for step, state in ((9, "{}"), (10, "{}"), (11, "{")):
        checkpoint = folder.checkpoints / f"checkpoint-{step}"
        checkpoint.mkdir(parents=True)
        (checkpoint / "trainer_state.json").write_text(state, encoding="utf-8")
        if step != 10:
            (checkpoint / "rng_state.pth").touch()
    last = folder.last_checkpoint()
    assert last is not None
    assert last.name == "checkpoint-9"
    assert [file.name for file in folder.checkpoints.iterdir()] == ["checkpoint-9"]


def test_metrics_are_cut_back_to_the_checkpoint(tmp_path: Path) -> None:
    file = tmp_path / "metrics.jsonl"
    rows = [{"step": step, "loss": 1.0} for step in (5, 10, 15)]
    file.write_text("\n".join(map(json.dumps, rows)) + '\n{"step": 2', encoding="utf-8")
    metrics, arguments = Metrics(file), TrainingArguments(str(tmp_path), report_to=[], use_cpu=True)
    state = TrainerState(global_step=10, max_steps=20, is_world_process_zero=True)
    metrics.on_train_begin(arguments, state, TrainerControl())
    metrics.on_log(arguments, state, TrainerControl(), {"loss": 0.5})
    assert [(row["step"], row["loss"]) for row in read_metrics(file)] == [(5, 1.0), (10, 1.0), (10, 0.5)]
    with pytest.raises(TrainingError, match="not a number at step 10"):
        metrics.on_log(arguments, state, TrainerControl(), {"loss": float("nan")})


def test_the_card_says_what_was_done(tmp_path: Path) -> None:
    data = tmp_path / "data.txt"
    data.write_text("abc", encoding="utf-8")
    card = ModelCard(
        title="It",
        summary="A test.",
        base="base",
        data=(describe_file(data, 1),),
        config={"schedule": {"steps": 3}},
        figures={"loss": 0.123456},
        sections={"Use": "Anywhere."},
        sources=("A paper",),
    )
    write_card(card, tmp_path / "README.md")
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    for part in (
        "base_model: base",
        "| loss | 0.1235 |",
        "`ba7816bf8f01cfea`",
        "| `schedule.steps` | `3` |",
        "- A paper",
    ):
        assert part in text
