"""Ensembles: averaged weights and mixed distributions, fitted on one part of the data and measured on another."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoModelForCausalLM
from typer.testing import CliRunner

from bot.cli.main import app
from genai.training.ensemble.mixture import MixtureKind, fit_linear, fit_log_linear, mix, without_the_least
from genai.training.ensemble.soup import greedy
from genai.training.ensemble.train import EnsembleConfig, ensemble
from genai.training.lora import Adapter, LoraConfig, lora
from genai.training.run.errors import TrainingError
from genai.training.run.hyperparameters import Schedule
from genai.training.sft import SftConfig, sft
from genai.training.tokenizer import train_tokenizer
from tests.training.tiny import make_model, messages, sentences, write_rows

KINDS: tuple[MixtureKind, ...] = ("linear", "log_linear")


def distributions(members: int, tokens: int, seed: int, sharpness: float = 2.0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return (sharpness * torch.randn(members, tokens, 7, generator=generator)).log_softmax(-1)


@given(
    st.sampled_from(KINDS),
    st.lists(st.floats(0, 1), min_size=3, max_size=3).filter(lambda raw: sum(raw) > 0.01),
    st.integers(0, 99),
)
def test_a_mixture_is_a_distribution_and_one_member_alone_is_itself(
    kind: MixtureKind, raw: list[float], seed: int
) -> None:
    given_ = distributions(3, 5, seed)
    weights = torch.tensor(raw) / sum(raw)
    mixed = mix(kind, given_, weights)
    torch.testing.assert_close(mixed.exp().sum(-1), torch.ones(5))
    torch.testing.assert_close(mix(kind, given_, torch.tensor([0.0, 1.0, 0.0])), given_[1])
    same = given_[:1].expand(3, -1, -1)
    torch.testing.assert_close(mix(kind, same, weights), given_[0], atol=1e-4, rtol=1e-4)


def test_a_linear_mixture_averages_probabilities() -> None:
    given_, weights = distributions(3, 5, 1), torch.tensor([0.2, 0.5, 0.3])
    expected = (weights[:, None, None] * given_.exp()).sum(0)
    torch.testing.assert_close(mix("linear", given_, weights).exp(), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_fitting_finds_the_weights_that_the_tokens_were_drawn_with(kind: MixtureKind) -> None:
    given_, true = distributions(3, 20_000, 1), torch.tensor([0.6, 0.3, 0.1])
    torch.manual_seed(1)
    labels = torch.multinomial(mix(kind, given_, true).exp(), 1)[:, 0]
    written = given_.gather(2, labels.expand(3, -1)[..., None])[..., 0]
    found = fit_linear(written) if kind == "linear" else fit_log_linear(given_, labels)
    assert float(found.sum()) == pytest.approx(1)
    torch.testing.assert_close(found.float(), true, atol=0.03, rtol=0)


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=6).filter(lambda raw: sum(raw) > 0.01), st.floats(0, 0.5)
)
def test_small_weights_go_and_the_rest_still_sums_to_one(raw: list[float], least: float) -> None:
    weights = torch.tensor(raw, dtype=torch.float64) / sum(raw)
    kept = without_the_least(weights, least)
    assert float(kept.sum()) == pytest.approx(1)
    assert kept.argmax() == weights.argmax()
    assert all(float(value) == 0 or float(value) >= min(least, float(weights.max())) for value in kept)


@given(st.lists(st.floats(1, 9), min_size=1, max_size=6), st.integers(0, 99))
def test_the_greedy_soup_is_never_worse_than_its_best_member(alone: list[float], seed: int) -> None:
    torch.manual_seed(seed)
    tried = list(greedy(alone, lambda _: 1 + 8 * float(torch.rand(()))))
    assert tried[0].perplexity == min(alone)
    assert len(tried) == len(alone)
    assert all(len(set(soup.members)) == len(soup.members) for soup in tried)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models and an adapter from one base, each taught one half of what the data hold."""
    place = tmp_path_factory.mktemp("members")
    base = make_model(place / "base")
    rows = [messages(f"Say: {text}", text) for text in sentences(60)]
    other = [messages(f"Again: {text}", f"{text} {text}") for text in sentences(60, seed=2)]
    write_rows(place / "all.jsonl", [*rows, *other])
    schedule = Schedule(steps=40, learning_rate=5e-3, warmup=0, device="cpu")
    for name, some in (("one", rows), ("two", other)):
        data = write_rows(place / f"{name}.jsonl", some)
        sft(SftConfig(str(base), data, place / name, held_out=0, schedule=schedule))
    lora(
        LoraConfig(
            str(base), place / "one.jsonl", place / "adapter", adapter=Adapter(rank=2), schedule=schedule
        )
    )
    return place


