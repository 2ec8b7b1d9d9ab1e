"""Reads text as a person would who wants to understand it in spite of tricks; the shown text keeps its form."""

from genai.moderation.reading.reader import Reader, load

__all__ = ["Reader", "load"]
