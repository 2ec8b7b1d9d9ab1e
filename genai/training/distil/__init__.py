"""Distillation: a small student learns what a large teacher thinks of every possible next token."""
