"""What a topic is, and the ready ones that come with Riff."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_FOLDER = Path(__file__).parent / "policies"

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9 _-]{0,39}$")]
Phrase = Annotated[str, Field(min_length=2, max_length=200)]


class Topic(BaseModel):
    """One rule about a topic: "deny" blocks it, "flag" lets it through to the review queue.

    "allow" is an exception: a sentence that is nearer to it than to a denied topic is let through.
    `keywords` are whole words or phrases, in any case; `examples` are sentences, and one is about the topic
    whose likeness to any of them reaches `threshold` (0 to 1).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    action: Literal["deny", "flag", "allow"] = "deny"
    keywords: tuple[Phrase, ...] = Field(default=(), max_length=500)
    examples: tuple[Phrase, ...] = Field(default=(), max_length=500)
    threshold: float = Field(default=0.4, gt=0.0, le=1.0)

    @model_validator(mode="after")
    def _has_something_to_look_for(self) -> Self:
        if not (self.keywords or self.examples):
            raise ValueError(f"topic {self.name} needs keywords or examples")
        return self


@cache
def ready_names() -> tuple[str, ...]:
    """The names of the topics that come with Riff."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


@cache
def ready_topic(name: str) -> Topic:
    """The topic of this name that comes with Riff; raises ValueError which names those there are."""
    if name not in ready_names():
        known = ", ".join(ready_names())
        raise ValueError(f"{name} is not a topic that comes with Riff; there are: {known}")
    table: dict[str, Any] = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return Topic.model_validate({"name": name, **table})


def _named(value: object) -> object:
    return ready_topic(value) if isinstance(value, str) else value


AnyTopic = Annotated[Topic, BeforeValidator(_named)]
"""A topic, or the name of one that comes with Riff."""
