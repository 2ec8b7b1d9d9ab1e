"""Combines the written corpus in `genai/demo/corpus` into training conversations."""
