"""What tells toxic texts is learned from a folder of sets, and reads as the learner said."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from genai.moderation.understanding.head import load_head
from genai.training.run.errors import TrainingError
from genai.training.toxicity_head import teach
from genai.training.toxicity_head.calibration import expected_error, platt, reliability
from genai.training.toxicity_head.own_lessons import in_context, lessons
from genai.training.toxicity_head.public_sets import CATEGORIES, apart, cleaned, examples

_HARSH, _CALM = "all {} of them are vermin, said number {}", "the {} garden of number {} is green"


def _table(path: Path, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def _lines(path: Path, rows: Sequence[object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of sets in the forms of the public ones."""
    folder = tmp_path_factory.mktemp("sets")
    harsh, calm = ([form.format(kind, n) for n in range(40)] for form, kind in ((_HARSH, "x"), (_CALM, "y")))
    toxicity = folder / "toxicity"
    tweets = [["", "RT @me: " + text, kind] for kind, texts in (("0", harsh), ("2", calm)) for text in texts]
    _table(toxicity / "davidson_labeled_data.csv", ["", "tweet", "class"], tweets)
    for name in ("train", "valid"):
        head = ["user", "Annotator1_is_abuse.1", "Annotator1_is_abuse.-2", "Annotator1_sex_harassment"]
        said = [[f"{name} you fool", "0", "1", "0"], [f"{name} hello", "1", "0", "0"]]
        _table(toxicity / f"ConvAbuseEMNLP{name}.csv", head, said)
    for name in ("train", "validation"):
        rows = [[f"{name} rats", "1", "derogation"], [f"{name} cats", "0", "none"]]
        _table(toxicity / f"hatemoji_build_{name}.csv", ["text", "label_gold", "type"], rows)
    forum = [[f"hate {n}", "hate"] for n in range(9)] + [[f"no hate {n}", "noHate"] for n in range(9)]
    _table(toxicity / "stormfront_sentences.csv", ["text", "label"], forum)
    _lines(toxicity / "openai_moderation_half.jsonl", [{"prompt": f"p {n}", "S": n % 2} for n in range(12)])
    answer = (
        "First sentence of the answer. Here is the second one. And a third one follows here. The end comes."
    )
    _lines(
        folder / "novelty" / "a-model.jsonl", [{"id": f"q{n}", "generations": [answer] * 6} for n in range(9)]
    )
    _lines(folder / "prompts" / "vicuna_bench.jsonl", [{"turns": ["How are plants watered?"]}])
    for name in ("user_oriented_instructions", "seed_tasks"):
        _lines(
            folder / "prompts" / f"{name}.jsonl",
            [{"instruction": f"do {name}", "instances": [{"input": ""}]}],
        )
    _table(
        folder / "prompts" / "xstest_half.csv", ["prompt", "label"], [["How do I kill a process?", "safe"]]
    )
    return folder


def test_every_text_has_one_part_and_labels_say_what_a_set_says(data: Path) -> None:
    found = list(examples(data))
    assert len({one.text for one in found}) == len(found)
    by_text = {one.text: one for one in found}
    assert by_text["train rats"].labels["identity_attack"] == 1.0
    assert by_text["valid you fool"].part == "measure"
    assert by_text["train you fool"].labels == {"toxicity": 1.0, "sexual_explicit": 0.0, "insult": 1.0}
    tweets = [one for one in found if one.source == "tweets"]
    assert {one.part for one in tweets} == {"learn", "measure"}
    assert all(one.text.startswith(("all x", "the y")) for one in tweets)


def test_a_text_stays_in_its_part_and_most_are_learned_from() -> None:
    parts = [apart(str(number)) for number in range(1000)]
    assert parts == [apart(str(number)) for number in range(1000)]
    assert 150 < parts.count("measure") < 250
    assert cleaned("!!! RT @one: @two hi &amp; bye http://x.y") == "hi & bye"


def test_lessons_are_the_same_every_time_and_fill_every_slot() -> None:
    found = list(lessons())
    assert found == list(lessons())
    assert not [one.text for one in found if "{" in one.text.replace("{ }", "").replace("{ die", "")]
    assert {name for one in found for name, said in one.labels.items() if said} == set(CATEGORIES)
    context = list(in_context(found, 5))
    assert context == []  # nothing to put them into


@pytest.mark.embedded
def test_it_learns_and_the_classifier_reads_what_was_saved(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teach, "lessons", lambda: iter(list(lessons())[::60]))
    config = teach.ModeratorConfig(
        output=tmp_path / "out", data=data, depth=3, frozen=2, rank=2, epochs=4, batch=8
    )
    summary = teach.moderator(config)
    assert summary.areas["toxicity"] > 0.9
    head = load_head(tmp_path / "out" / teach.FILE)
    assert head.categories == CATEGORIES
    assert head.depth == 3
    assert {name.split(".")[0] for name in head.additions} == {"3"}
    assert all(torch.isfinite(tensor).all() for tensor in head.additions.values())
    assert "CC BY-SA" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"davidson_labeled_data\.csv cannot be read"):
        teach.gathered(tmp_path, 1)


def test_scores_become_probabilities_that_can_be_believed() -> None:
    import numpy as np

    chance = np.random.default_rng(4)
    odds = chance.normal(0, 3, 4000)
    harmful = chance.random(4000) < 1 / (1 + np.exp(-(0.5 * odds - 1)))
    scale, shift = platt(odds, harmful)
    assert scale == pytest.approx(0.5, abs=0.08)
    assert shift == pytest.approx(-1, abs=0.15)
    scores = 1 / (1 + np.exp(-(scale * odds + shift)))
    assert expected_error(reliability(list(scores), list(harmful))) < 0.05
    assert expected_error(reliability([0.9] * 10, [False] * 10)) == pytest.approx(0.9)
    assert platt(odds[:5], harmful[:5]) == (1.0, 0.0)
