"""Measures how good moderation is, on public labelled sets and on sentences that are built here."""
