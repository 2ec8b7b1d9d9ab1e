"""People whose taste is like somebody's: nearest neighbours by what they liked and disliked, in idea features."""

from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.neighbors import NearestNeighbors

from genai.taste.preference_model import Opinion, features

LEAST = 0.1
"""Least cosine between two people's tastes that counts as similar."""


def similar(own: Sequence[Opinion], others: Mapping[int, Sequence[Opinion]], most: int) -> list[int]:
    """The people of `others` with the most similar tastes, the nearest first, at most `most`. Blocking.

    Each taste is the sum of the features of what was said something of, times its value: so people are alike who
    liked alike ideas, also when they never saw the same one.
    """
    people = [person for person, opinions in others.items() if opinions]
    if not own or not people or not np.any(_taste(own)):
        return []
    tastes = np.stack([_taste(others[person]) for person in people])
    index = NearestNeighbors(n_neighbors=min(most, len(people)), metric="cosine").fit(tastes)
    distances, places = index.kneighbors(_taste(own)[None])
    return [
        people[place]
        for distance, place in zip(distances[0], places[0], strict=True)
        if 1 - distance >= LEAST
    ]


def _taste(opinions: Sequence[Opinion]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = np.array([opinion.value for opinion in opinions])
    taste: np.ndarray[tuple[int], np.dtype[np.float64]] = values @ features(
        [opinion.text for opinion in opinions]
    )
    return taste
