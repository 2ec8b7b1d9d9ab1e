"""The figures that the docs show can be measured by anyone, with or without the public sets."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import app
from genai.evaluation import moderation_report
from genai.evaluation.labelled_sets import Labelled, ordinary_prompts, said_to_bots, xstest
from genai.evaluation.moderation_report import Figures
from genai.evaluation.stream_flags import StreamFigures
from genai.evaluation.toxicity_accuracy import (
    SetFigures,
    evaded,
    evasion_figures,
    judged,
    mean,
    set_figures,
    toxic_sample,
)
from genai.moderation import ModerationSettings, toxicity
from genai.moderation.toxicity import Toxicity

DATA = Path("../shared/data")
needs_sets = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"{DATA} is public data that does not come with Riff"
)


@pytest.fixture(scope="module")
def stage() -> Toxicity:
    return toxicity.load(ModerationSettings())


def figures(stage: Toxicity, labelled: Labelled) -> SetFigures:
    return set_figures(stage, stage, labelled)


@needs_sets
def test_abuse_of_bots_is_told_apart(stage: Toxicity) -> None:
    row = figures(stage, said_to_bots(DATA))
    assert row.auc is not None
    assert row.auc >= 0.92


@needs_sets
def test_harmless_questions_and_prompts_pass(stage: Toxicity) -> None:
    sounding, ordinary = figures(stage, xstest(DATA)), figures(stage, ordinary_prompts(DATA))
    assert sounding.false_flagged is not None
    assert sounding.false_flagged <= 0.15  # shown all the same, and on record for moderators
    assert sounding.false_blocked == 0.0
    assert ordinary.false_blocked is not None
    assert ordinary.false_blocked <= 0.005


@needs_sets
def test_disguise_hides_little_and_reading_costs_little(stage: Toxicity) -> None:
    toxic = toxic_sample(said_to_bots(DATA))[::2]
    rows = {row.name: row for row in evasion_figures(stage, stage.without_reader(), toxic, [])}
    assert min(row.recall for row in rows.values()) >= 0.9, rows
    prompts = ordinary_prompts(DATA)
    read, unread = figures(stage, prompts), figures(stage.without_reader(), prompts)
    assert (read.false_flagged or 0.0) - (unread.false_flagged or 0.0) <= 0.005


@needs_sets
@pytest.mark.parametrize("disguise", ["repeated letters", "spaced-out letters", "dotted letters"])
def test_a_disguise_alone_is_nothing_bad(stage: Toxicity, disguise: str) -> None:
    ordinary = [evaded(text, disguise) for text in ordinary_prompts(DATA).texts[::6]]
    assert mean(judged(stage, ordinary).flagged) <= 0.12


async def test_what_cannot_be_timed_costs_no_other_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    async def late(*_: object) -> None:
        raise TimeoutError("too late")

    monkeypatch.setattr(moderation_report, "speed_figures", late)
    monkeypatch.setattr("genai.moderation.chain.load", lambda _settings: None)
    missing: list[str] = []
    assert await moderation_report.timed(ModerationSettings(), ["text"], missing) is None
    assert missing == ["speed, for TimeoutError: too late"]


def test_command_names_what_it_leaves_out(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["eval", "moderation", "--json", "--data", str(tmp_path)])
    assert result.exit_code == 0, result.output
    measured = json.loads(result.stdout)
    assert any("davidson_labeled_data.csv is not there" in reason for reason in measured["missing"])
    personal = measured["personal"]
    assert personal["tokens_found"] == personal["tokens"] > 1000
    assert {row["redacted"] for row in personal["falsely"]} == {0}
    assert {name for name, _row in personal["found"]} == {"own sentences, further countries"}
    assert all(row["recall"] >= 0.98 and row["precision"] >= 0.99 for _name, row in personal["found"])
    assert {row["name"] for row in measured["sets"]} == {
        "functional tests (own)",
        "untouched tests (own)",
        "self-identification and mentions",
    }


def test_page_keeps_its_words_and_gets_new_tables() -> None:
    row = SetFigures("a set", 3, 0.5, 0.25, 1.0, None, 0.0, 0.0)
    streams = (StreamFigures("all", 80, 0.875, 0.0, 0.025, 0.1),)
    measured = Figures("chain", (row,), (), None, None, ("x is not there",), streams=streams)
    written = moderation_report.rewritten(
        f"before\n{moderation_report.START}\nold\n{moderation_report.END}\nafter", measured
    )
    assert written.startswith("before\n")
    assert written.endswith("\nafter")
    assert "old" not in written
    assert "| a set | 3 | 0.500 | 0.250 | 100.0% | – | 0.0% | 0.0% |" in written
    assert "| all | 80 | 87.5% | 0.0% | 2.5% | 10.0% |" in written
    assert "Not measured: x is not there." in written
    with pytest.raises(ValueError, match="lacks the lines"):
        moderation_report.rewritten("no marks", measured)
