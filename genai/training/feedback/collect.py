"""`riff train feedback`: writes the preference set and the card that says what it holds."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from genai.moderation import Moderator
from genai.training.data.readers import Preference
from genai.training.feedback.anonymization import anonymised
from genai.training.feedback.preference_pairs import Rating, preference_pairs
from genai.training.run import atomic
from genai.training.run.config import identity
from genai.training.run.errors import TrainingError
from genai.training.run.model_card import ModelCard, describe_file, write_card

FILE: Final = "preferences.jsonl"
_SUMMARY: Final = (
    "Answers that people preferred over others to the same prompt, as JSON lines for `riff train dpo` and "
    "`riff train discriminator`. Only of people who consented; without ids, and with personal data redacted."
)
_CARE: Final = (
    "The texts are still people's own words. Keep the file where the database is kept; when somebody takes back "
    "their consent or is forgotten, delete it and make it anew. Redaction goes by form: it finds addresses and "
    "numbers, mentions and the names that people gave themselves, not every way to tell who somebody is."
)


@dataclass(frozen=True, slots=True)
class FeedbackConfig:
    """Where the set goes, a folder, and how much one person and topic may add to it."""

    output: Path
    most_per_prompt: Annotated[int, Field(ge=1)] = 8
    """Pairs of one person and topic."""
    seed: int = 1
    """Which pairs are kept where there are more."""


@dataclass(frozen=True, slots=True)
class FeedbackSummary:
    """What the set holds; `blocked` ratings had a text that moderation does not let pass."""

    file: Path
    pairs: int
    prompts: int
    raters: int
    ratings: int
    blocked: int

    def lines(self) -> list[str]:
        """The summary for people."""
        return [
            f"{self.file}: {self.pairs:,} pairs on {self.prompts:,} prompts, from {self.ratings:,} ratings of "
            f"{self.raters:,} people who consented ({self.blocked:,} ratings did not pass moderation)"
        ]


async def feedback(
    ratings: Sequence[Rating], moderator: Moderator, config: FeedbackConfig
) -> FeedbackSummary:
    """Redact, pair and write. Raises ModerationUnavailable, and TrainingError where no pair can be made."""
    safe = await anonymised(ratings, moderator)
    pairs = preference_pairs(safe, config.most_per_prompt, config.seed)
    if not pairs:
        raise TrainingError(
            "There is no pair to learn from: people who agreed by /consent on have to like, save or edit some "
            "ideas and dislike others on the same topic."
        )
    summary = FeedbackSummary(
        file=config.output / FILE,
        pairs=len(pairs),
        prompts=len({pair.prompt for pair in pairs}),
        raters=len({rating.rater for rating in ratings}),
        ratings=len(ratings),
        blocked=len(ratings) - len(safe),
    )
    _write(pairs, summary, config)
    return summary


def _write(pairs: Sequence[Preference], summary: FeedbackSummary, config: FeedbackConfig) -> None:
    try:
        config.output.mkdir(mode=0o700, parents=True, exist_ok=True)
        atomic.write_text(summary.file, "".join(_json_line(pair) for pair in pairs))
        summary.file.chmod(0o600)
        write_card(_card(summary, config), config.output / "README.md")
    except OSError as error:
        raise TrainingError(f"{config.output} cannot be written ({error.strerror}); give another.") from error


def _json_line(pair: Preference) -> str:
    messages = [asdict(turn) for turn in pair.prompt]
    row = {"messages": messages, "chosen": pair.chosen, "rejected": pair.rejected}
    return json.dumps(row, ensure_ascii=False) + "\n"


def _card(summary: FeedbackSummary, config: FeedbackConfig) -> ModelCard:
    return ModelCard(
        title=config.output.name,
        summary=_SUMMARY,
        library="datasets",
        data=(describe_file(summary.file, summary.pairs),),
        config=identity(config),
        figures={
            "pairs": summary.pairs,
            "prompts": summary.prompts,
            "people": summary.raters,
            "ratings": summary.ratings,
            "ratings that moderation blocked": summary.blocked,
        },
        sections={"Care": _CARE},
    )
