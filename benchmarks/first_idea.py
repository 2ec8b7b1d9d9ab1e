"""How long a person waits for a fresh `riff chat`, and how much memory it takes: what someone sees at a terminal.

    python -m benchmarks.first_idea              # three starts with a converted copy of the model
    python -m benchmarks.first_idea --first      # the same without, as on the first start ever

Each start is a process of its own with a data folder of its own; a brainstorm is typed as soon as there is a prompt.
Seconds depend on what else the machine does; CPU seconds, of Riff and of the process that moderates, hardly do.
"""

import argparse
import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Self

import psutil  # type: ignore[import-untyped]

TYPED = "/brainstorm 5 reduce food waste in our canteen\r"
_PROMPT = re.compile(r"^\s*you\b", re.MULTILINE)
_IDEA = "{}. "
_CONTROLS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|[\x00-\x08\x0b-\x1f]")
_SIZE = struct.pack("HHHH", 50, 200, 0, 0)
_PATIENCE_SECONDS = 180.0
_LOOK_SECONDS = 0.02
_SETTLING_SECONDS = 2.5
"""Before memory is read: what an answer needed is given back when nobody asks for a while."""


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds since the process began; CPU seconds of both until the whole answer; resident MB (10^6) after it."""

    prompt: float
    first_idea: float
    answer: float
    cpu: float
    riff_mb: float
    moderation_mb: float


class Terminal:
    """`riff chat` at a terminal of its own."""

    def __init__(self, home: Path) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, _SIZE)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        environment |= {"HOME": str(home), "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}
        self._began = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "chat"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
        )
        os.close(theirs)
        self.riff = psutil.Process(self._process.pid)
        self.shown = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()  # everything is measured; the other process ends with its input
        self._process.wait()
        os.close(self._ours)

    def type(self, text: str) -> None:
        """As a person would; what was shown until now is forgotten."""
        self.shown = ""
        os.write(self._ours, text.encode())

    def until(self, is_there: Callable[[str], object]) -> float:
        """Wait for what is wanted; when it was shown. Raises TimeoutError."""
        while not is_there(self.shown):
            if time.monotonic() - self._began > _PATIENCE_SECONDS or self._process.poll() is not None:
                raise TimeoutError(f"riff chat showed only: {self.shown[-500:]}")
            if select.select([self._ours], [], [], _LOOK_SECONDS)[0]:
                self.shown += _CONTROLS.sub("", os.read(self._ours, 65536).decode(errors="replace"))
        return time.monotonic() - self._began


def start(home: Path, ideas: int = 5) -> Start:
    """One fresh process, from its beginning to a whole answer."""
    with Terminal(home) as terminal:
        prompt = terminal.until(_PROMPT.search)
        terminal.type(TYPED)
        first = terminal.until(lambda shown: _IDEA.format(1) in shown)
        # The prompt comes again below the answer.
        answer = terminal.until(lambda shown: _PROMPT.search(shown.rpartition(_IDEA.format(ideas))[2]))
        time.sleep(_SETTLING_SECONDS)
        moderation = terminal.riff.children(recursive=True)
        cpu = sum(sum(one.cpu_times()[:2]) for one in (terminal.riff, *moderation))
        resident = [one.memory_info().rss / 1e6 for one in (terminal.riff, *moderation)]
    return Start(prompt, first, answer, cpu, resident[0], sum(resident[1:]))


def starts(runs: int, *, first: bool) -> list[Start]:
    """So many starts; unless they are to be the `first` ever, after one that is not counted."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for run in range(runs + (not first)):
            home = Path(folder) / (str(run) if first else "home")
            home.mkdir(exist_ok=True)
            found.append(start(home))
    return found if first else found[1:]


def main() -> None:
    """Measure, and print a line for each start and their medians as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--first", action="store_true", help="every start finds an empty data folder")
    chosen = parser.parse_args()
    found = [asdict(one) for one in starts(chosen.runs, first=chosen.first)]
    for one in found:
        print("  ".join(f"{name} {value:.2f}" for name, value in one.items()))
    print(json.dumps({name: round(median(one[name] for one in found), 2) for name in found[0]}))


if __name__ == "__main__":
    main()
