"""Reads the corpus folder into memory, checks every line, and turns a line into finished English.

The notation is described in `genai/demo/corpus/README.md`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

_ALTERNATIVES = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_INSERTED = "\x01"
_ARTICLE = re.compile(rf"\b([Aa])n? {_INSERTED}+([\w-]+)")
_CONSONANT_SOUND = re.compile(r"(uni(?!n)|use|usu|uti|eu|one|once|ukulele)", re.IGNORECASE)
_VOWEL_SOUND = re.compile(r"([aeiou]|hour|honest|heir|honou?r)", re.IGNORECASE)

Words = Mapping[str, tuple[str, ...]]


def slots_of(line: str) -> frozenset[str]:
    """The names of the slots that a line may draw on."""
    return frozenset(_SLOT.findall(line))


def expand(line: str, words: Words, values: Mapping[str, str], rng: Random) -> str:
    """Fill one line: `values` are put in unchanged, other slots draw from `words`.

    Raises KeyError with the slot's name when neither knows it.
    """

    def choose(match: re.Match[str]) -> str:
        return _INSERTED + rng.choice(str(match[1]).split("|"))

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name in values:
            return _INSERTED + values[name]
        return _INSERTED + expand(rng.choice(words[name]), words, values, rng)

    return tidy(_SLOT.sub(fill, _ALTERNATIVES.sub(choose, line)))


def tidy(text: str) -> str:
    """Mend articles in front of inserted words, and spaces that an empty alternative left."""
    text = _ARTICLE.sub(lambda match: f"{match[1]}{_n_before(match[2])} {match[2]}", text)
    text = re.sub(r" {2,}", " ", text.replace(_INSERTED, ""))
    return re.sub(r"(?<! ) +([,.;:?!])", r"\1", text).strip()


def _n_before(word: str) -> str:
    return "n" if _VOWEL_SOUND.match(word) and not _CONSONANT_SOUND.match(word) else ""


# Reads the corpus folder into memory and checks every line; draws nothing at random.


CORPUS_FOLDER = Path(__file__).parents[2] / "demo" / "corpus"
VALUE_SLOTS = frozenset(
    {"topic", "audience", "interest", "idea", "first", "second", "word", "persons_role", "count"}
)
"""Slots that an example fills itself; the others draw from `words/`."""

HELD_OUT = "heldout"


class CorpusError(ValueError):
    """A corpus file does not keep the format; says the file, the line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A title and the text behind it, both unexpanded."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Library:
    """The whole written corpus, by the names of its files."""

    words: Mapping[str, tuple[str, ...]]
    patterns: Mapping[str, tuple[Pattern, ...]]
    lines: Mapping[str, tuple[str, ...]]
    topics: tuple[str, ...]
    held_out: tuple[str, ...]
    parts: Mapping[str, tuple[str, ...]]
    combines_topics: bool = True
    """Whether topics are also put together from `parts`; not where only the written ones are to be measured."""

    def toned_lines(self, name: str, tone: str) -> tuple[str, ...]:
        """Lines of `name.tone`, else of `name.plain`, else of `name`."""
        return self.lines.get(f"{name}.{tone}") or self.lines.get(f"{name}.plain") or self.lines[name]

    def toned_patterns(self, name: str, tone: str) -> tuple[Pattern, ...]:
        """Patterns of `name.tone`, else of `name.plain`, else of `name`."""
        return (
            self.patterns.get(f"{name}.{tone}") or self.patterns.get(f"{name}.plain") or self.patterns[name]
        )


@cache
def load_library(folder: Path = CORPUS_FOLDER) -> Library:
    """Read and check the corpus.

    Raises CorpusError for a line that breaks the format, OSError when a file cannot be read.
    """
    words = {path.stem: tuple(_entries(path)) for path in sorted((folder / "words").glob("*.txt"))}
    patterns: dict[str, tuple[Pattern, ...]] = {}
    lines: dict[str, tuple[str, ...]] = {}
    for path in sorted([*folder.glob("brainstorm/**/*.txt"), *folder.glob("tasks/*.txt")]):
        name = f"tails.{path.stem}" if path.parent.name == "tails" else path.stem
        checked = [_checked(path, entry, words) for entry in _entries(path)]
        if any(" | " in entry for entry in checked):
            patterns[name] = tuple(_pattern(path, entry) for entry in checked)
        else:
            lines[name] = tuple(checked)
    topics = {path.stem: tuple(_entries(path)) for path in sorted((folder / "topics").glob("*.txt"))}
    return Library(
        words=words,
        patterns=patterns,
        lines=lines,
        topics=tuple(topic for name, group in topics.items() if name != HELD_OUT for topic in group),
        held_out=topics.get(HELD_OUT, ()),
        parts={path.stem: tuple(_entries(path)) for path in sorted((folder / "topics/parts").glob("*.txt"))},
    )


def _entries(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def _checked(path: Path, entry: str, words: Mapping[str, tuple[str, ...]]) -> str:
    if unknown := slots_of(entry) - words.keys() - VALUE_SLOTS:
        raise CorpusError(f"{path.name}: no list words/{min(unknown)}.txt for the line: {entry}")
    for opening, closing in ("[]", "{}"):
        depth = 0
        for character in entry:
            depth += (character == opening) - (character == closing)
            if depth not in (0, 1):
                raise CorpusError(
                    f"{path.name}: unbalanced or nested {opening}{closing} in the line: {entry}"
                )
        if depth:
            raise CorpusError(f"{path.name}: {opening} is never closed in the line: {entry}")
    return entry


def _pattern(path: Path, entry: str) -> Pattern:
    title, bar, text = entry.partition(" | ")
    if not bar or not text or not title:
        raise CorpusError(f"{path.name}: the line needs 'Title | text': {entry}")
    return Pattern(title.strip(), text.strip())


def corpus_ideas(seed: int) -> tuple[str, ...]:
    """Every pattern of a brainstorm in the corpus once, its slots filled at random and its topic left out."""
    library, random = load_library(), Random(seed)
    values = dict.fromkeys(VALUE_SLOTS, "")
    return tuple(
        f"{pattern.title}. {expand(pattern.text, library.words, values, random)}"
        for kind in sorted(library.patterns)
        if "." in kind
        for pattern in library.patterns[kind]
    )
