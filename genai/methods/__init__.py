"""A deck of methods: general ways to make something happen, as angles to look for ideas from (`README.md`)."""

from genai.methods.deck import Method, deck

__all__ = ["Method", "deck"]
