"""The licences of what Riff runs on: read from the packages themselves, by hand where these do not say.

`make sbom` writes them into docs/licences.md. Only a licence that is known here to go with Riff's own, MIT, is
accepted, so that a package with another one is looked at by a person before anybody gets it.
"""

import re
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

from boolean.boolean import AND, OR, Expression
from license_expression import BaseSymbol, get_spdx_licensing
from packaging.markers import Marker

ROOT = Path(__file__).parents[1]
LOCKS = ROOT / "deploy" / "locks"
PAGE = ROOT / "docs" / "licences.md"
LINUX = {
    "implementation_name": "cpython", "os_name": "posix", "platform_machine": "x86_64", "platform_system": "Linux",
    "platform_python_implementation": "CPython", "python_full_version": "3.11.9", "python_version": "3.11",
    "sys_platform": "linux",
}  # fmt: skip
"""The machine of which is told: what is only for other systems is left out."""
NVIDIA = "LicenseRef-NVIDIA-Proprietary"
PERMISSIVE = frozenset({
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0",
    "CNRI-Python", "HPND", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Unlicense", "Zlib",
})  # fmt: skip
LIBRARIES = frozenset({"LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MPL-2.0"})
"""Whoever passes on a changed library passes on its source; a program that imports it stays under its own licence."""
_SAID = {
    "apache": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache 2.0 license": "Apache-2.0", "mit license": "MIT",
    "apache software license": "Apache-2.0", "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "isc license (iscl)": "ISC", "python software foundation license": "PSF-2.0", "the mit license (mit)": "MIT",
    "bsd 3-clause license": "BSD-3-Clause", "3-clause bsd license": "BSD-3-Clause",
}  # fmt: skip
"""What packages call their licences, and what SPDX calls them."""
BY_HAND = {
    **dict.fromkeys(
        ("blis", "cycler", "jinja2", "kiwisolver", "mpmath", "prompt-toolkit", "scipy", "sympy"),
        ("BSD-3-Clause", "says BSD; its text has three clauses"),
    ),
    "python-stdnum": ("LGPL-2.1-or-later", "says LGPL; its text names the version"),
    "toml": ("MIT", "of wordllama; by what its release says"),
    "triton": ("MIT", "with torch on Linux, for GPUs; by what its project says"),
}
_OF_NVIDIA = re.compile(r"(?:nvidia|cuda)-")
_NVIDIA_WHY = "with torch on Linux, for GPUs; taken to be NVIDIA's terms, though a few are freer"
_ENTRY = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; (.+?))? \\$((?:\n {4}--hash=.+)+)", re.MULTILINE)
_SPDX = get_spdx_licensing()


@dataclass(frozen=True)
class Package:
    """A package that Riff runs on, as the lock has it."""

    name: str
    version: str
    digests: tuple[str, ...]
    licence: str
    read_by_hand: str


def packages() -> list[Package]:
    """Every package that is installed with Riff on Linux, in the order of the alphabet."""
    text = "\n".join(
        (LOCKS / f"{name}.txt").read_text(encoding="utf-8") for name in ("riff", "torch", "model")
    )
    found = [
        Package(name, version, tuple(re.findall(r"sha256:(\w+)", digests)), *licence_of(name))
        for name, version, marker, digests in _ENTRY.findall(text)
        if not marker or Marker(marker).evaluate(LINUX)
    ]
    return sorted(found, key=lambda package: package.name)


def licence_of(name: str) -> tuple[str, str]:
    """The licence as SPDX writes it, and why it was read by hand where it was; nothing where nobody knows."""
    if name in BY_HAND:
        return BY_HAND[name]
    if _OF_NVIDIA.match(name):
        return NVIDIA, _NVIDIA_WHY
    try:
        return said_by(metadata(name)), ""
    except PackageNotFoundError:
        return "", ""


def said_by(about: PackageMetadata) -> str:
    """The licence that a package's metadata tells, nothing where they tell none that SPDX knows."""
    classifiers = [
        line.split(" :: ")[-1] for line in about.get_all("Classifier", []) if line[:7] == "License"
    ]
    for words in (about.get("License-Expression"), about.get("License"), *classifiers):
        first = (words or "").strip().partition("\n")[0]
        named = _SAID.get(first.lower(), first)
        if named and not _SPDX.validate(named).errors:
            return named
    return ""


def is_accepted(licence: str) -> bool:
    """Whether a program under MIT may need it: one of those to choose from, each of those that hold together."""
    return bool(licence) and _accepted(_SPDX.parse(licence))


def _accepted(part: Expression) -> bool:
    if isinstance(part, OR):
        return any(map(_accepted, part.args))
    if isinstance(part, AND):
        return all(map(_accepted, part.args))
    return isinstance(part, BaseSymbol) and part.render() in PERMISSIVE | LIBRARIES | {NVIDIA}


def page(found: list[Package]) -> str:
    """The page of licences."""
    before = PAGE.read_text(encoding="utf-8").partition("<!-- packages -->")[0]
    lines = [f"| {one.name} | {one.licence} | {one.read_by_hand} |" for one in found]
    head = ("<!-- packages -->", "", "| package | licence | read by hand |", "| --- | --- | --- |")
    return before + "\n".join((*head, *lines)) + "\n"
