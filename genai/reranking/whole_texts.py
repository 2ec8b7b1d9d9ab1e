"""How well texts keep their form among others: each ends, and none is much longer than the rest."""

import math
from collections.abc import Sequence
from statistics import median

_ENDS = tuple(".!?…。！？)）]】\"”'’*`")
_SENTENCE_CHARACTERS = 60
"""A shorter text may be a name or a title, which ends without a mark."""
_BREAKS_OFF = 0.5


def forms(texts: Sequence[str]) -> list[float]:
    """For each text from 0 to 1: less where it breaks off, and the longer it is than the middle one."""
    lengths = [len(text.strip()) + 1 for text in texts]
    middle = median(lengths) if lengths else 1
    return [_form(text.strip(), length / middle) for text, length in zip(texts, lengths, strict=True)]


def _form(text: str, times_the_middle: float) -> float:
    breaks_off = len(text) >= _SENTENCE_CHARACTERS and not text.endswith(_ENDS)
    overlong = math.log(times_the_middle) if times_the_middle > 1 else 0.0
    return max(0.0, 1.0 - _BREAKS_OFF * breaks_off - min(overlong, 1.0))
