"""The embedded language model's first layers, taught to tell what must not be shown, and the list of words beside it.

A text is read once, in its context, and judged as a whole and closely in short parts; the highest score counts.
"""

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from genai.errors import GenerationError
from genai.moderation.borders import window_spans
from genai.moderation.classifiers import CLOSE_CHARACTERS, CLOSE_OVERLAP, Scores, profanity
from genai.moderation.classifiers.profanity import ProfanityCheck
from genai.moderation.errors import ModerationMisconfigured
from genai.moderation.reading.emoji_words import in_words
from genai.moderation.settings import ModerationSettings
from genai.moderation.understanding.head import Head, load_head
from genai.moderation.understanding.trunk import Trunk

_CERTAIN = 0.0025
"""The list of words is never surer than this: its extremes tell little."""
_SURE, _DOUBTFUL = 0.9, 0.5
"""An insult among kind words is heard less by the model: where the list is so sure, this much of it suffices."""
_REMEMBERED_TOKENS = 1500
_REMEMBERED_TEXTS = 512
"""Texts whose scores are kept: of a reply that grows, most is judged again and again."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """Scores the categories of its head; reads long texts closely by itself."""

    version: str
    trunk: Trunk
    head: Head
    tokenizer: Any
    words: ProfanityCheck
    name: str = "profanity-check+embedded"
    reads_closely: bool = True
    _known: OrderedDict[str, Scores] = field(default_factory=OrderedDict)

    def score(self, texts: Sequence[str]) -> Sequence[Scores]:
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        self._known.update(zip(new, self._read([in_words(text) for text in new]), strict=True))
        found = [self._known[text] for text in texts]
        while len(self._known) > _REMEMBERED_TEXTS:
            self._known.popitem(last=False)
        return found

    def _read(self, texts: Sequence[str]) -> list[Scores]:
        if not texts:
            return []
        parts = [_parts(text) for text in texts]
        listed = iter(
            log_odds(self.words, [text[part] for text, of in zip(texts, parts, strict=True) for part in of])
        )
        read = self.tokenizer.encode_batch(list(texts))
        states = self.trunk([one.ids for one in read])
        found: list[Scores] = []
        for of, tokens, state in zip(parts, read, states, strict=True):
            spans = [_tokens_of(part, tokens.offsets) for part in of]
            by_words = [next(listed) for _ in of]
            scores = self.head.probabilities(state, spans, by_words).amax(0)
            named = dict(zip(self.head.categories, scores.tolist(), strict=True))
            found.append({**named, "toxicity": _agreed(named["toxicity"], max(by_words))})
        return found


def _agreed(toxicity: float, log_odds: float) -> float:
    """The score where the list of words is all but certain and the model has its doubts too: then the list's stands."""
    by_words = 1.0 / (1.0 + math.exp(-log_odds))
    return max(toxicity, by_words) if by_words >= _SURE and toxicity >= _DOUBTFUL else toxicity


def log_odds(words: ProfanityCheck, texts: Sequence[str]) -> list[float]:
    """What the list of words says of each text."""
    rows = words.score([text.casefold().replace("’", "'") for text in texts])
    known = (min(max(row["toxicity"], _CERTAIN), 1.0 - _CERTAIN) for row in rows)
    return [math.log(score / (1.0 - score)) for score in known]


def _parts(text: str) -> list[slice]:
    """The whole, and short parts where it is long."""
    close = window_spans(text, CLOSE_CHARACTERS, CLOSE_OVERLAP)
    return [slice(*span) for span in dict.fromkeys([(0, len(text)), *close])]


def _tokens_of(part: slice, offsets: Sequence[tuple[int, int]]) -> slice:
    """The tokens that lie in a part of the text, those at its edges too."""
    inside = [index for index, (start, end) in enumerate(offsets) if start < part.stop and end > part.start]
    return slice(inside[0], inside[-1] + 1) if inside else slice(0, 0)


def load(settings: ModerationSettings, variant: str) -> Embedded:
    """The classifier; raises ModerationMisconfigured where the embedded model is not installed or is damaged."""
    from genai.model.gguf.header import read_header
    from genai.model.loading.digests import Digests, models_folder
    from genai.model.loading.embedded_model import embedded_file
    from genai.model.loading.freed_memory import give_back
    from genai.moderation.understanding.vocabulary import tokenizer_of

    try:
        file = read_header(embedded_file(Digests(models_folder(""))))
    except GenerationError as error:
        raise ModerationMisconfigured(
            f"{error.say} Moderation reads with it; moderation.classifier names others."
        ) from error
    head, words = load_head(), profanity.load(settings, variant)
    trunk = Trunk(file, head.depth, head.additions, _REMEMBERED_TOKENS)
    tokenizer = tokenizer_of(file)
    del file
    give_back()
    return Embedded(f"{words.version}+{head.version}", trunk, head, tokenizer, words)
