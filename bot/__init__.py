"""Riff's core: the pipeline from a person's message to a moderated reply, and its commands."""
