"""Finds a model, checks that there is memory for it, and loads its weights, quantised if asked."""
