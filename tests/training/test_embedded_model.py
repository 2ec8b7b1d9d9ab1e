"""The model that ships: its folder, and what `riff eval demo` and `riff eval corpus` say of it."""

import json
from pathlib import Path

from transformers import AutoConfig, AutoTokenizer
from typer.testing import CliRunner

from bot.cli.main import app
from bot.cli.shared import Failure
from genai.training.data.readers import read_conversations
from genai.training.demo.evaluation import DEMO_FOLDER, evaluation_briefs
from genai.training.demo.library import load_library

LARGEST_BYTES = 40_000_000
FIGURES = {
    "exact_count",
    "topic_named",
    "distinct",
    "tone_recognised",
    "dont_words_used",
    "unknown_words_per_200",
    "perplexity",
    "nf4_perplexity_ratio",
    "verbatim",
}


def test_the_shipped_folder_is_small_and_ready_to_serve() -> None:
    files = [path for path in DEMO_FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= LARGEST_BYTES
    config = AutoConfig.from_pretrained(DEMO_FOLDER)
    assert config.use_cache
    assert config.architectures == ["LlamaForCausalLM"]
    tokenizer = AutoTokenizer.from_pretrained(DEMO_FOLDER)
    assert len(tokenizer) == config.vocab_size
    text = "12. **Tea & Co**: 3 cups, quickly!\n"
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_the_briefs_ask_only_about_topics_that_training_never_saw() -> None:
    library = load_library()
    briefs = evaluation_briefs(library, 200, seed=7)
    assert {brief.subject for brief in briefs} <= set(library.held_out)
    assert not set(library.held_out) & set(library.topics)
    assert {brief.count for brief in briefs} == set(range(1, 13))
    assert any(brief.preferences.avoid_words for brief in briefs)


def test_eval_demo_prints_one_object_with_every_figure() -> None:
    result = CliRunner().invoke(app, ["eval", "demo", "--json", "--prompts", "4"])
    assert result.exit_code == 0
    figures = json.loads(result.stdout)
    assert figures.keys() >= FIGURES
    assert figures["prompts"] == 4
    assert figures["served_exact_count"] >= 0.75
    assert 1 < figures["perplexity"] < 10
    assert figures["nf4_perplexity_ratio"] < 1.05


def test_eval_demo_says_where_a_model_is_missing(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["eval", "demo", "--model", str(tmp_path)])
    assert isinstance(result.exception, Failure)
    assert "no config.json" in result.exception.say


def test_eval_corpus_counts_what_training_would_read_and_can_write_it(tmp_path: Path) -> None:
    file = tmp_path / "corpus.jsonl"
    result = CliRunner().invoke(app, ["eval", "corpus", "--json", "--tokens", "20000", "--export", str(file)])
    figures = json.loads(result.stdout)
    assert figures["tokens"] >= 20_000
    assert figures["duplicate_conversations"] <= 0.05
    assert figures["held_out_topics"] == 0
    read = list(read_conversations(file))
    assert len(read) == figures["conversations"]
    assert read[0].turns[-1].role == "assistant"
