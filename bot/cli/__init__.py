"""The command line, `riff`: one small file for each command."""

from bot.cli.main import main

__all__ = ["main"]
