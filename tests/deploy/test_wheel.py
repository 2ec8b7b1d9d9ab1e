"""The wheel: every file of the four packages is in it, and Riff runs from it where there is no checkout."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("adapters", "bot", "genai", "storage")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a wheel is made of, apart, because building leaves files behind."""
    folder = tmp_path_factory.mktemp("source")
    for name in PACKAGES:
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"), symlinks=True
        )
    for name in ("pyproject.toml", "README.md", "LICENSE", "config.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def wheel(source: Path) -> Path:
    build = "from setuptools.build_meta import build_wheel; print(build_wheel('../dist'))"
    done = subprocess.run(
        [sys.executable, "-c", build], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return source.parent / "dist" / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def riff(wheel: Path) -> list[str]:
    """The command that runs Riff from the unpacked wheel alone, as its console script does."""
    site = wheel.with_name("site")
    zipfile.ZipFile(wheel).extractall(site)
    begin = (
        f"import sys; sys.path.insert(0, {str(site)!r}); "
        "from importlib.metadata import entry_points; "
        "[script] = entry_points(group='console_scripts', name='riff'); script.load()()"
    )
    return [sys.executable, "-P", "-c", begin]


def said(riff: list[str], folder: Path, *arguments: str) -> str:
    """What a command prints in a folder that holds nothing, without a way to the checkout."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "RIFF_CONFIG"}}
    done = subprocess.run(
        [*riff, *arguments],
        cwd=folder, env={**kept, "HOME": str(folder)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_no_file_of_the_packages_is_missing_in_the_wheel(source: Path, wheel: Path) -> None:
    there = {str(file.relative_to(source)) for name in PACKAGES for file in (source / name).rglob("*")
             if file.is_file()}  # fmt: skip
    packed = set(zipfile.ZipFile(wheel).namelist())

    assert len(there) > 600
    assert there - packed == set()
    assert {name for name in packed - there if ".dist-info/" not in name} == set()


def test_riff_runs_from_the_wheel_in_a_folder_elsewhere(riff: list[str], tmp_path: Path) -> None:
    assert "brainstorm" in said(riff, tmp_path, "--help")
    assert said(riff, tmp_path, "config") == (ROOT / "config.toml").read_text(encoding="utf-8")

    said(riff, tmp_path, "db", "upgrade")
    assert list(tmp_path.rglob("*.db"))


def test_the_wheel_carries_the_licences_of_what_is_in_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert [name for name in names if name.endswith("licenses/LICENSE")]
    assert [name for name in names if name.endswith("licenses/bot/board/fonts/OFL.txt")]
