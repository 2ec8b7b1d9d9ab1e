"""Static word vectors: one vector for each piece of a word, whatever stands beside it. Read from a package's files.

The weights and the tokenizer come with the package wordllama. Its own code is not run: it sets up logging, and can
ask the network for what it does not find.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from genai.errors import ModelMissing

_PACKAGE = "wordllama"
_WEIGHTS = "weights/l2_supercat_256.safetensors"
EXACT = 2.0**20
"""Numbers are rounded to multiples of 1/2^20, which fit into 32 bits: sums of their products have no rounding in 64
bits, so that no order and no company of texts counts."""
_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"


@dataclass(frozen=True, slots=True)
class WordVectors:
    """The table [pieces, 256] in half precision, and how rare each piece is: frequent ones have short vectors."""

    table: NDArray[np.float16]
    rarity: NDArray[np.float64]
    tokenizer: Tokenizer

    def pieces(self, texts: list[str]) -> list[NDArray[np.int64]]:
        """The pieces of each text, in order."""
        encoded = self.tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        return [np.array(one.ids, dtype=np.int64) for one in encoded]

    def total(self, pieces: NDArray[np.int64]) -> NDArray[np.float64]:
        """The sum of the pieces' vectors; zeros where there is none."""
        total: NDArray[np.float64] = self.table[pieces].sum(axis=0, dtype=np.float64)
        return total


@cache
def word_vectors() -> WordVectors:
    """Read once; about 20 MB. Raises ModelMissing."""
    folder = _folder()
    try:
        table = load_file(folder / _WEIGHTS)["embedding.weight"]
        tokenizer = Tokenizer.from_str(json.dumps(json.loads((folder / _TOKENIZER).read_bytes())))
    except Exception as error:  # whatever a broken installation provokes
        raise ModelMissing(
            f'The word vectors of {_PACKAGE} cannot be read; install it again, or set similarity_model = "ngrams".'
        ) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    lengths = np.linalg.norm(table.astype(np.float32), axis=1).astype(np.float64)
    rarity = np.round(lengths / np.median(lengths) * EXACT) / EXACT
    return WordVectors(table, rarity, tokenizer)


def meanings(texts: Sequence[str]) -> NDArray[np.float64]:
    """What each text is about, as a unit vector [texts, 256]; zeros where it has no word. Raises ModelMissing."""
    vectors = word_vectors()
    found = np.array([vectors.total(pieces) for pieces in vectors.pieces([whole(text) for text in texts])])
    rows = found.reshape(len(texts), vectors.table.shape[1])
    units: NDArray[np.float64] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return units


def whole(text: str) -> str:
    """The text without lone surrogates, which JSON may hold and no alphabet has."""
    return text.encode("utf-8", "replace").decode()


def _folder() -> Path:
    spec = util.find_spec(_PACKAGE)  # finds a top-level package without running it
    if spec is None or not spec.submodule_search_locations:
        raise ModelMissing(
            f'reranking.similarity_model = "fitted" needs {_PACKAGE}; run pip install {_PACKAGE}, or set "ngrams".'
        )
    return Path(spec.submodule_search_locations[0])
