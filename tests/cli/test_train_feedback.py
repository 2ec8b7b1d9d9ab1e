"""`riff train feedback` from the database to the file."""

import asyncio
import json
from pathlib import Path

from storage.database import Database
from storage.repositories import Repositories
from storage.settings import StorageSettings
from storage.values.records import Account, FeedbackKind, NewIdea, Place
from tests.cli.conftest import Run


async def rate_two_ideas(folder: Path, *, consent: bool) -> None:
    database = Database(StorageSettings(url=f"sqlite:///{folder}/riff.db"))
    await database.start()
    repositories = Repositories(database)
    person = await repositories.people.find_or_create(Account("test", "", "u1"))
    question = await repositories.conversations.remember(person, Place("test", "", "c1"), "ideas")
    assert question is not None
    new = [NewIdea(n, f"Title {n}", "Body.", "tea shops", "brainstorm") for n in (1, 2)]
    await repositories.conversations.answer(question.id, "list", ideas=new)
    for idea in await repositories.ideas.recent_of_person(person, 2):
        kind = FeedbackKind.LIKE if idea.position == 1 else FeedbackKind.DISLIKE
        await repositories.feedback.add(person, idea.id, kind)
    await repositories.feedback.set_consent(person, given=consent)
    await database.close()


def test_feedback_is_written_only_with_consent(riff: Run, data_folder: Path) -> None:
    asyncio.run(rate_two_ideas(data_folder, consent=False))
    refused = riff("train", "feedback", "--output", str(data_folder / "set"))
    assert refused.exit_code == 1
    assert not (data_folder / "set").exists()

    asyncio.run(rate_two_ideas(data_folder, consent=True))
    result = riff("train", "feedback", "--output", str(data_folder / "set"))
    assert result.exit_code == 0, (result.output, result.exception)
    row = json.loads((data_folder / "set" / "preferences.jsonl").read_text(encoding="utf-8"))
    assert (row["chosen"], row["rejected"]) == ("1. **Title 1**: Body.", "1. **Title 2**: Body.")
