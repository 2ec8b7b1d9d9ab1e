"""Conversations and text to token ids and back."""
