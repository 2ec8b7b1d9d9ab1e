"""Which ideas of a board stand together, and under what name. Blocking; call it off the event loop.

A theme holds at least two ideas and has a name; whatever fits nowhere is in no theme. Once kept, a theme keeps its
name, its place and its ideas, so that people find them again; new ideas join what they are like, or form themes of
their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from genai.likeness.measure import FITTED, likeness
from genai.text import cluster
from storage.values.brainstorms import CardOnBoard, KeptTheme

_FEW = 4
"""Fewer ideas are seen at a glance."""
MOST_THEMES = 8
"""More are no overview."""
_LEAST_IDEAS = 2
"""In a theme."""


def said(card: CardOnBoard) -> str:
    """The idea as one text."""
    return f"{card.title}. {card.body}"


def grown(topic: str, cards: Sequence[CardOnBoard], kept: Sequence[KeptTheme]) -> list[KeptTheme]:
    """The kept themes with the ideas that are new, then new themes, each named by a word that its ideas share.

    A new theme whose ideas share none has the name "".
    """
    theme_of = {idea: at for at, theme in enumerate(kept) for idea in theme.ideas}
    loose = [card for card in cards if not _joins(card, theme_of)]
    loose = [card for card in loose if not _joins_nearest(card, cards, theme_of)] if kept else loose
    found = [
        replace(theme, ideas=tuple(card.id for card in cards if theme_of.get(card.id) == at))
        for at, theme in enumerate(kept)
    ]
    return [*found, *_new_themes(topic, loose)][:MOST_THEMES]


def _joins(card: CardOnBoard, theme_of: dict[int, int]) -> bool:
    """Whether the idea has its place: kept, or beside the first idea that it was made of."""
    if card.id in theme_of:
        return True
    origin = next((origin for origin in card.origins if origin in theme_of), None)
    if origin is not None:
        theme_of[card.id] = theme_of[origin]
    return origin is not None


def _joins_nearest(card: CardOnBoard, cards: Sequence[CardOnBoard], theme_of: dict[int, int]) -> bool:
    """Whether an idea in a theme is like it, as ideas of one theme are."""
    placed = [other for other in cards if other.id in theme_of]
    measure = likeness(FITTED)
    near = measure.pairwise([said(card)], [said(other) for other in placed])[0]
    if not len(near) or near.max() < measure.thresholds.theme:
        return False
    theme_of[card.id] = theme_of[placed[int(near.argmax())].id]
    return True


def _new_themes(topic: str, loose: Sequence[CardOnBoard]) -> list[KeptTheme]:
    if len(loose) < _FEW:
        return []
    groups = cluster([said(card) for card in loose], apart_from=topic)
    return [
        KeptTheme(_named(group.theme), tuple(loose[at].id for at in group.members))
        for group in groups
        if len(group.members) >= _LEAST_IDEAS
    ]


def _named(word: str) -> str:
    return word[:1].upper() + word[1:]


def placed(cards: Sequence[CardOnBoard], themes: Sequence[KeptTheme]) -> Mapping[int, int]:
    """For each idea of a theme that is named and holds two or more of the cards, the theme's place in the list."""
    theme_of = {idea: at for at, theme in enumerate(themes) if theme.name for idea in theme.ideas}
    for card in cards:
        _joins(card, theme_of)
    here = [theme_of[card.id] for card in cards if card.id in theme_of]
    return {
        card.id: theme_of[card.id]
        for card in cards
        if card.id in theme_of and here.count(theme_of[card.id]) >= _LEAST_IDEAS
    }
