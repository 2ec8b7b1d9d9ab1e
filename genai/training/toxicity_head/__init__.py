"""Teaches the embedded model's first layers, and a small head on them, to tell what must not be shown."""
