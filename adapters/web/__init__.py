"""Riff in a browser: pages made here, with a style sheet and scripts of Riff's own, nothing from elsewhere."""

from adapters.web.adapter import WebAdapter

__all__ = ["WebAdapter"]
