"""`riff usage` on what was really asked."""

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli.shared import Failure
from storage.database import Database
from storage.repositories import People
from storage.repositories.usage import Usage
from storage.settings import StorageSettings
from storage.values.personal import Counts
from storage.values.records import Account, Scope
from tests.cli.conftest import Run, json_of


def fill(folder: Path) -> None:
    async def work() -> None:
        database = Database(StorageSettings(url=SecretStr(f"sqlite:///{folder}/riff.db")))
        await database.start()
        person = await People(database).find_or_create(Account("slack", "w1", "u1"))
        await Usage(database).add(person, Scope("slack", "w1"), Counts(3, 5, 1200, 400))
        await database.close()

    asyncio.run(work())


def test_use_is_shown_by_workspace_and_by_person(riff: Run, data_folder: Path) -> None:
    assert "Nothing was used" in riff("usage").stdout
    fill(data_folder)
    counts = {"prompts": 3, "ideas": 5, "characters": 1200, "tokens": 400}
    whole = json_of(riff("usage", "--json"))
    assert whole["workspaces"] == [{"workspace": "slack:w1", "people": 1, **counts}]
    assert whole["people"] == []
    one = json_of(riff("usage", "--workspace", "slack:w1", "--json"))
    assert one["people"] == [{"account": "u1", **counts}]
    assert json_of(riff("usage", "--period", "1999", "--json"))["workspaces"] == []
    assert "1,200" in riff("usage").stdout


@pytest.mark.parametrize("arguments", [("--period", "soon"), ("--workspace", "nowhere")])
def test_what_cannot_be_understood_is_explained(riff: Run, arguments: tuple[str, str]) -> None:
    assert isinstance(riff("usage", *arguments).exception, Failure)
