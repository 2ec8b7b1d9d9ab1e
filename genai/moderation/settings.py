"""Settings of moderation, with their defaults and limits."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from genai.moderation.topics.topic import AnyTopic

Probability = Annotated[float, Field(ge=0.0, le=1.0)]

Entity = Literal["EMAIL", "PHONE", "CARD", "IBAN", "SSN", "IP", "CRYPTO", "NATIONAL_ID", "SECRET", "ADDRESS"]

ENTITIES: tuple[Entity, ...] = (
    "EMAIL",
    "PHONE",
    "CARD",
    "IBAN",
    "SSN",
    "IP",
    "CRYPTO",
    "NATIONAL_ID",
    "SECRET",
    "ADDRESS",
)


class Thresholds(BaseModel):
    """Scores from which a category is flagged and from which it is blocked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    flag: Probability
    block: Probability

    @model_validator(mode="after")
    def _flag_comes_first(self) -> Self:
        if self.flag > self.block:
            raise ValueError(f"flag ({self.flag}) must not be above block ({self.block})")
        return self


DEFAULT_THRESHOLDS = {
    "toxicity": Thresholds(flag=0.5, block=0.85),
    "severe_toxicity": Thresholds(flag=0.3, block=0.5),
    "obscene": Thresholds(flag=0.6, block=0.9),
    "threat": Thresholds(flag=0.3, block=0.6),
    "insult": Thresholds(flag=0.6, block=0.9),
    "identity_attack": Thresholds(flag=0.3, block=0.6),
    "sexual_explicit": Thresholds(flag=0.5, block=0.8),
}


class GuardSettings(BaseModel):
    """A guard model that `classifier` may name as "guard:" and its name: one inside Riff, or on a `server`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = ""
    """qwen3guard, qwen3guard-stream, llama-guard, shieldgemma or granite-guardian; by default the guard's name."""
    model: str = ""
    """A folder, a GGUF file or a name on the hub; with a server its name there, where it has several."""
    server: str = Field(default="", pattern=r"^(https?://[^@]+)?$")
    quantization: Literal["auto", "int4", "nf4", "int8", "none"] = "auto"
    device: str = Field(default="auto", pattern=r"^(auto|cpu|cuda(:\d+)?)$")
    concurrent: int = Field(default=8, ge=1, le=256)
    deadline_seconds: float = Field(default=8.0, gt=0.0, le=50.0)
    controversial: Probability = 0.7
    """What Qwen3Guard's middle level is worth: flagged, and not blocked, under the default thresholds."""
    questions: tuple[str, ...] = ()
    """Which of the questions of ShieldGemma and Granite Guardian are asked, by Riff's categories; all by default."""
    categories: dict[str, str] = Field(default_factory=dict)
    """Riff's category for one that the guard names; "" leaves it out."""

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if not (self.model or self.server):
            raise ValueError("a guard needs a model, or the server that has it")
        return self


class ModerationSettings(BaseModel):
    """Everything about moderation that can be set.

    `thresholds` are joined with the defaults; a category that only a classifier of yours knows uses those of
    "toxicity" unless it is named.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    classifier: tuple[str, ...] = ("profanity-check+hostility",)
    combine: Literal["max", "mean"] = "max"
    checkpoint: Path | None = None
    huggingface_config_path: Path | None = None
    device: str = "cpu"
    thresholds: dict[str, Thresholds] = Field(default_factory=dict)
    guards: dict[str, GuardSettings] = Field(default_factory=dict)
    guard_api_key: SecretStr | None = None
    privacy: tuple[Entity, ...] = ENTITIES
    redact_prompts: bool = True
    blocklist: tuple[str, ...] = ()
    blocklist_file: Path | None = None
    topics: tuple[AnyTopic, ...] = ()
    topic_model: str = Field(default="tfidf", pattern=r"^(tfidf|(embedding|zero-shot):.+)$")
    window_characters: int = Field(default=400, ge=50, le=2000)
    window_overlap: int = Field(default=100, ge=10, le=1000)
    isolation: Literal["process", "thread"] = "process"
    batch_size: int = Field(default=64, ge=1, le=1024)
    queue_size: int = Field(default=256, ge=1, le=65536)
    deadline_seconds: float = Field(default=10.0, gt=0.0, le=50.0)
    start_timeout_seconds: float = Field(default=300.0, gt=0.0)
    retry_seconds: float = Field(default=5.0, ge=0.0)
    piece_characters: int = Field(default=300, ge=40, le=4000)
    context_characters: int = Field(default=200, ge=64, le=1000)

    @field_validator("classifier", mode="before")
    @classmethod
    def _one_name_is_a_list_of_one(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("classifier")
    @classmethod
    def _at_least_one(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("name at least one classifier, for example profanity-check+hostility")
        return value

    @model_validator(mode="after")
    def _overlap_fits(self) -> Self:
        if self.window_overlap * 2 > self.window_characters:
            raise ValueError("window_overlap must be at most half of window_characters")
        return self

    def thresholds_of(self, category: str) -> Thresholds:
        """The thresholds that hold for `category`."""
        return threshold_of(category, self.thresholds)


def threshold_of(category: str, chosen: Mapping[str, Thresholds]) -> Thresholds:
    """The thresholds for `category`: those `chosen`, else the default ones, else those of "toxicity"."""
    named = {**DEFAULT_THRESHOLDS, **chosen}
    return named.get(category, named["toxicity"])
