"""Measures any model or adapter on a file of text or conversations: perplexity, size, speed."""
