"""A deck of methods: general ways to make something happen, as angles to look for ideas from (`README.md`)."""

from genai.methods.deck import Method, deck
from genai.methods.starts import Line, Starts

__all__ = ["Line", "Method", "Starts", "deck"]
