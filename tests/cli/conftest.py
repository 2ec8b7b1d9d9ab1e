"""The command line in this process, on a fresh data folder, with the tiny model unless a test is marked `embedded`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app

Run = Callable[..., Result]


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen_model: None) -> Path:
    """A fresh data folder; the database is `riff.db` in it."""
    monkeypatch.setenv("RIFF_STORAGE__URL", f"sqlite:///{tmp_path}/riff.db")
    monkeypatch.setenv("RIFF_GENERATOR__SEED", "1")
    return tmp_path


@pytest.fixture
def riff(data_folder: Path) -> Run:
    """Runs `riff` with arguments and, perhaps, standard input."""

    def run(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, arguments, input=stdin)

    return run


def json_of(result: Result) -> dict[str, Any]:
    """The one JSON object on standard output of a command that went well."""
    assert result.exit_code == 0, (result.output, result.exception)
    value: dict[str, Any] = json.loads(result.stdout)
    return value
