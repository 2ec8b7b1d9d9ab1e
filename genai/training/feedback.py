"""Makes a preference set out of what people thought of ideas: pairs of a better and a worse answer to a prompt.

Only within a person and a topic: what one person likes better than another does says nothing. Knows nothing of where
feedback is kept: whoever calls hands it over, of people who consented only. Names, mentions and all that moderation's
privacy stage finds are taken out; a rating with a text that moderation blocks is left out whole, for no model should
learn from it, either way.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Annotated, Final, Literal

from pydantic import Field

from genai.moderation import Moderator
from genai.prompts import Brief, Task, build_turns
from genai.request import Turn
from genai.training.data.readers import Preference
from genai.training.run.config import identity, settings
from genai.training.run.errors import TrainingError
from genai.training.run.folder import write_whole
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
_LONGEST_TITLE: Final = 60
_SHORTEST_NAME: Final = 3
_MENTION: Final = re.compile(r"<[@#!][^<>\s]{1,100}>|(?<![\w.])@[\w.-]+")
"""As Slack and Discord write people and channels, and as people type handles.

https://docs.slack.dev/messaging/formatting-message-text, https://discord.com/developers/docs/reference
"""

Kind = Literal["like", "dislike", "save", "edit", "shuffle"]


@dataclass(frozen=True, slots=True)
class Rating:
    """An opinion of an idea that answered `topic`.

    `rater` tells people apart and is never written anywhere; `edited_text` is for the kind "edit"; `names` are
    what the people concerned call themselves, to be taken out.
    """

    rater: int
    kind: Kind
    task: str
    topic: str
    title: str
    body: str
    edited_text: str = ""
    names: tuple[str, ...] = ()


def preference_pairs(ratings: Iterable[Rating], most_per_prompt: int, seed: int) -> list[Preference]:
    """Liked, saved and edited ideas over disliked and passed over ones, and each edit over its original.

    At most `most_per_prompt` pairs of each person and topic, drawn by `seed`, so that nobody outweighs all
    others; each pair once.
    """
    groups: dict[tuple[int, str, str], list[Rating]] = defaultdict(list)
    for rating in ratings:
        groups[rating.rater, rating.task, rating.topic.strip().casefold()].append(rating)
    rng = Random(seed)
    found: dict[Preference, None] = {}
    for group in groups.values():
        if prompt := _prompt(group[0]):
            pairs = list(dict.fromkeys(_pairs(prompt, group)))
            found |= dict.fromkeys(rng.sample(pairs, min(most_per_prompt, len(pairs))))
    return list(found)


def _pairs(prompt: tuple[Turn, ...], group: Sequence[Rating]) -> Iterator[Preference]:
    edits = [(_edited(rating), _original(rating)) for rating in group if rating.kind == "edit"]
    wanted = {_original(rating): None for rating in group if rating.kind in {"like", "save"}}
    unwanted = {_original(rating): None for rating in group if rating.kind in {"dislike", "shuffle"}}
    better = [edited for edited, _ in edits] + [text for text in wanted if text not in unwanted]
    worse = [text for text in unwanted if text not in wanted]
    for chosen, rejected in (*edits, *((chosen, rejected) for chosen in better for rejected in worse)):
        if chosen.casefold() != rejected.casefold():
            yield Preference(prompt, chosen, rejected)


def _prompt(rating: Rating) -> tuple[Turn, ...] | None:
    """The turns that ask for one such idea, without the person's own preferences; None for an unknown task."""
    topic = rating.topic.strip()
    if rating.task not in set(Task) or not topic:
        return None
    return build_turns(Brief(Task(rating.task), topic, count=1), style="plain")


def _original(rating: Rating) -> str:
    return _line(rating.title, rating.body)


def _edited(rating: Rating) -> str:
    """In the form of the original, or else the form alone would tell an edit from it."""
    text = " ".join(rating.edited_text.split())
    title, colon, body = text.partition(": ")
    if rating.title and colon and len(title) <= _LONGEST_TITLE:
        return _line(title.strip("* "), body.strip("* "))
    return _line(rating.title, text)


def _line(title: str, body: str) -> str:
    """As the prompts ask for it: the only line of a numbered list."""
    return f"1. **{title}**: {body}" if title and body else f"1. {title or body}"


async def anonymised(ratings: Sequence[Rating], moderator: Moderator) -> list[Rating]:
    """The ratings without personal data, in order. Raises ModerationUnavailable: then nothing may be used."""
    unnamed = [_without_names(rating) for rating in ratings]
    texts = list(dict.fromkeys(text for rating in unnamed for text in _texts(rating)))
    verdicts = dict(zip(texts, await moderator.check_many(texts), strict=True))
    safe = {text: verdict.redacted_text for text, verdict in verdicts.items() if not verdict.blocked}
    return [
        replace(
            rating,
            topic=safe[rating.topic],
            title=safe[rating.title],
            body=safe[rating.body],
            edited_text=safe[rating.edited_text],
            names=(),
        )
        for rating in unnamed
        if all(text in safe for text in _texts(rating))
    ]


def _texts(rating: Rating) -> tuple[str, ...]:
    return rating.topic, rating.title, rating.body, rating.edited_text


def _without_names(rating: Rating) -> Rating:
    parts = {part for name in rating.names for part in (name, *name.split()) if len(part) >= _SHORTEST_NAME}
    longest_first = sorted(map(re.escape, parts), key=len, reverse=True)
    names = re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE) if parts else None

    def cleaned(text: str) -> str:
        text = _MENTION.sub("<PERSON>", text)
        return names.sub("<PERSON>", text) if names else text

    return replace(
        rating,
        topic=cleaned(rating.topic),
        title=cleaned(rating.title),
        body=cleaned(rating.body),
        edited_text=cleaned(rating.edited_text),
    )


@settings
class FeedbackConfig:
    """Where the set goes, and how much one person and topic may add to it."""

    output: Path
    """Folder for the set."""
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
        write_whole(summary.file, "".join(_json_line(pair) for pair in pairs))
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
