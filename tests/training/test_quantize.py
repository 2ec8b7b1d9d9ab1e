"""The report on quantisation."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import app
from genai.training.quantize import SCHEMES, QuantizeConfig, quantize
from genai.training.run.errors import TrainingError
from tests.support.tiny_models import save_tiny, write_conversations


def test_fewer_bits_take_less_room_and_the_report_says_so(tmp_path: Path) -> None:
    model, data = (
        save_tiny(tmp_path / "model", hidden_size=256, intermediate_size=768, num_hidden_layers=1),
        write_conversations(tmp_path / "data.jsonl", 6),
    )
    output = tmp_path / "report"
    command = ["train", "quantize", "--model", str(model), "--data", str(data), "--output", str(output)]
    dry = CliRunner().invoke(app, [*command, "--dry-run"])
    assert "6 samples" in dry.stdout, dry.output
    assert not output.exists()
    result = CliRunner().invoke(app, command, env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    assert "nf4-double" in result.stdout
    rows = json.loads((output / "figures.json").read_text())
    assert [row["weights"] for row in rows] == list(SCHEMES)
    none, int8, nf4, double = (row["memory MiB"] for row in rows)
    assert none > int8 > nf4 > double
    assert rows[0]["disk MiB"] > rows[1]["disk MiB"] > rows[2]["disk MiB"]
    assert len({row["parameters"] for row in rows}) == 1
    assert rows[0]["perplexity ratio"] == 1
    assert all(0.8 < row["perplexity ratio"] < 1.25 for row in rows)
    assert "| nf4-double |" in (output / "README.md").read_text()


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept")
    with pytest.raises(TrainingError, match="not empty"):
        quantize(QuantizeConfig("any", tmp_path / "kept.txt", tmp_path))
