"""How the embedded model is made: its tokenizer, losses, optimiser and run, on a very small scale."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerFast

from genai.prompts import Brief, Preferences, Task, build_turns
from genai.training.architecture import Architecture
from genai.training.demo.dataset import answer_loss, banned_loss, collate, encode_example
from genai.training.demo.examples import Example, make_example
from genai.training.demo.learner import MuonWithAdamW, part_parameters
from genai.training.demo.library import load_library
from genai.training.demo.train import DemoConfig, TrainingBatches, train_demo
from genai.training.run.hyperparameters import Schedule
from genai.training.tokenizer import train_tokenizer

TEXTS = [
    make_example(load_library(), Random(index)).answer + "\n12. Brainstorm 12 ideas" for index in range(60)
]


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    return train_tokenizer(TEXTS, 700, 256)


def tiny(output: Path, steps: int = 6) -> DemoConfig:
    return DemoConfig(
        output=output,
        size=Architecture(hidden=16, layers=1, heads=2, context=512),
        schedule=Schedule(steps=steps, learning_rate=1e-2, save_steps=3, log_steps=1, device="cpu"),
        batch_tokens=600,
        longest_example=500,
        shuffled_examples=60,
        polish=2,
        vocabulary=400,
        tokenizer_examples=40,
        threads=1,
        compile=False,
    )


def test_a_count_is_the_same_token_in_the_request_and_at_its_line(tokenizer: PreTrainedTokenizerFast) -> None:
    request, line = (tokenizer(text)["input_ids"] for text in ("Brainstorm 12 ideas", "\n12. **A**: b"))
    (count,) = tokenizer("12")["input_ids"]
    assert count in request
    assert count in line
    assert tokenizer.decode(tokenizer("a 1,024  b\n\nc")["input_ids"]) == "a 1,024  b\n\nc"


def test_only_the_answer_counts_and_copies_and_ends_count_more(tokenizer: PreTrainedTokenizerFast) -> None:
    brief = Brief(Task.SLOGAN, "blue tea", count=2)
    example = Example(
        brief, build_turns(brief), "1. Make room for blue tea.\n2. Mostly blue tea.", ("blue tea",)
    )
    encoded = encode_example(tokenizer, example)
    heavy = max(encoded.weights)
    line_end = tokenizer("\n")["input_ids"][0]
    assert encoded.weights[0] == 0
    assert encoded.weights[-1] == heavy
    line_ends = [
        weight for token, weight in zip(encoded.ids, encoded.weights, strict=True) if token == line_end
    ]
    assert set(line_ends) == {0.0, heavy}
    assert sum(weight > 0 for weight in encoded.weights) == len(tokenizer(example.answer)["input_ids"]) + 1


def test_losses_are_those_of_their_definitions() -> None:
    logits = torch.randn(1, 4, 9, generator=torch.Generator().manual_seed(1))
    ids, weights = torch.tensor([[3, 1, 4, 5]]), torch.tensor([[0.0, 0.0, 1.0, 3.0]])
    log = logits.log_softmax(-1)
    torch.testing.assert_close(answer_loss(logits, ids, weights), -(log[0, 1, 4] + 3 * log[0, 2, 5]) / 4)
    banned = torch.tensor([[7, 0], [0, 0]])
    expected = -torch.log(1 - logits[0, 0].softmax(-1)[7]) / 2
    torch.testing.assert_close(banned_loss(logits[0, :2], torch.tensor([1, 2]), banned), expected)


def test_words_that_a_brief_forbids_are_known_to_the_loss(tokenizer: PreTrainedTokenizerFast) -> None:
    brief = Brief(Task.SLOGAN, "tea", preferences=Preferences(avoid_words=("the",)))
    encoded = encode_example(tokenizer, Example(brief, build_turns(brief), "1. Good tea."))
    assert tokenizer(" the")["input_ids"][0] in encoded.banned
    batch = collate([[encoded, replace(encoded, banned=())]], padding=0)
    assert batch["banned"].shape[0] == 2
    assert not batch["banned"][1].any()


def test_matrices_are_muons_and_the_rest_is_adamws() -> None:
    model = torch.nn.ModuleDict({"embed": torch.nn.Embedding(5, 4), "inner": torch.nn.Linear(4, 4)})
    matrices, others = part_parameters(model)
    assert [matrix.shape for matrix in matrices] == [(4, 4)]
    assert len(others) == 2
    optimizer = MuonWithAdamW(model, 0.1, 0.0)
    before = [parameter.clone() for parameter in model.parameters()]
    model["inner"](model["embed"](torch.arange(5))).sum().backward()
    for group in optimizer.param_groups:
        group["lr"] = 0.0
    optimizer.step()
    assert all(torch.equal(old, new) for old, new in zip(before, model.parameters(), strict=True))


def test_batches_are_the_same_wherever_they_are_begun(
    tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    config = tiny(tmp_path)
    straight, late = TrainingBatches(config, tokenizer), TrainingBatches(config, tokenizer)
    fourth = late[3]
    assert [straight[index] for index in range(4)][3] == fourth
    assert late[0] == straight[0]
    assert max(len(item.ids) for item in fourth) * len(fourth) <= max(600, len(fourth[0].ids))


def test_a_stopped_run_ends_with_the_same_weights_in_an_ordinary_folder(tmp_path: Path) -> None:
    whole = train_demo(tiny(tmp_path / "whole"))
    train_demo(tiny(tmp_path / "stopped"))
    for gone in ("model.safetensors", "checkpoints/checkpoint-6/trainer_state.json"):
        (tmp_path / "stopped" / gone).unlink()
    resumed = train_demo(tiny(tmp_path / "stopped"))
    assert resumed.outcome.resumed_at == 3
    first, second = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "stopped"))
    assert all(torch.equal(first[name], second[name]) for name in first)
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "whole")
    assert type(model).__name__ == "LlamaForCausalLM"
    assert model.config.use_cache
    assert AutoTokenizer.from_pretrained(tmp_path / "whole").vocab_size <= 400
    assert whole.tokens == resumed.tokens > 0
    assert (tmp_path / "whole/README.md").is_file()
