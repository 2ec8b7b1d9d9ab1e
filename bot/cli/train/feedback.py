"""`riff train feedback`: make a preference set out of what people thought of ideas."""

from typing import TYPE_CHECKING

from bot.cli.shared import run_async
from bot.cli.shared import settings as load_settings
from bot.cli.train.options import ConfigFile, Output, Settings, failures, say

if TYPE_CHECKING:
    from bot.config import Settings as RiffSettings
    from genai.training.feedback import FeedbackConfig, FeedbackSummary, Rating


def feedback(output: Output = None, config: ConfigFile = None, settings: Settings = None) -> None:
    """Make a preference set of the likes, saves, edits and dislikes of people who gave their consent."""
    from genai.training.feedback import FeedbackConfig
    from genai.training.run.config import read_config

    with failures():
        ready = read_config(FeedbackConfig, config, settings or (), {"output": output})
        say(run_async(lambda: _collect(load_settings(), ready)).lines())


async def _collect(settings: "RiffSettings", config: "FeedbackConfig") -> "FeedbackSummary":
    from genai.moderation import load
    from genai.moderation.settings import ENTITIES
    from genai.training.feedback import feedback as collect

    ratings = await _ratings(settings)
    # What replies may show is one question; what a model may keep for ever is another.
    moderator = load(settings.moderation.model_copy(update={"privacy": ENTITIES}))
    await moderator.start()
    try:
        return await collect(ratings, moderator, config)
    finally:
        await moderator.close()


async def _ratings(settings: "RiffSettings") -> "list[Rating]":
    from genai.training.feedback import Rating
    from storage.database import Database
    from storage.repositories.feedback import Feedback

    database = Database(settings.storage)
    try:
        await database.start()
        return [
            Rating(
                rater=rated.person_id,
                kind=rated.kind.value,
                task=rated.task,
                topic=rated.topic,
                title=rated.title,
                body=rated.body,
                edited_text=rated.edited_text,
                names=rated.names,
            )
            async for rated in Feedback(database).with_consent()
        ]
    finally:
        await database.close()
