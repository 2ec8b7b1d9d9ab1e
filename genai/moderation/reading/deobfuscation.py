"""Finds the words behind letters that are replaced, repeated, starred out, torn apart or spaced out.

Where several words could be meant the likeliest one is read, so that a harmless word stays harmless.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice, product
from math import inf

_LEET = {"4": "a", "@": "a", "8": "b", "(": "c", "3": "e", "€": "e", "6": "g", "9": "g", "#": "h", "1": "il",
         "!": "il", "|": "il", "0": "o", "$": "s", "5": "s", "7": "t", "+": "t", "2": "z"}  # fmt: skip
_TOKEN = re.compile(r"[^\s,;:?\"“”]+")
_EDGES = ".,'()[]<>"
_MARKUP = "*_`~"
"""What stands before a word that is set bold or as code; no letter hides there."""
_ABBREVIATION = re.compile(r"[a-z](?:\.[a-z])+")
_QUOTES = ".,!?;:'()\"“”"
_APOSTROPHE = re.compile(r"[^\W\d_]+['’][^\W\d_]{1,2}")
_STAR = re.compile(r"[*#_.\-%&~^]")
_RUN = re.compile(r"(.)\1+")
_DRAWN_OUT = re.compile(r"(.)\1\1|(.)\2.*(.)\3")
_SPACED = re.compile(
    r"(?<![\w*])[^\W_](?:(?:[ ]{1,3}[^\W_]){2,}|([.\-_*/|~+·•])[^\W_](?:\1[^\W_])+)(?![^\W_]|[.\-_*/|~+·•]\w)"
)
_MIXED = re.compile(r"(?<![a-z])[a-z]++\d|\d[a-z]++")
_NUMBER = re.compile(r"(?<![\w.,$£€])\d{1,4}(?![\w%]|[.,]\d)")
_FEWEST_MIXED = 3
"""Places where letters and digits touch in a text that writes with digits; "a 4K screen of 15 inches" has fewer."""

_LONGEST_WORD = 18
_MOST_READINGS = 64
_REMEMBERED = 32768
"""Tokens whose meaning is kept: most of any text is made of few of them."""

_COMMON = -4.0
"""What may be read into two characters: "1f" is "if", and "4K" is not "ak"."""

_UNKNOWN_WORD = -12.0
_UNKNOWN_LETTER = -2.0
_ANOTHER_WORD = -3.0
"""What each further word costs where letters are put together, so that "hell" is no "he ll"."""

_JOINING_GAIN = 4.0
"""How much likelier (as log-odds) one word must be than its two halves, so that "pen is" stays as it is."""


class Unmasker:
    """Reads words; `likelihood` is the log of how often each known word is used, `masked` those worth masking.

    `aliases` are other spellings of them.
    """

    def __init__(
        self, masked: Iterable[str], likelihood: Mapping[str, float], aliases: Mapping[str, str]
    ) -> None:
        self._masked = frozenset(masked)
        self._aliases = aliases
        self._likelihood = likelihood
        self._shapes: dict[tuple[str, int], list[str]] = {}
        self._skeletons: dict[str, str] = {}
        for word in sorted(likelihood, key=likelihood.__getitem__, reverse=True):
            self._shapes.setdefault((word[0], len(word)), []).append(word)
            self._skeletons.setdefault(_skeleton(word), word)
        self._meant = lru_cache(maxsize=_REMEMBERED)(self._read_token)

    def read(self, text: str) -> str:
        """`text` in lower case with every word as it is meant."""
        joined = _SPACED.sub(lambda match: f" {self._respaced(match.group())} ", text.casefold())
        read = _TOKEN.sub(lambda match: self._meant(match.group()), self._rejoined(joined))
        if len(_MIXED.findall(joined)) < _FEWEST_MIXED:
            return read
        return _NUMBER.sub(lambda match: self._number(match.group()), read)

    def _number(self, digits: str) -> str:
        """The likeliest word that `digits` spell, or `digits`: for texts that write with digits elsewhere, too."""
        spelt = map("".join, product(*(_LEET.get(digit, digit) for digit in digits)))
        return max(
            filter(self._likelihood.__contains__, spelt), key=self._likelihood.__getitem__, default=digits
        )

    def _read_token(self, token: str) -> str:
        core = token.strip(_EDGES).lstrip(_MARKUP + _EDGES)
        if core.rstrip("!").isalpha():
            core = core.rstrip("!")
        if core.endswith("**") and len(core) > 3:
            core = core.strip("*").rstrip(_EDGES)
        if len(core) < 2 or core.isdigit():
            return token
        before, _, after = token.partition(core)
        return before + self._read_word(core) + after

    def _read_word(self, core: str) -> str:
        if core in self._aliases:
            return self._aliases[core]
        if core in self._likelihood:
            return core
        if _APOSTROPHE.fullmatch(core):
            return core
        return self._unrepeated(core) if core.isalpha() else self._unsigned(core)

    def _unsigned(self, core: str) -> str:
        """The likeliest word behind a token with digits or signs, or its parts read one by one."""
        if not any(char.isalpha() for char in core) and any(char.isdigit() for char in core):
            return core
        bare = re.sub(r"[\W_]", "", core)
        if bare in self._masked and core[0].isalpha():
            return bare
        if _ABBREVIATION.fullmatch(core):
            return core
        rarest = _COMMON if len(core) <= 2 else -inf
        candidates = {word for word in self._candidates(core) if self._likelihood.get(word, -inf) > rarest}
        if _APOSTROPHE.fullmatch(_leet(core)):
            return _leet(core)
        if candidates:
            return max(sorted(candidates), key=self._likelihood.__getitem__)
        parts = [part for part in re.split(r"[^\w@$!*+]|_", core) if part]
        meant = [self._meant(part) for part in parts] if len(parts) > 1 else parts
        return core if meant == parts else " ".join(meant)

    def _candidates(self, core: str) -> Iterator[str]:
        options = [_LEET.get(char, char) for char in core.rstrip("!")]
        for letters in islice(product(*options), _MOST_READINGS):
            yield self._unrepeated("".join(letters))
        if _STAR.search(core, 1) and core[0].isalpha():
            yield re.sub(r"[\W_]", "", core)
            yield from self._unstarred(core)

    def _unstarred(self, core: str) -> Iterator[str]:
        """Words with other letters at the stars; of a single letter only a word that people star out."""
        fitting = (word for word in self._shapes.get((core[0], len(core)), ()) if _fits(core, word))
        if sum(char.isalpha() for char in core) == 1:
            fitting = (word for word in fitting if word in self._masked)
        yield from islice(fitting, 1)

    def _unrepeated(self, word: str) -> str:
        """`word` with letters repeated as often as in a word that is known; "dessert" is no "desert"."""
        if word in self._likelihood or not _RUN.search(word):
            return word
        is_drawn_out = bool(_DRAWN_OUT.search(word))
        for shorter in (_RUN.sub(r"\1\1", word), _RUN.sub(r"\1", word)):
            if shorter in (self._likelihood if is_drawn_out else self._masked):
                return shorter
        return self._skeletons.get(_skeleton(word), word) if is_drawn_out else word

    def _respaced(self, spaced: str) -> str:
        """The words of letters that stand apart; wider gaps are the gaps between words."""
        words = re.split(r"\s{2,}", spaced)
        return " ".join(self._segmented("".join(char for char in word if char.isalnum())) for word in words)

    def _segmented(self, letters: str) -> str:
        """`letters` as the likeliest sequence of known words."""
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(letters) + 1):
            starts = range(max(0, end - _LONGEST_WORD), end)
            best.append(
                max(
                    (best[start][0] + self._of(letters[start:end]) + _ANOTHER_WORD, start) for start in starts
                )
            )
        words: list[str] = []
        end = len(letters)
        while end:
            words.append(letters[best[end][1] : end])
            end = best[end][1]
        return " ".join(reversed(words))

    def _of(self, word: str) -> float:
        return self._likelihood.get(word, _UNKNOWN_WORD + _UNKNOWN_LETTER * len(word))

    def _rejoined(self, text: str) -> str:
        """`text` with each masked word put together that was written in two halves."""
        words = text.split(" ")
        position = 0
        while position < len(words) - 1:
            first, second = words[position].lstrip(_QUOTES), words[position + 1].rstrip(_QUOTES)
            second = second.removesuffix("'s")
            whole = first + second
            if whole in self._masked and self._of(whole) > self._of(first) + self._of(second) + _JOINING_GAIN:
                words[position : position + 2] = [whole]
            position += 1
        return " ".join(words)


def _leet(token: str) -> str:
    """`token` with signs and digits as the letters that they stand for most often."""
    return "".join(_LEET.get(char, char)[0] for char in token.rstrip("!"))


def _skeleton(word: str) -> str:
    return _RUN.sub(r"\1", word)


def _fits(token: str, word: str) -> bool:
    """Whether `token` is `word` with some letters starred out; both are equally long."""
    return all(char == letter or _STAR.match(char) for char, letter in zip(token, word, strict=True))
