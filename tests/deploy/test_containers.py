"""Dockerfile, compose file and systemd unit: read by their linters, and held against what Riff is."""

import configparser
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from bot.config.settings import Settings
from bot.config.sources import USUAL_NAMES

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def test_the_linter_finds_nothing_in_the_dockerfile() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_the_compose_file_is_one() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.compose-spec",
         DEPLOY / "compose.yaml"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr


def test_what_the_containers_mount_is_there() -> None:
    mounts = [mount for service in COMPOSE["services"].values() for mount in service.get("volumes", [])]
    folders = [mount.split(":")[0] for mount in mounts if mount.startswith(".")]

    assert folders
    assert [folder for folder in folders if not (DEPLOY / folder).exists()] == []


def test_variables_of_the_compose_file_are_settings_or_secrets_of_riff() -> None:
    text = (DEPLOY / "env.example").read_text(encoding="utf-8")
    known = {f"RIFF_{section}__{key}".upper() for section, field in Settings.model_fields.items()
             for key in field.annotation.model_fields}  # type: ignore[union-attr]  # fmt: skip
    own = {"POSTGRES_PASSWORD", "GRAFANA_PASSWORD", "TORCH_BACKEND"}

    named = set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE))
    assert len(named) > 8
    assert named - known - set(USUAL_NAMES) - own == set()


def test_the_image_holds_every_package_of_riff_and_no_more_of_the_checkout() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    sources = {name.rstrip("/") for line in copied for name in line.split()}

    assert "*" in ignored
    assert {line[1:] for line in ignored if line.startswith("!")} == sources
    assert {"adapters", "bot", "genai", "storage"} <= sources


def test_the_unit_ends_riff_as_it_wants_to_be_ended() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "systemd" / "riff.service", encoding="utf-8")

    assert unit["Service"]["ExecStart"].endswith("riff run")
    assert unit["Service"]["KillSignal"] == "SIGTERM"
    assert float(unit["Service"]["TimeoutStopSec"]) > Settings().inbox.grace_seconds
