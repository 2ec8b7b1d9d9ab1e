"""Structured pruning: whole layers, heads and feed-forward neurons go, so that what is left is a smaller model."""
