"""Blind reading: people compare ideas without knowing which way of getting them they come from."""
