"""Chooses so many of a list of texts, the best and most different ones first, as Riff chooses ideas."""

from collections.abc import Sequence

from genai.likeness.measure import Likeness
from genai.reranking.ranking import Candidate, Ranking
from genai.reranking.reasons import Kind, Reason
from genai.reranking.settings import RerankingSettings

_ORDER = (Kind.NEW, Kind.DUPLICATE, Kind.OFF_TOPIC)
"""What is about the topic comes before what is not, even where it says what was said; the same words come last."""


def choose(
    topic: str, texts: Sequence[str], count: int, settings: RerankingSettings, likeness: Likeness
) -> list[tuple[int, Reason | None]]:
    """Places of `count` of the texts, all of them where there are fewer, in the order of choice, each with its reason.

    There is no reason for one with the very words of another that was chosen.
    """
    first: dict[str, int] = {}
    for place, text in enumerate(texts):
        first.setdefault(" ".join(text.casefold().split()), place)
    ranking = Ranking[int](likeness, settings, topic=topic)
    ranking.add([Candidate(place, texts[place]) for place in first.values()])
    chosen = ranking.best_together(count, _ORDER)
    repeated = set(range(len(texts))) - set(first.values())
    return [*chosen, *((place, None) for place in sorted(repeated))][:count]
