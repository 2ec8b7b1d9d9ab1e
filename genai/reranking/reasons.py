"""Why a candidate was chosen, and what kind of candidate it is."""

from dataclasses import dataclass
from enum import StrEnum

from genai.taste import Because


class Kind(StrEnum):
    """What may be taken: only what is `NEW` says something else than was chosen and seen, and is about the topic."""

    NEW = "new"
    SEEN = "seen"
    DUPLICATE = "duplicate"
    OFF_TOPIC = "off topic"


ANY = (Kind.NEW, Kind.SEEN, Kind.OFF_TOPIC)
"""All but near-duplicates, in the order of their worth."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a candidate was chosen: its score and what that is made of, and what it was chosen from.

    `likeness` is how surely it says what one of the ideas chosen before it says; `considered` candidates stood for
    choice, `duplicates` others said the same as one that was chosen or seen, `off_topic` others were not about the
    topic. `taste` is how much the person should like it, about -1 to 1, None where that does not count; `because`
    says what speaks for it. `given` were left out because others had got them already.
    """

    score: float
    likelihood: float | None
    agreement: float | None
    novelty: float
    likeness: float
    considered: int
    duplicates: int
    taste: float | None = None
    because: Because | None = None
    relevance: float | None = None
    concreteness: float | None = None
    form: float | None = None
    off_topic: int = 0
    kind: Kind = Kind.NEW
    given: int = 0
