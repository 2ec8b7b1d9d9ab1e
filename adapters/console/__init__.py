"""The terminal as a chat platform: the reference adapter."""

from adapters.console.adapter import ConsoleAdapter

__all__ = ["ConsoleAdapter"]
