"""What holds for all tests."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# The same tree gives the same result; HYPOTHESIS_PROFILE=search looks for new examples, as whoever hunts faults wants.
settings.register_profile("steady", derandomize=True)
settings.register_profile("search")
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# Apps that tests start judge in their own process, where everything is imported already, and by a list of words,
# which loads in no time; and tests write faster than people. Tests of the one or the other say what they want.
os.environ.setdefault("RIFF_MODERATION__CLASSIFIER", "profanity-check")
os.environ.setdefault("RIFF_MODERATION__ISOLATION", "thread")
os.environ.setdefault("RIFF_LIMITS__MESSAGES_PER_MINUTE", "0")
os.environ.setdefault("RIFF_HEALTH__PORT", "0")
# Whoever runs the tests may have set up a Riff of their own.
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix="riff-config-of-tests-")
atexit.register(shutil.rmtree, os.environ["XDG_CONFIG_HOME"], ignore_errors=True)


@pytest.fixture(autouse=True)
def _settings_of_no_other_test() -> Iterator[None]:
    """`--config` holds for a process, which is one command's; here it is many tests'."""
    before = os.environ.get("RIFF_CONFIG")
    yield
    if before is None:
        os.environ.pop("RIFF_CONFIG", None)
    else:
        os.environ["RIFF_CONFIG"] = before


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables in place, to begin with a copy of: every step anew takes a tenth of a second."""
    from pydantic import SecretStr

    from storage.address import parse_address
    from storage.migrations import upgrade
    from storage.settings import StorageSettings

    path = tmp_path_factory.mktemp("migrated") / "riff.db"
    settings = StorageSettings(url=SecretStr(f"sqlite:///{path}"))
    upgrade(parse_address(settings.url.get_secret_value()), settings)
    return path


@pytest.fixture
def sqlite_file(tmp_path: Path, migrated: Path) -> Path:
    """A fresh database of the test's own, in use by nobody yet."""
    return Path(shutil.copy(migrated, tmp_path / "riff.db"))


@pytest.fixture(scope="session")
def writing_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny model that writes ideas, for tests that need a real one and not its sense."""
    from tests.support.writing_model import save_writing_model  # seconds to import, and few need it

    return save_writing_model(tmp_path_factory.mktemp("writing") / "model")


@pytest.fixture
def chosen_model(
    request: pytest.FixtureRequest, writing_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Riff in this process and in those that it starts writes with the tiny model, or with the embedded one where
    the test is marked so."""
    if request.node.get_closest_marker("embedded") is None:
        monkeypatch.setenv("RIFF_GENERATOR__MODEL", str(writing_model))
