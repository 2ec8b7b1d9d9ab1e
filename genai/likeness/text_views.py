"""What is read of one text before it is compared: its n-grams, words, names, numbers, and where its words lie.

Only its beginning counts, as for a reader who wonders whether it says the same: so a huge text costs no more.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from genai.likeness.character_grams import counted, in_words, of_characters
from genai.likeness.word_vectors import EXACT, whole, word_vectors
from genai.stop_words import stop_words

OPENING = 550
"""Characters of a text that are compared word by word, about what people look at ..."""
PIECES = 128
"""... and at most so many pieces of words."""
WHOLE = 2_000
"""Characters whose n-grams are compared."""
GRAMS = 2**14
SETS = ("words", "content", "numbers", "names", "marked")
"""Sets of words that texts are compared by."""

_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(r"\w+")
_TOGETHER = re.compile(rf"[{_HAN}]")
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<![.!?:\n*] )(?<=.)\b[A-Z][a-z]\w+")
_MARKED = re.compile(r"\*\*([^*\n]{1,80})\*\*|[\"“]([^\"”\n]{1,80})[\"”]|(?<!\*)\*([^*\n]{1,80})\*(?!\*)")
_EDGES = " \t\r\n.,;:!?*_\"'“”‘’`。，！？、"

Hashes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class View:
    """One text, ready to be compared. Arrays are sorted and hold nothing twice; some ten kilobytes."""

    said: str
    gram_places: NDArray[np.uint16]
    gram_weights: NDArray[np.float32]
    pieces: NDArray[np.uint16]
    meaning: NDArray[np.float32]
    """The mean of the pieces' vectors, a unit vector."""
    sets: tuple[Hashes, ...]
    characters: float
    """How many, as a logarithm ..."""
    word_count: float
    """... and how many words."""
    is_written_together: bool
    """Whether it is in a language without spaces, of which the word vectors know little: there its characters count,
    one by one and in pairs."""
    character_places: NDArray[np.uint16]
    character_weights: NDArray[np.float32]


def read(texts: Sequence[str]) -> list[View]:
    """A view of each text. Blocking: about a fifth of a millisecond each."""
    if not texts:
        return []
    texts = [whole(text[:WHOLE]) for text in texts]
    openings = [text[:OPENING] for text in texts]
    pieces = [found[:PIECES] for found in word_vectors().pieces(openings)]
    return [_view(text, opening, found) for text, opening, found in zip(texts, openings, pieces, strict=True)]


def _view(text: str, opening: str, pieces: NDArray[np.int64]) -> View:
    words = list(_words(opening))
    content = [word for word in words if word not in stop_words()]
    together = is_written_together(opening)
    gram_places, grams = counted(in_words(text.lower()), GRAMS)
    character_places, characters = counted(
        of_characters("".join(_WORD.findall(text.lower())) if together else ""), GRAMS
    )
    marked = (word for found in _MARKED.findall(opening) for word in _words("".join(found)))
    sets = (
        words,
        content,
        _NUMBER.findall(opening),
        [_bare(name.lower()) for name in _NAME.findall(opening)],
        [word for word in marked if word not in stop_words()],
    )
    return View(
        said=said(text),
        gram_places=gram_places.astype(np.uint16),
        gram_weights=_exact_unit(1 + np.log(grams)),
        pieces=np.unique(pieces).astype(np.uint16),
        meaning=_exact_unit(word_vectors().total(pieces)),
        sets=tuple(map(_hashes, sets)),
        characters=float(np.log1p(len(text))),
        word_count=float(np.log1p(len(text.split()))),
        is_written_together=together,
        character_places=character_places.astype(np.uint16),
        character_weights=_exact_unit(1 + np.log(characters)),
    )


def said(text: str) -> str:
    """The text without case, marks at its ends and spaces beyond one: where two are equal, they say the same."""
    return " ".join(text.casefold().split()).strip(_EDGES)


def is_written_together(text: str) -> bool:
    """Whether most letters are of a language without spaces between words."""
    return 2 * len(_TOGETHER.findall(text)) > sum(map(str.isalpha, text))


def _words(text: str) -> Iterator[str]:
    """Words without the ending of a plural; pairs of characters of what is written without spaces."""
    for word in _WORD.findall(text.lower()):
        if _TOGETHER.search(word):
            yield from (word[at : at + 2] for at in range(max(1, len(word) - 1)))
        else:
            yield _bare(word)


def _bare(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _hashes(words: Iterable[str]) -> Hashes:
    """The same number for the same word in every process."""
    return np.unique(np.array([crc32(word.encode()) for word in words], dtype=np.uint32))


def _exact_unit(vector: NDArray[np.float64]) -> NDArray[np.float32]:
    length = float(np.linalg.norm(vector))
    units: NDArray[np.float64] = np.round(vector * (EXACT / max(length, 1e-12))) / EXACT
    return units.astype(np.float32)
