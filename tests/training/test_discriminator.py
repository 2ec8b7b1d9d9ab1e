"""The discriminator through its stage and its files: what it learns, how it is measured, what it refuses."""

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genai.training.discriminator.dataset import Labelled, folds
from genai.training.discriminator.scoring import Discriminator
from genai.training.discriminator.train import DiscriminatorConfig, discriminator, plan
from genai.training.measure.statistics import area_under_curve, proportion
from genai.training.run.errors import TrainingError

NOUNS = [
    "lamp",
    "kettle",
    "garden",
    "bicycle",
    "bakery",
    "library",
    "swap",
    "market",
    "song",
    "bridge",
    "coat",
    "tutor",
]
VERBS = ["borrow", "mend", "plant", "share", "test", "paint"]


def written(rng: Random) -> str:
    return f"Let us {rng.choice(VERBS)} a {rng.choice(NOUNS)} by the {rng.choice(NOUNS)}, {rng.random():.6f}."


def generated(rng: Random) -> str:
    return (
        f"Innovative solution: leverage the {rng.choice(NOUNS)} to {rng.choice(VERBS)}, {rng.random():.6f}."
    )


@pytest.fixture
def texts(tmp_path: Path) -> tuple[Path, Path]:
    rng = Random(1)
    human, model = tmp_path / "written.txt", tmp_path / "generated.jsonl"
    human.write_text("\n".join(written(rng) for _ in range(60)), encoding="utf-8")
    model.write_text("\n".join(json.dumps({"text": generated(rng)}) for _ in range(60)), encoding="utf-8")
    return human, model


def test_it_learns_is_measured_and_scores_alike_after_loading(
    tmp_path: Path, texts: tuple[Path, Path]
) -> None:
    config = DiscriminatorConfig(tmp_path / "out", written=(texts[0],), generated=(texts[1],))
    summary = discriminator(config)
    assert summary.held_out.accuracy.value > 0.9
    assert (
        summary.held_out.accuracy.lower < summary.held_out.accuracy.value <= summary.held_out.accuracy.upper
    )
    assert summary.held_out.area.value > 0.95
    assert summary.held_out.texts + summary.learned_from == 120

    loaded = Discriminator.load(tmp_path / "out")
    rng = Random(2)
    good, poor = loaded.score([written(rng), generated(rng)])
    assert 0 <= poor < 0.5 < good <= 1
    assert loaded.score([]) == []
    assert discriminator(config).held_out == summary.held_out  # the same run again gives the same
    assert Discriminator.load(tmp_path / "out").score(["a text"]) == loaded.score(["a text"])
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "accuracy" in card
    assert "leverage" in card
    assert not list((tmp_path / "out").glob("*.p*kl*"))


def test_preference_pairs_teach_liked_from_disliked(tmp_path: Path) -> None:
    rng = Random(3)
    pairs = [{"prompt": f"topic {n}", "chosen": written(rng), "rejected": generated(rng)} for n in range(40)]
    file = tmp_path / "pairs.jsonl"
    file.write_text("\n".join(map(json.dumps, pairs)), encoding="utf-8")
    config = DiscriminatorConfig(tmp_path / "out", preferences=(file,))
    assert "40 wanted, 40 unwanted" in plan(config)[0]
    assert discriminator(config).held_out.accuracy.value > 0.9


def test_what_cannot_be_learned_from_is_refused_with_its_cure(tmp_path: Path) -> None:
    few, other = tmp_path / "few.txt", tmp_path / "other.txt"
    few.write_text("one\n", encoding="utf-8")
    other.write_text("two\nthree\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="--written"):
        discriminator(DiscriminatorConfig(tmp_path / "a", written=(few,)))
    with pytest.raises(TrainingError, match="Too few texts"):
        discriminator(DiscriminatorConfig(tmp_path / "b", written=(few,), generated=(other,)))


def test_damaged_and_foreign_files_are_refused(tmp_path: Path, texts: tuple[Path, Path]) -> None:
    out = tmp_path / "out"
    discriminator(DiscriminatorConfig(out, written=(texts[0],), generated=(texts[1],)))
    with pytest.raises(TrainingError, match="riff train discriminator"):
        Discriminator.load(tmp_path / "nowhere")
    (out / "linear.safetensors").write_bytes(b"not tensors")
    with pytest.raises(TrainingError, match="readable"):
        Discriminator.load(out)
    (out / "discriminator.json").write_text(
        '{"kind": "pickle", "slope": 1, "intercept": 0}', encoding="utf-8"
    )
    with pytest.raises(TrainingError, match="no kind"):
        Discriminator.load(out)


def test_an_encoder_learns_and_loads(tmp_path: Path, texts: tuple[Path, Path]) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    from genai.training.run.hyperparameters import Schedule

    words = sorted(
        {word for file in texts for word in file.read_text(encoding="utf-8").replace('"', " ").split()}
    )
    vocabulary = {word: place for place, word in enumerate(["[PAD]", "[UNK]", *words])}
    unknown, padding = {"unk_token": "[UNK]"}, {"pad_token": "[PAD]"}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, **unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=64, **unknown, **padding
    ).save_pretrained(tmp_path / "base")
    size = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
    )
    BertForSequenceClassification(size).save_pretrained(tmp_path / "base")
    schedule = Schedule(epochs=6, learning_rate=5e-3, device="cpu")
    config = DiscriminatorConfig(
        tmp_path / "out", (texts[0],), (texts[1],), encoder=str(tmp_path / "base"), schedule=schedule
    )
    assert discriminator(config).held_out.accuracy.value > 0.8
    loaded = Discriminator.load(tmp_path / "out")
    rng = Random(5)
    assert loaded.score([written(rng)])[0] > loaded.score([generated(rng)])[0]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=2), st.integers(2, 5))
def test_no_group_is_learned_from_and_measured_on(rows: list[tuple[bool, int]], count: int) -> None:
    texts = [Labelled(str(n), wanted, str(group)) for n, (wanted, group) in enumerate(rows)]
    try:
        splits = folds(texts, count, seed=1)
    except TrainingError:
        return
    for learn, measure in splits:
        assert not {texts[i].group for i in learn} & {texts[i].group for i in measure}
    assert sorted(i for _, measure in splits for i in measure) == list(range(len(texts)))


def test_intervals_agree_with_published_figures() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 gives 0.2553 to 0.3662 by Wilson.
    found = proportion(81, 263)
    assert (round(found.lower, 4), round(found.upper, 4)) == (0.2553, 0.3662)
    assert area_under_curve([0.9, 0.8, 0.5], [0.5, 0.1]).value == pytest.approx((6 - 0.5) / 6)
