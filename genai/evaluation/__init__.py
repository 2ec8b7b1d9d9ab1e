"""Measures moderation and the learning of taste. Never imported by what serves."""
