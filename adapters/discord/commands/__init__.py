"""Riff's commands as Discord's application commands."""