def config_for(folder: Path, output: Path, kind: str, *names: str) -> EnsembleConfig:
    return EnsembleConfig(
        tuple(str(folder / name) for name in names),
        folder / "all.jsonl",
        output,
        kind=kind,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_fitted_mixture_beats_its_members_where_it_was_not_fitted(
    tmp_path: Path, folder: Path, kind: MixtureKind
) -> None:
    found = ensemble(config_for(folder, tmp_path / "out", kind, "one", "two", "base"))
    *alone, uniform, fitted = (row["held-out perplexity"] for row in found.rows())
    assert fitted < min(alone)
    assert fitted <= uniform
    recipe = json.loads((tmp_path / "out" / "ensemble.json").read_text())
    assert recipe["kind"] == kind
    assert sum(member["weight"] for member in recipe["members"]) == pytest.approx(1)
    assert [Path(member["model"]).name for member in recipe["members"]][:2] == ["one", "two"]
    assert all(Path(member["model"]).is_absolute() for member in recipe["members"])
    assert f"fitted {kind}" in (tmp_path / "out" / "README.md").read_text()


@pytest.mark.parametrize("kind", ["uniform_soup", "greedy_soup"])
def test_a_soup_is_an_ordinary_model_of_averaged_weights(tmp_path: Path, folder: Path, kind: str) -> None:
    found = ensemble(config_for(folder, tmp_path / "out", kind, "one", "two", "adapter"))
    used = [Path(str(row["model"])).name for row in found.rows() if row["weight"]]
    loaded = AutoModelForCausalLM.from_pretrained(tmp_path / "out")
    if kind == "uniform_soup":
        assert used == ["one", "two", "adapter"]
    *alone, _, best = (row["validation perplexity"] for row in found.rows())
    assert best <= min(alone)
    full = [name for name in used if name != "adapter"]
    if full == used:
        states = [AutoModelForCausalLM.from_pretrained(folder / name).state_dict() for name in used]
        for name, tensor in loaded.state_dict().items():
            torch.testing.assert_close(tensor, torch.stack([state[name] for state in states]).mean(0))
    assert loaded(torch.arange(5)[None]).logits.isfinite().all()


def test_the_command_plans_combines_and_refuses(tmp_path: Path, folder: Path) -> None:
    common = ["train", "ensemble", "--data", str(folder / "all.jsonl"), "--output", str(tmp_path / "out")]
    one, two = ("--model", str(folder / "one")), ("--model", str(folder / "two"))
    alone = CliRunner().invoke(app, [*common, *one])
    assert "at least twice" in alone.exception.say
    stranger = shutil.copytree(folder / "one", tmp_path / "stranger")
    train_tokenizer(["another language"], 300, 128).save_pretrained(stranger)
    strange = CliRunner().invoke(app, [*common, *one, "--model", str(stranger)])
    assert "different vocabularies" in strange.exception.say
    dry = CliRunner().invoke(app, [*common, *one, *two, "--kind", "linear", "--dry-run"])
    assert "60 samples to fit on, 60 to measure on" in dry.stdout, dry.output
    assert not (tmp_path / "out").exists()
    done = CliRunner().invoke(app, [*common, *one, *two, "--kind", "linear"], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    assert "ensemble.json with 2 members" in done.stdout


def test_models_of_other_sizes_are_mixed_but_not_averaged(tmp_path: Path, folder: Path) -> None:
    from genai.training.prune.cutting import KeptSize
    from genai.training.prune.train import PruneConfig, prune

    schedule = Schedule(steps=2, device="cpu")
    prune(
        PruneConfig(
            str(folder / "one"),
            folder / "all.jsonl",
            tmp_path / "small",
            KeptSize(layers=1),
            schedule=schedule,
        )
    )
    names = (str(folder / "one"), str(tmp_path / "small"))
    with pytest.raises(TrainingError, match="cannot be averaged"):
        ensemble(EnsembleConfig(names, folder / "all.jsonl", tmp_path / "soup"))
    mixed = ensemble(EnsembleConfig(names, folder / "all.jsonl", tmp_path / "mix", kind="linear"))
    assert len(mixed.rows()) == 4
