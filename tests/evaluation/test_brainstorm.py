"""The evaluation of brainstorms: figures in their ranges, the same for the same seed, each part switched off."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import app
from bot.cli.shared import Failure
from bot.evaluation.simulation import VARIANTS, Material, Play, Variant
from genai.reranking.ranking import Candidate
from genai.reranking.settings import RerankingSettings
from tests.support.tiny_models import save_tiny

TINY = ["eval", "brainstorm", "--sessions", "2", "--turns", "2", "--people", "2"]
SHARES = ("coverage", "novelty")
pytestmark = pytest.mark.usefixtures("chosen_model")
KEYS = {"distinct_sobol", "distinct_independent", "taste_lift", "taste_distinct_change", *SHARES}


def _report(*options: str) -> dict[str, object]:
    ran = CliRunner().invoke(app, [*TINY, "--json", *options])
    assert ran.exit_code == 0, ran.output
    found: dict[str, object] = json.loads(ran.stdout.strip().splitlines()[-1])
    return found


def test_figures_lie_in_their_ranges_and_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writing_model: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("docs").mkdir()
    first = _report("--write")
    assert set(first) >= KEYS
    rows = first["ablation"]
    assert isinstance(rows, list)
    assert [row["variant"] for row in rows] == [variant.name for variant in VARIANTS]
    assert all(0 < row[name] <= 10 for row in rows for name in ("distinct", "written"))
    assert all(0 <= row[name] <= 1 for row in rows for name in (*SHARES, "liked"))
    written = Path("docs/brainstorm-figures.md").read_text(encoding="utf-8")
    assert "--sessions 2 --turns 2 --people 2" in written
    assert all(f"| {variant.name} |" in written for variant in VARIANTS)
    assert f"with the model {first['model']}." in written
    assert first["model"] == f"{writing_model}, int4"
    assert _report() == first


def test_write_says_where_it_must_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(app, [*TINY, "--write"])
    assert ran.exit_code != 0
    assert "folder of the project" in str(ran.exception) + ran.output


def test_a_model_that_writes_no_ideas_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "RIFF_GENERATOR__MODEL", str(save_tiny(tmp_path / "babbler", max_position_embeddings=2048))
    )
    ran = CliRunner().invoke(app, TINY)
    assert isinstance(ran.exception, Failure), ran.output
    assert "too few different ideas about beekeeping on rooftops" in ran.exception.say


WORDS = ("cork", "felt", "rubber", "birch", "linen", "wax", "moss", "clay", "straw", "wool", "paper", "resin")


def _material() -> Material:
    """Each turn's first five candidates say the same; the others differ."""
    texts = [f"{word} under the {other}" for word in WORDS for other in WORDS if word != other]
    same = tuple(Candidate("same", "A bell that rings at noon in the square", -0.1) for _ in range(5))
    turns = tuple(
        (*same, *(Candidate(text, text, -0.5) for text in texts[turn * 37 :: 41][:5])) for turn in range(3)
    )
    board = (Candidate("first", "A lid made of glass", -0.5),)
    return Material("a lid", 1, board, {"sobol": turns, "independent": turns})


def test_ranking_shows_more_distinct_and_newer_ideas_than_the_first_ones() -> None:
    play = Play(_material(), RerankingSettings())
    ranked = play.as_variant(Variant("ranked", taste=False))
    first = play.as_variant(Variant("first", ranked=False, taste=False))
    assert first.distinct == 1
    assert ranked.distinct > first.distinct
    assert ranked.novelty > first.novelty
    assert ranked.coverage >= first.coverage
