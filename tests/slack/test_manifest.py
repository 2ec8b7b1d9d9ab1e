"""The manifest asks for what the code uses, and for nothing else."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.slack.incoming.shortcuts import SHORTCUTS
from adapters.slack.transport.install_flow import SCOPES

FILE = Path(__file__).parents[2] / "deploy" / "slack-manifest.yaml"


@pytest.fixture
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


def test_scopes_are_those_of_oauth_and_each_is_explained(manifest: dict[str, Any]) -> None:
    assert sorted(manifest["oauth_config"]["scopes"]["bot"]) == sorted(SCOPES)
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line.strip().startswith("- ")]
    explained = [line for line in lines if line.split("#")[0].strip(" -") in SCOPES]
    assert all("#" in line for line in explained)


def test_the_app_is_an_agent_and_hears_what_an_agent_needs(manifest: dict[str, Any]) -> None:
    assert set(manifest["features"]["agent_view"]) == {"agent_description", "suggested_prompts"}
    assert "assistant_view" not in manifest["features"]
    heard = set(manifest["settings"]["event_subscriptions"]["bot_events"])
    assert {"agent_session_stopped", "app_context_changed", "app_home_opened", "message.im"} <= heard
    assert "member_joined_channel" in heard


def test_shortcuts_and_command_are_those_that_riff_answers(manifest: dict[str, Any]) -> None:
    assert {one["callback_id"] for one in manifest["features"]["shortcuts"]} == set(SHORTCUTS)
    assert [one["command"] for one in manifest["features"]["slash_commands"]] == ["/riff"]
    assert all(len(one["description"]) <= 150 for one in manifest["features"]["shortcuts"])
