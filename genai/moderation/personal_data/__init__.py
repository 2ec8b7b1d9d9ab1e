"""Finds personal data by its form and redacts it."""
