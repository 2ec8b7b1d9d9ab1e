"""Several models that decode as one: what they mix to, what they cost nothing of, and what cannot be joined."""

import json
from pathlib import Path

import pytest
import torch

import genai.factory
from genai.engine.ensemble import Ensemble
from genai.engine.forward import Forward
from genai.engine.scorer import Scorer, Span
from genai.errors import BadCheckpoint, UnsupportedModel
from genai.request import Completion, GenerationRequest, Sampling, Turn
from genai.settings import GeneratorSettings, Mixing
from tests.support.tiny_models import save_tiny, tiny_llama, tiny_tokenizer

QUESTION = (Turn("user", "swap tools every week"),)
SAMPLING = Sampling(temperature=1.0, top_p=1.0, max_new_tokens=24, seed=3, mode="sobol")
SPANS = [Span(0, 0, (5, 3, 7)), Span(1, 0, (4, 9, 2))]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    root = tmp_path_factory.mktemp("members")
    (root / "a").mkdir()
    (root / "b").mkdir()
    return str(save_tiny(root / "a", seed=1)), str(save_tiny(root / "b", seed=2))


async def answers(candidates: int = 3, **settings: object) -> tuple[Completion, ...]:
    generator = genai.factory.load(GeneratorSettings(quantization="none", device="cpu", slots=4, **settings))  # type: ignore[arg-type]
    await generator.start()
    try:
        return await generator.complete(GenerationRequest(QUESTION, SAMPLING, candidates=candidates))
    finally:
        await generator.close()


def members(*weights: float, folders: tuple[str, str]) -> list[dict[str, object]]:
    return [{"model": folder, "weight": weight} for folder, weight in zip(folders, weights, strict=True)]


@pytest.mark.parametrize("mixing", ["linear", "log_linear"])
async def test_weights_one_and_zero_are_the_first_model_exactly(
    folders: tuple[str, str], mixing: Mixing
) -> None:
    alone = await answers(model=folders[0])
    together = await answers(ensemble=members(1, 0, folders=folders), mixing=mixing)
    assert together == alone
    assert [one.agreement for one in together] == [None] * 3


@pytest.mark.parametrize("mixing", ["linear", "log_linear"])
async def test_a_model_with_itself_writes_as_it_does_alone_and_agrees(
    folders: tuple[str, str], mixing: Mixing
) -> None:
    alone = await answers(model=folders[0])
    together = await answers(ensemble=members(1, 3, folders=(folders[0], folders[0])), mixing=mixing)
    assert [one.text for one in together] == [one.text for one in alone]
    assert [one.agreement for one in together] == pytest.approx([1.0] * 3, abs=1e-4)


async def test_members_that_differ_agree_less(folders: tuple[str, str]) -> None:
    for answer in await answers(ensemble=members(1, 1, folders=folders)):
        assert answer.agreement is not None
        assert 0 <= answer.agreement < 0.999


def scorers() -> list[Scorer]:
    return [Forward(tiny_llama(len(tiny_tokenizer()), seed=seed), 4, 64) for seed in (1, 2)]


@pytest.mark.parametrize("mixing", ["linear", "log_linear"])
def test_distributions_are_mixed_by_weight(mixing: Mixing) -> None:
    first, second = scorers()
    p, q = (scorer(SPANS).softmax(dim=1) for scorer in (first, second))
    expected = 0.25 * p + 0.75 * q if mixing == "linear" else p**0.25 * q**0.75
    mixed = Ensemble(scorers(), (1, 3), mixing)(SPANS).exp()
    torch.testing.assert_close(mixed, expected / expected.sum(dim=1, keepdim=True), rtol=1e-4, atol=1e-7)


def test_scored_tokens_are_mixed_as_last_ones_are() -> None:
    whole = Ensemble(scorers(), (1, 3), "linear")
    scored = whole([Span(0, 0, (5, 6, 7), scored=2), Span(1, 0, (9,), scored=1), Span(2, 0, (4, 8))])
    alone = [
        Ensemble(scorers(), (1, 3), "linear")([Span(0, 0, tokens)]) for tokens in ((5, 6), (5, 6, 7), (9,))
    ]
    torch.testing.assert_close(scored, torch.cat(alone), rtol=1e-4, atol=1e-5)


@torch.inference_mode()
def test_rows_move_in_every_members_cache() -> None:
    ensemble = Ensemble(scorers(), (1, 1), "linear")
    ensemble(SPANS)
    expected = ensemble([Span(0, 3, (8,)), Span(1, 3, (8,))])
    ensemble.cache.swap(0, 1, 3)
    ensemble.cache.copy(1, 2, 3)
    swapped = ensemble([Span(1, 3, (8,)), Span(0, 3, (8,)), Span(2, 3, (8,))])
    torch.testing.assert_close(swapped, torch.cat([expected, expected[:1]]), rtol=1e-4, atol=1e-5)


async def test_the_file_that_training_writes_is_a_model(tmp_path: Path, folders: tuple[str, str]) -> None:
    recipe = {"kind": "log_linear", "members": members(0.7, 0.3, folders=folders)}
    (tmp_path / "ensemble.json").write_text(json.dumps(recipe))
    by_file = await answers(model=str(tmp_path))
    by_settings = await answers(ensemble=members(0.7, 0.3, folders=folders), mixing="log_linear")
    assert by_file == by_settings


@pytest.mark.parametrize(
    "text", ["", "[]", '{"kind": "sum", "members": []}', '{"kind": "linear", "members": [{"model": "a", "weight": 0}]}']
)  # fmt: skip
async def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "ensemble.json").write_text(text)
    with pytest.raises(BadCheckpoint, match=r"ensemble\.json"):
        await answers(model=str(tmp_path))


async def test_models_with_different_tokenizers_cannot_be_joined(
    tmp_path: Path, folders: tuple[str, str]
) -> None:
    other = tiny_tokenizer()
    other.add_tokens(["another"])
    tiny_llama(len(other)).save_pretrained(tmp_path)
    other.save_pretrained(tmp_path)
    with pytest.raises(UnsupportedModel, match="different tokenizers"):
        await answers(ensemble=members(1, 1, folders=(folders[0], str(tmp_path))))


async def test_an_adapter_can_be_a_member(tmp_path: Path, folders: tuple[str, str]) -> None:
    peft = pytest.importorskip("peft", reason="adapters need the extra: train")
    torch.manual_seed(5)
    config = peft.LoraConfig(
        r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False, task_type="CAUSAL_LM"
    )
    base = tiny_llama(len(tiny_tokenizer()), seed=1)
    base.name_or_path = folders[0]
    peft.get_peft_model(base, config).save_pretrained(tmp_path)
    config_file = tmp_path / "adapter_config.json"
    values = json.loads(config_file.read_text()) | {"base_model_name_or_path": folders[0]}
    config_file.write_text(json.dumps(values))
    plain, adapted = await answers(model=folders[0]), await answers(model=str(tmp_path))
    assert [one.text for one in plain] != [one.text for one in adapted]
    mixed = await answers(ensemble=members(1, 1, folders=(folders[0], str(tmp_path))))
    assert all(one.agreement is not None and one.agreement < 1 for one in mixed)
