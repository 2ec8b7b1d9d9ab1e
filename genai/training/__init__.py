"""Trains, compresses, combines and measures language models: a module or a package for each command."""
