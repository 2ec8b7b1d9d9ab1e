"""What Riff is made of comes as it was released: locked packages, classifiers by digest, a font made here."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import joblib
import pytest
from fontTools.ttLib import TTFont

from genai.moderation.classifiers import profanity
from genai.moderation.errors import ModerationMisconfigured

ROOT = Path(__file__).parents[2]
LOCKS = ROOT / "deploy" / "locks"
_NAME = re.compile(r"[-_.]+")


def canonical(name: str) -> str:
    return _NAME.sub("-", name).lower()


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Of each package of a lock its version and how many hashes it has."""
    found: dict[str, tuple[str, int]] = {}
    package = ""
    for line in (LOCKS / name).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9_.-]+)==([^ ;\\]+)", line):
            package = canonical(match[1])
            found[package] = (match[2], 0)
        elif "--hash=sha256:" in line:
            version, hashes = found[package]
            found[package] = (version, hashes + 1)
    return found


def wanted(*extras: str) -> set[str]:
    """The packages that pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [
        *project["dependencies"],
        *(line for extra in extras for line in project["optional-dependencies"][extra]),
    ]
    return {canonical(re.split(r"[\[<>=~! ;]", line)[0]) for line in lines} - {"riff"}


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {
        canonical(name): version for name, _, version in (line.partition("==") for line in lines) if version
    }


def test_every_package_is_locked_with_hashes() -> None:
    base, dev, torch = locked("riff.txt"), locked("dev.txt"), locked("torch.txt")
    assert wanted() <= {*base, *torch}, "say: make lock"
    assert wanted("train", "speech", "dev") <= {*dev, *torch}, "say: make lock"
    assert all(hashes for lock in (base, dev, torch) for _, hashes in lock.values())
    assert not {*base, *dev} & {*torch}
    assert {name: version for name, (version, _) in base.items() if name in dev} == {
        name: version for name, (version, _) in dev.items() if name in base
    }


def test_the_lock_has_files_for_every_platform() -> None:
    assert locked("riff.txt")["numpy"][1] > 20
    assert locked("torch.txt")["torch"][1] > 5


def test_the_locks_hold_the_versions_that_are_known_to_work() -> None:
    known = constraints()
    for name, (version, _) in {**locked("dev.txt"), **locked("torch.txt")}.items():
        assert known.get(name, version) == version, "say: make lock"


def test_locks_name_no_index() -> None:
    assert not any("://" in file.read_text(encoding="utf-8") for file in LOCKS.iterdir())


class Trap:
    """Runs when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return pytest.fail, ("a pickle was read that nobody vouches for",)


@pytest.mark.parametrize("name", list(profanity.KNOWN_DIGESTS))
def test_a_classifiers_file_that_is_not_the_released_one_is_not_read(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    joblib.dump(Trap(), tmp_path / name)
    monkeypatch.setattr(profanity, "_file", lambda name: tmp_path / name)
    with pytest.raises(ModerationMisconfigured, match="is not the file that was released"):
        profanity._content(tmp_path / name)


def test_the_classifiers_package_is_never_imported() -> None:
    code = (
        "import sys; from genai.moderation import chain, ModerationSettings;"
        " chain.load(ModerationSettings(privacy=())); print('profanity_check' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "False"


def test_the_font_says_what_teams_write_and_under_which_licence() -> None:
    folder = ROOT / "bot" / "board" / "fonts"
    glyphs = TTFont(folder / "RiffSansCJK.otf").getBestCmap()
    assert not [char for char in "软木盖与毛毡垫圈，議論と決定。한국어（１２）" if ord(char) not in glyphs]
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")


def test_make_takes_no_file_without_its_digest() -> None:
    """Where no wheel lies on disk, all that pip is asked for is held to a lock, but Riff itself."""
    dry = subprocess.run(
        ["make", "--dry-run", "--always-make", "install-dev", "PIP_FIND_LINKS="],
        cwd=ROOT,
        env={**os.environ, "PIP_CONFIG_FILE": os.devnull},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    calls = [call.strip() for call in re.split(r"&&|\n", dry.stdout) if " -m pip " in call]
    free = [call for call in calls if "--require-hashes --requirement" not in call]
    assert len(calls) - len(free) >= 3
    assert [call for call in free if not re.search(r"--no-deps .*--editable \S+$", call)] == []
