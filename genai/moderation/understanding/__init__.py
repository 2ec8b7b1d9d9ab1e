"""Judges text by what the embedded language model makes of it: its first layers, and a small head on them."""
