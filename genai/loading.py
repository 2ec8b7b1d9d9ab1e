"""How far the language model has come that is being read for the first time, for whoever shows it to people."""


class Conversion:
    """`share` is from 0 to 1 while a model file is turned into what this processor reads; None otherwise."""

    share: float | None = None


CONVERSION = Conversion()
"""Of this process, which converts one model at a time; written by the thread that loads, read by anyone."""
