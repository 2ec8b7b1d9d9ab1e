"""Measures Riff as a partner in brainstorms, on its own model: `riff eval brainstorm`."""
