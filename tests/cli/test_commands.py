"""The other commands that tools drive: generate, moderate, privacy, db, doctor."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.shared import Failure
from tests.cli.conftest import Run, json_of


def test_generate_gives_candidates_marked_as_not_moderated(riff: Run) -> None:
    result = json_of(riff("generate", "/brainstorm 2 tea shops", "-n", "3", "--json"))
    assert result["moderated"] is False
    assert [candidate["candidate"] for candidate in result["candidates"]] == [1, 2, 3]
    assert len({candidate["text"] for candidate in result["candidates"]}) > 1
    assert "NOT moderated" in riff("generate", "hello", "-n", "1").stdout


def test_generate_is_repeatable_by_seed(riff: Run) -> None:
    first, second = (json_of(riff("generate", "hello", "-n", "2", "--seed", "7", "--json")) for _ in range(2))
    assert first == second


def test_moderate_keeps_order_and_says_what_was_decided(riff: Run) -> None:
    texts = [
        "a nice cup of tea",
        "you fucking stupid bitch, you piece of shit",
        "mail me at a.b@acme-lamps.com \ud800",
    ]
    stdin = "".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(texts))
    result = riff("moderate", "--json", stdin=stdin)
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["id"], line["action"]) for line in lines] == [(0, "allow"), (1, "block"), (2, "redact")]
    assert lines[1]["redacted_text"] == ""
    assert "<EMAIL>" in lines[2]["redacted_text"]
    assert set(lines[0]) == {"id", "action", "category", "score", "scores", "redacted_text"}
    assert 0 <= lines[0]["score"] < lines[1]["score"] <= 1


def test_moderate_names_the_bad_line(riff: Run) -> None:
    result = riff("moderate", "--json", stdin='{"id": 1, "text": "fine"}\nnonsense\n')
    assert isinstance(result.exception, Failure)
    assert "line 2" in result.exception.say


def test_a_person_is_exported_and_forgotten_down_to_the_bytes(riff: Run, data_folder: Path) -> None:
    riff("ask", "/profile set audience quokka keepers", "--user", "test:w1:u77")
    riff("ask", "tell me about quokka shelters", "--user", "test:w1:u77")
    exported = riff("privacy", "export", "test:w1:u77").stdout
    assert "quokka keepers" in exported
    assert "quokka shelters" in exported
    assert riff("privacy", "forget", "test:w1:u77", "--yes").exit_code == 0
    for file in data_folder.glob("riff.db*"):
        assert b"quokka" not in file.read_bytes(), file
    again = riff("privacy", "export", "test:w1:u77")
    assert isinstance(again.exception, Failure)


def test_forget_asks_first(riff: Run) -> None:
    riff("ask", "/profile set role designer", "--user", "u78")
    assert riff("privacy", "forget", "u78", stdin="n\n").exit_code == 1
    assert "designer" in riff("privacy", "export", "u78").stdout


def test_database_is_upgraded_twice_without_harm(riff: Run) -> None:
    assert riff("db", "upgrade").exit_code == riff("db", "upgrade").exit_code == 0


@pytest.mark.embedded
def test_doctor_is_content_with_the_default_and_warns_of_its_classifier(riff: Run) -> None:
    report = json_of(riff("doctor", "--json"))
    levels = {check["name"]: check["level"] for check in report["checks"]}
    assert report["ok"] is True
    assert levels["database"] == "ok"
    assert levels["classifier"] == levels["model"] == "warning"
    (model,) = (check["message"] for check in report["checks"] if check["name"] == "model")
    assert model.startswith("SmolLM2-135M-Instruct, the embedded model (135 M parameters, Q4_1, ")
    assert "no partner for work: set generator.model" in model
    assert {"python", "settings", "disk", "clock", "retention", "memory", "speed", "slack", "discord"} <= set(
        levels
    )


@pytest.mark.parametrize(
    ("variable", "value", "broken"),
    [
        ("RIFF_GENERATOR__MODEL", "/nowhere/at/all", "model"),
        ("RIFF_GENERATOR__MODEL", "demo", "model"),
        ("RIFF_STORAGE__URL", "postgresql://u:s3cretpw@127.0.0.1:1/db", "database"),
        ("RIFF_MODERATION__CLASSIFIER", "no-such-classifier", "classifier"),
        ("RIFF_GENERATOR__TOP_P", "7", "settings"),
        ("SLACK_BOT_TOKEN", "xoxb-s3cretpw", "slack"),
    ],
)
def test_doctor_says_what_is_broken(
    riff: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, broken: str
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.setenv("RIFF_STORAGE__CONNECT_TIMEOUT_SECONDS", "2")
    result = riff("doctor", "--json")
    assert result.exit_code == 1
    errors = [check for check in json.loads(result.stdout)["checks"] if check["level"] == "error"]
    assert [check["name"] for check in errors] == [broken]
    assert "s3cretpw" not in result.output


def test_module_and_script_are_the_same() -> None:
    module = subprocess.run(
        [sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, check=True
    )
    script = Path(sys.executable).with_name("riff")
    installed = subprocess.run([script, "--help"], capture_output=True, text=True, check=True)
    assert "brainstorming partner" in module.stdout
    assert module.stdout == installed.stdout
