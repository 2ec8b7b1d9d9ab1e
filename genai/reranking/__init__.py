"""Chooses among many ideas: which say the same, which are good, and which to show."""
