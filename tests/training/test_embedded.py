"""The embedded model's own adapter: its corpus is as it should be, and one command trains it again."""

import json
from collections import Counter
from pathlib import Path

import pytest

from genai.training.data.readers import read_conversations
from genai.training.embedded_adapter import EmbeddedConfig, train
from genai.training.run.hyperparameters import Schedule

CONFIG = EmbeddedConfig(Path("unused"))


def test_the_corpus_is_large_and_no_request_is_on_both_sides() -> None:
    learned = [one.turns for one in read_conversations(CONFIG.data)]
    held_out = [one.turns for one in read_conversations(CONFIG.measured)]
    assert len(learned) + len(held_out) >= 1500
    assert len(held_out) >= 0.1 * len(learned)
    requests = Counter(turns[1].content.casefold() for turns in (*learned, *held_out))
    assert [request for request, count in requests.items() if count > 1] == []
    assert {turns[0].content for turns in (*learned, *held_out)} == {learned[0][0].content}


@pytest.mark.embedded
def test_the_adapter_is_trained_and_measured_on_what_was_kept_apart(tmp_path: Path) -> None:
    first = CONFIG.measured.read_text(encoding="utf-8").splitlines()[:6]
    for name, lines in (("learned.jsonl", first[:4]), ("held_out.jsonl", first[4:])):
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    schedule = Schedule(steps=2, batch=2, device="cpu", learning_rate=1e-3, log_steps=1, by_length=True)
    summary = train(
        EmbeddedConfig(
            tmp_path / "adapter", tmp_path / "learned.jsonl", tmp_path / "held_out.jsonl", schedule=schedule
        )
    )
    assert summary.outcome.steps == 2
    assert summary.outcome.held_out_before is not None
    assert summary.outcome.held_out_loss is not None
    assert summary.outcome.held_out_loss != summary.outcome.held_out_before
    saved = json.loads((tmp_path / "adapter/adapter_config.json").read_text())
    assert (saved["base_model_name_or_path"], saved["r"]) == ("embedded", 16)
