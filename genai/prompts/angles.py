"""Sides from which ideas can be looked for, so that several lists about one topic differ by more than chance."""

ANGLES = (
    "ideas for somebody whom nobody thinks of first: children, newcomers, night workers, people who seldom come",
    "ideas that cost nothing and need no new thing",
    "ideas as a stage director, a gardener or a nurse would have them",
    "ideas that take something away, turn the order round or give a thing a second use",
)
"""An audience, a constraint, other roles, and steps of a technique."""
