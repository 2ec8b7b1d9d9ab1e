"""Reads a text before it is judged: as it is written, and as it is meant."""

from collections.abc import Iterable, Mapping
from functools import cache

from genai.moderation.reading.deobfuscation import Unmasker
from genai.moderation.reading.letters import to_latin

RAREST = -10.0
"""Log of the share of texts that hold a word too rare to be counted."""

_SHORT = "u ur ya im ive id youre dont cant wont didnt doesnt isnt thats lol ok rt"
"""Short forms of the commonest words, which would otherwise be read as something else."""


class Reader:
    """Sees through disguise; a word that is known is never read as another."""

    def __init__(
        self, masked: Iterable[str], likelihood: Mapping[str, float], aliases: Mapping[str, str]
    ) -> None:
        self._unmasker = Unmasker(masked, likelihood, aliases)

    def read(self, text: str) -> str:
        """`text` as `written`, or in lower case and without disguise where it wears one."""
        return self.readings(text)[-1]

    def readings(self, text: str) -> tuple[str, ...]:
        """`text` as it looks, in Latin letters where it uses look-alikes, and as it is meant if that differs."""
        written = to_latin(text)
        meant = self._unmasker.read(written)
        return (written,) if meant.split() == written.casefold().split() else (written, meant)


def load(terms: Iterable[str] = ()) -> Reader:
    """A reader that knows the words of the embedded classifiers and of `terms`; takes about a second once."""
    return _load(frozenset(word for term in terms for word in term.casefold().split() if word.isalpha()))


@cache
def _load(extra: frozenset[str]) -> Reader:
    from genai.moderation.classifiers.profanity import COMMONEST, vocabulary
    from genai.moderation.hostility.lexicon import ALIASES, WEIGHT_OF, WEIGHTS

    masked = {word for word, weight in WEIGHTS.items() if weight >= WEIGHT_OF["sexual"]} | extra
    rare = dict.fromkeys([*WEIGHTS, *extra], RAREST)
    return Reader(masked, rare | vocabulary() | dict.fromkeys(_SHORT.split(), COMMONEST), ALIASES)
