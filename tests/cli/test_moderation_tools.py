"""`riff moderate --explain` and `calibrate`, `riff review`, `riff settings`, `riff db purge`."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from storage.database import Database
from storage.models import Audit as AuditRow
from storage.models.base import now
from storage.repositories import Audit
from storage.settings import StorageSettings
from storage.values.records import Decision, Scope
from tests.cli.conftest import Run, json_of

INSULT = "you stupid fucking idiot"


def test_each_stage_is_explained(riff: Run) -> None:
    line = json_of(riff("moderate", "--json", "--explain", stdin=json.dumps({"id": 1, "text": INSULT})))
    stages = {stage["stage"]: stage for stage in line["stages"]}
    assert list(stages) == ["blocklist", "scope-blocklist", "topics", "confidential", "toxicity", "privacy"]
    assert stages["toxicity"]["action"] == "block"
    assert stages["toxicity"]["score"] >= stages["toxicity"]["threshold"] > 0
    assert {word["word"] for word in line["counted"]["words"]} & {"fucking", "idiot", "stupid"}
    text = riff("moderate", "--explain", stdin=f"{INSULT}\nA calm sentence.\n").stdout
    assert "toxicity" in text
    assert "threshold" in text
    assert text.count("words            score") == 1


def test_a_place_is_judged_under_its_rules_and_changes_are_recorded(riff: Run) -> None:
    assert riff("settings", "set", "slack:T1", "topics", "medical").exit_code == 0
    assert riff("settings", "set", "slack:T1:C1", "blocklist", '["grey owl"]').exit_code == 0
    shown = json_of(riff("settings", "show", "slack:T1:C1"))
    assert shown["own"] == {"blocklist": ["grey owl"]}
    assert shown["holds"]["topics"] == ["medical"]
    asked = json.dumps({"id": 1, "text": "a grey owl"})
    assert json_of(riff("moderate", "--json", "--scope", "slack:T1:C1", stdin=asked))["action"] == "block"
    assert json_of(riff("moderate", "--json", "--scope", "slack:T1:C2", stdin=asked))["action"] == "allow"
    assert riff("settings", "unset", "slack:T1:C1", "blocklist").exit_code == 0
    history = [json.loads(line) for line in riff("settings", "history").stdout.splitlines()]
    assert [(change["scope"], change["key"]) for change in history] == [
        ("slack:T1:C1", "blocklist"),
        ("slack:T1:C1", "blocklist"),
        ("slack:T1", "topics"),
    ]
    assert riff("settings", "list").stdout == "slack:T1  topics\n"
    refused = riff("settings", "set", "slack:T1", "topics", "cookery")
    assert refused.exit_code == 1
    assert "there are" in str(refused.exception.say)  # type: ignore[union-attr]


@pytest.fixture
def decision(data_folder: Path) -> int:
    """A blocked text of a month and more ago, kept."""

    async def keep() -> int:
        url = SecretStr(f"sqlite:///{data_folder}/riff.db")
        database = Database(StorageSettings(url=url, keep_audit_text=True))
        await database.start()
        stages = (
            {
                "stage": "toxicity",
                "action": "block",
                "category": "toxicity",
                "score": 0.9,
                "threshold": 0.8,
                "version": "weights 0123456789ab",
            },
        )
        entry = await Audit(database).record(
            Decision("prompt", "block", "toxicity", 0.9, 0.8, stages=stages),
            text="\x1b[31mrude",
            scope=Scope("slack", "T1", "C1"),
        )
        async with database.transaction() as session:
            await session.execute(update(AuditRow).values(created_at=now() - timedelta(days=31)))
        await database.close()
        return entry

    return asyncio.run(keep())


def test_moderators_list_show_decide_and_add_rules(riff: Run, decision: int) -> None:
    assert "slack:T1:C1" in riff("review", "list").stdout
    shown = riff("review", "show", str(decision)).stdout
    assert "rude" in shown
    assert "weights 0123456789ab" in shown
    assert "\x1b" not in shown
    assert "words            " in riff("review", "show", str(decision), "--explain").stdout
    assert json_of(riff("review", "show", str(decision), "--json"))["version"] == ""
    assert riff("review", "rule", str(decision), "--term", "rude").exit_code == 0
    assert riff("review", "uphold", str(decision)).exit_code == 0
    assert riff("review", "approve", str(decision)).exit_code == 1
    assert riff("review", "list").stdout == "Nothing waits for review.\n"
    assert json.loads(riff("review", "export").stdout)["toxic"] is True
    assert json_of(riff("settings", "show", "slack:T1:C1"))["own"] == {"blocklist": ["rude"]}


def test_old_texts_are_purged_and_the_queue_shows_what_is_known(riff: Run, decision: int) -> None:
    assert riff("db", "purge").stdout == "1 kept texts are erased.\n"
    assert riff("db", "purge").stdout == "0 kept texts are erased.\n"
    shown = riff("review", "show", str(decision)).stdout
    assert "rude" not in shown
    assert "not kept" in shown
    assert "toxicity" in shown


def test_calibration_suggests_thresholds_and_draws_the_curve(riff: Run, tmp_path: Path) -> None:
    harmless = [f"what a lovely idea number {number}" for number in range(20)]
    toxic = [f"you stupid fucking idiot number {number}" for number in range(20)]
    rows = [{"text": text, "toxic": text in toxic} for text in harmless + toxic]
    labelled, picture = tmp_path / "labelled.jsonl", tmp_path / "curve.png"
    labelled.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = json_of(
        riff(
            "moderate",
            "calibrate",
            str(labelled),
            "--wanted-fpr",
            "0.01",
            "--picture",
            str(picture),
            "--json",
        )
    )
    assert picture.read_bytes().startswith(b"\x89PNG")
    (best,) = [one for one in found["suggestions"] if one["category"] == "toxicity"]
    assert best["false_positive_rate"] <= 0.01
    assert best["recall"] == 1.0
    assert 0 < best["flag"] <= best["block"] <= 1


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("nonsense", "line 1: not JSON"),
        ('{"text": "x"}', "entry 1: toxic"),
        ('{"text": "x", "toxic": "maybe"}', "entry 1: toxic"),
        ('{"text": 1, "toxic": true}', "line 1: text is not text"),
        ('{"text": "x", "toxic": true}', "both toxic and harmless"),
        ("", "both toxic and harmless"),
    ],
)
def test_bad_labels_are_named(riff: Run, tmp_path: Path, lines: str, fault: str) -> None:
    labelled = tmp_path / "labelled.jsonl"
    labelled.write_text(lines, encoding="utf-8")
    result = riff("moderate", "calibrate", str(labelled))
    assert result.exit_code == 1
    assert fault in str(result.exception)
