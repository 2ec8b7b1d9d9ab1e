"""alt-profanity-check weighed together with the project's own words, forms of attack and sense of context.

The linear model knows thousands of words and no sentence. Here it does not see words that look hostile and are not,
counts less where it stands alone, and is joined by forms of sentences that attack people. English only.
"""

import hashlib
import inspect
import math
from collections.abc import Sequence
from dataclasses import dataclass

from genai.moderation.classifiers import Scores, profanity
from genai.moderation.classifiers.profanity import ProfanityCheck
from genai.moderation.hostility import attack_forms, attacks, grammar, lexicon
from genai.moderation.hostility.attacks import Reading, found_attacks, read_words
from genai.moderation.settings import ModerationSettings

PROFANITY_SHARE, LEXICON_SHARE, BASE = 1.0, 0.4, -1.2
"""Log-odds of being toxic are BASE and these shares of the log-odds of the linear model and of the lexicon's weight."""

AT_NOBODY_SHARE = 0.84
"""What is left of the score of swearing at nobody: such a text is flagged, and not blocked."""

_CERTAIN = 0.0025
"""The linear model is never surer than this: its extremes tell little."""


@dataclass(frozen=True, slots=True)
class Hostility:
    """Scores `toxicity`, `identity_attack`, `threat` and `insult`."""

    version: str
    profanity: ProfanityCheck
    name: str = "profanity-check+hostility"

    def score(self, texts: Sequence[str]) -> Sequence[Scores]:
        lower = [text.casefold().replace("’", "'") for text in texts]
        readings = [read_words(text) for text in lower]
        by_words = self.profanity.score([reading.seen for reading in readings])
        return [
            _scores(text, reading, row["toxicity"])
            for text, reading, row in zip(lower, readings, by_words, strict=True)
        ]


def _scores(text: str, reading: Reading, profanity_score: float) -> Scores:
    found = found_attacks(text, reading.words)
    by_words = pooled(profanity_score, reading.weight) * (AT_NOBODY_SHARE if reading.at_nobody else 1.0)
    return {**found, "toxicity": max(by_words, *found.values())}


def pooled(profanity_score: float, weight: float) -> float:
    """The probability of being toxic by single words: `weight` is the lexicon's, as log-odds."""
    known = min(max(profanity_score, _CERTAIN), 1.0 - _CERTAIN)
    odds = PROFANITY_SHARE * math.log(known / (1.0 - known)) + LEXICON_SHARE * weight + BASE
    return 1.0 / (1.0 + math.exp(-odds))


def load(settings: ModerationSettings, variant: str) -> Hostility:
    """The classifier; its version holds a digest of its words and forms."""
    known = profanity.load(settings, variant)
    modules = (attacks, attacks, attack_forms, grammar, lexicon)
    source = "".join(inspect.getsource(module) for module in modules)
    digest = hashlib.sha256(source.encode()).hexdigest()[:12]
    return Hostility(version=f"{known.version}+{digest}", profanity=known)
