"""A deck of methods: general ways to make something happen, as angles to look for ideas from (`README.md`)."""

from genai.methods.beginnings import Line, Starts
from genai.methods.deck import Method, Part, deck

__all__ = ["Line", "Method", "Part", "Starts", "deck"]
