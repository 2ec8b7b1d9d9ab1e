"""`python -m bot` is the same as `riff`."""

from bot.cli import main

main()
