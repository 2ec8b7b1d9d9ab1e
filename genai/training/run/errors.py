"""What can go wrong with a training command, as one sentence with its cure."""

from pathlib import Path


class TrainingError(Exception):
    """A stage cannot go on; `say` tells what is wrong and what to do."""

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say


class DataError(TrainingError):
    """A data file breaks its format; `say` opens with file and line."""


def line_error(path: Path, line: int, fault: str, cure: str) -> DataError:
    """The error about line number `line` (from 1) of `path`."""
    return DataError(f"{path}, line {line}: {fault}. {cure}")
