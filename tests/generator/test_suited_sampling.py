"""A model is drawn from as its folder, its family's makers or its readers say, unless settings say otherwise."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.startup_checks.model_checks import drawn
from genai.model.suited_sampling import SUITED_TO_EMBEDDED, suited_to
from genai.request import GenerationRequest, SuitedSampling, Turn, check
from genai.settings import GeneratorSettings


def folder(place: Path, said: Any) -> Path:
    (place / "generation_config.json").write_text(said if isinstance(said, str) else json.dumps(said))
    return place


def test_a_folder_that_says_it_counts_more_than_the_family(tmp_path: Path) -> None:
    said = folder(tmp_path, {"do_sample": True, "temperature": 0.4, "top_k": 7, "eos_token_id": 2})
    found = suited_to("Qwen/Qwen3-8B", said)
    assert (found.temperature, found.top_k, found.top_p) == (0.4, 7, 0.95)
    assert "generation_config.json" in found.source


@pytest.mark.parametrize(
    "said", ['{"temperature": 0.4', "[]", {"do_sample": False, "temperature": 0.4}, {"temperature": -1}, {}]
)
def test_a_folder_that_says_nothing_of_use_leaves_it_to_the_family(tmp_path: Path, said: Any) -> None:
    assert suited_to("Qwen3-8B-Q4_K_M.gguf", folder(tmp_path, said)).temperature == 0.7


@pytest.mark.parametrize(
    ("name", "temperature"),
    [
        ("Qwen/Qwen3-8B", 0.7),
        ("Qwen3-30B-A3B-Thinking-2507", 0.6),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", 0.6),
        ("/models/gemma-3-12b-it", 1.0),
        ("Meta-Llama-3.1-8B-Instruct", 0.6),
        ("a-model-of-our-own", 0.8),
    ],
)
def test_families_are_known_by_their_names(name: str, temperature: float) -> None:
    assert suited_to(name).temperature == temperature


def test_settings_win_and_the_check_says_whose_numbers_they_are() -> None:
    settings = GeneratorSettings(temperature=1.1)
    sampling = settings.default_sampling(SUITED_TO_EMBEDDED)
    assert (sampling.temperature, sampling.min_p) == (1.1, SUITED_TO_EMBEDDED.min_p)
    said = drawn(settings, SUITED_TO_EMBEDDED)
    assert "temperature 1.1" in said
    assert "temperature as you set it" in said
    assert SUITED_TO_EMBEDDED.source in said
    assert "as you set it" not in drawn(GeneratorSettings(), SuitedSampling())


@given(
    st.dictionaries(
        st.sampled_from(["temperature", "top_p", "top_k", "min_p", "repetition_penalty"]),
        st.one_of(st.floats(), st.integers(), st.text(max_size=3), st.none(), st.booleans()),
    )
)
def test_whatever_a_folder_says_can_be_drawn_with(
    tmp_path_factory: pytest.TempPathFactory, said: dict[str, Any]
) -> None:
    place = folder(tmp_path_factory.mktemp("model"), json.dumps(said))
    sampling = GeneratorSettings().default_sampling(suited_to("unknown", place))
    check(GenerationRequest((Turn("user", "hello"),), sampling))
