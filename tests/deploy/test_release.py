"""A release says one version everywhere, and what people have to do to get to it."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli.main import app
from bot.config.settings import GONE, RENAMED

ROOT = Path(__file__).parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_changelog_chart_and_containers_are_of_the_version_that_is_released() -> None:
    chart = yaml.safe_load(text("deploy/helm/riff/Chart.yaml"))

    assert re.findall(r"^## (\S+)", text("CHANGELOG.md"), re.MULTILINE)[:2] == [VERSION, "0.1.0"]
    assert (chart["version"], chart["appVersion"]) == (VERSION, VERSION)
    assert f"image: riff:{VERSION}" in text("deploy/compose.yaml")
    assert f"riff-{VERSION}-py3-none-any.whl" in text("docs/upgrading.md")


def test_the_upgrade_notes_tell_every_setting_that_was_renamed() -> None:
    notes = text("docs/upgrading.md")
    rows = dict(re.findall(r"^  \| `\[?([a-z_.]+)\]?` \| `?\[?([a-z_. ]+)\]?`? \|$", notes, re.MULTILINE))

    assert rows == RENAMED | dict.fromkeys(GONE, "means nothing any more")


@pytest.mark.parametrize("release", ["0.1.0"])
def test_a_database_of_every_release_before_is_kept(release: str) -> None:
    kept = {file.name for file in (ROOT / "tests/storage/releases").glob(f"{release}.*")}

    assert kept == {f"{release}.sqlite.sql", f"{release}.postgresql.sql"}


def test_riff_says_which_version_it_is_and_prints_its_settings() -> None:
    said = CliRunner().invoke(app, ["--version"])
    settings = CliRunner().invoke(app, ["config"])

    assert (said.exit_code, said.stdout.split()[0]) == (0, "riff")
    assert (settings.exit_code, settings.stdout) == (0, text("config.toml"))
