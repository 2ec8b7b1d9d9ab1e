"""Texts compared, grouped, searched and summarised, without a language model."""
