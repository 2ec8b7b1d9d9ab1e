"""Fits what tells whether two texts say the same (`genai.likeness`) to partitions of answers."""
