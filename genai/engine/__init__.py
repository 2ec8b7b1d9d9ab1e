"""Serves many texts from one model at the same time: continuous batching in a thread of its own."""
