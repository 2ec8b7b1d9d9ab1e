"""`riff train feedback`: hands what people thought of ideas, out of the database, to training."""

from typing import Final

from bot.cli.shared import run_async
from bot.cli.shared import settings as load_settings
from bot.config import Settings
from genai.moderation import load
from genai.moderation.settings import ENTITIES
from genai.training.feedback import FeedbackConfig, FeedbackSummary, Rating, feedback
from genai.training.run.stage import Stage
from storage.database import Database
from storage.repositories.feedback import Feedback


def collect(config: FeedbackConfig) -> FeedbackSummary:
    """Make the preference set of all who gave their consent. Raises TrainingError, Failure."""
    return run_async(lambda: _collect(load_settings(), config))


async def _collect(settings: Settings, config: FeedbackConfig) -> FeedbackSummary:
    ratings = await _ratings(settings)
    # What replies may show is one question; what a model may keep for ever is another.
    moderator = load(settings.moderation.model_copy(update={"privacy": ENTITIES}))
    await moderator.start()
    try:
        return await feedback(ratings, moderator, config)
    finally:
        await moderator.close()


async def _ratings(settings: Settings) -> list[Rating]:
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


STAGE: Final = Stage(FeedbackConfig, collect)
