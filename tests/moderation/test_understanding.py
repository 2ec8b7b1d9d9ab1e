"""The first layers of the embedded model, read without transformers: the same numbers, however a text is cut."""

import subprocess
import sys

import pytest
import torch

from genai.errors import ModelMissing
from genai.model.gguf.header import GgufFile, read_header
from genai.model.loading.digests import Digests, models_folder
from genai.model.loading.embedded_model import embedded_file
from genai.moderation.understanding.memory import Known, Memory
from genai.moderation.understanding.trunk import Trunk
from genai.moderation.understanding.vocabulary import tokenizer_of

pytestmark = pytest.mark.embedded
TEXT = "On Friday there is a parade of lanterns 🏮, and in the year 2031 a band from Łódź plays by the river."
DEPTH = 3
_CLOSE = 0.02


@pytest.fixture(scope="module")
def file() -> GgufFile:
    try:
        return read_header(embedded_file(Digests(models_folder(""))))
    except ModelMissing as error:
        pytest.skip(error.say)


def differs(found: torch.Tensor, wanted: torch.Tensor) -> float:
    return float((found - wanted).norm() / wanted.norm())


def test_layers_are_those_of_the_whole_model(file: GgufFile) -> None:
    from genai.model.gguf.families import configuration
    from genai.model.gguf.load import load_unpacked

    tokens = tokenizer_of(file).encode(TEXT).ids
    model = load_unpacked(file, configuration(file), torch.float32, {})
    with torch.inference_mode():
        wanted = model(input_ids=torch.tensor([[1, *tokens]]), output_hidden_states=True).hidden_states[DEPTH]
    (found,) = Trunk(file, DEPTH)([tokens])
    assert differs(found, wanted[0, 1:]) < _CLOSE


def test_tokens_are_those_of_the_models_own_tokenizer(file: GgufFile) -> None:
    from genai.model.gguf.tokenizer import tokenizer_of as whole_tokenizer

    wanted = whole_tokenizer(file)(TEXT, add_special_tokens=False)["input_ids"]
    assert tokenizer_of(file).encode(TEXT).ids == wanted


def test_a_text_is_read_alike_alone_among_others_and_piece_by_piece(file: GgufFile) -> None:
    tokens = tokenizer_of(file).encode(TEXT).ids
    (alone,) = Trunk(file, DEPTH)([tokens])
    growing = Trunk(file, DEPTH, remembered=200)
    for end in (12, 13, 20, len(tokens), len(tokens)):
        others = [tokens[end // 2 :], tokens[:end], tokens[:5]]
        found = growing(others)
        assert [len(one) for one in found] == [len(one) for one in others]
        assert differs(found[1], alone[:end]) < _CLOSE


def test_additions_change_what_is_read_from_their_layer_on(file: GgufFile) -> None:
    tokens = tokenizer_of(file).encode(TEXT).ids
    plain = Trunk(file, DEPTH)
    rows, columns = plain.weights(0, "closing").numbers.shape
    additions = {
        f"{DEPTH}.closing.down": torch.ones(1, columns, dtype=torch.bfloat16),
        f"{DEPTH}.closing.up": torch.ones(rows, 1, dtype=torch.bfloat16),
    }
    changed = Trunk(file, DEPTH, additions)
    assert differs(changed([tokens])[0], plain([tokens])[0]) > _CLOSE
    below, same = Trunk(file, DEPTH - 1), Trunk(file, DEPTH - 1, additions)
    assert torch.equal(below([tokens])[0], same([tokens])[0])


def test_memory_goes_on_from_the_longest_beginning_and_lets_old_texts_go() -> None:
    def known(*tokens: int) -> Known:
        return Known(tokens, torch.zeros(1, 2, len(tokens), 1, 1), torch.arange(len(tokens)).view(-1, 1))

    memory = Memory(40)
    memory.remember(known(*range(10)))
    memory.remember(known(*range(20)))
    memory.remember(known(*range(12), 99, 98, 97))
    begun = memory.begun([*range(15), 0, 0])
    assert begun is not None
    assert begun.tokens == tuple(range(15))
    assert len(begun.states) == 15
    assert memory.begun([0, 1, 2, 7, 7, 7, 7, 7, 7]) is None
    memory.remember(known(*range(100, 130)))
    assert memory.begun(range(100, 120)) is not None
    assert memory.begun(range(20)) is None


def test_moderation_reads_without_transformers() -> None:
    script = (
        "import sys; from genai.moderation.classifiers import load;"
        "from genai.moderation.settings import ModerationSettings;"
        "found = load('profanity-check+embedded', ModerationSettings());"
        "found.score(['hello']); print('transformers' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
