"""The whole of Riff's settings: each layer's own section, joined."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from bot.config.inbox import InboxSettings
from bot.config.platforms import DiscordSettings, SlackSettings
from bot.config.session import SessionSettings
from bot.language import available, spoken
from genai.moderation.settings import ModerationSettings
from genai.reranking.settings import QualitySettings
from genai.settings import GeneratorSettings
from genai.speech import SpeechSettings
from storage.settings import StorageSettings


class LimitSettings(BaseModel):
    """How much one prompt, and one person, may ask for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt_characters: int = Field(default=8000, ge=100, le=200_000)
    ideas: int = Field(default=12, ge=1, le=50)
    history_turns: int = Field(default=12, ge=0, le=200)
    reply_seconds: float = Field(default=120.0, gt=0, le=3600)
    concurrent_prompts: int = Field(default=64, ge=1, le=4096)
    prompts_per_minute: int = Field(default=0, ge=0, le=10_000)
    """Of one person on all platforms together; 0 is any number. A workspace may allow less."""
    prompts_per_day: int = Field(default=0, ge=0, le=1_000_000)


class LanguageSettings(BaseModel):
    """The language that Riff speaks itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    default: str = "en"
    """For people whose language is not known, and for what Riff says by itself where nobody spoke before."""

    @field_validator("default")
    @classmethod
    def _is_spoken(cls, tag: str) -> str:
        if not spoken(tag):
            raise ValueError(f"must be one of the languages that Riff speaks: {', '.join(available())}")
        return tag


class LogSettings(BaseModel):
    """What the log says, on standard error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: Literal["debug", "info", "warning", "error"] = "warning"


class _Environment(EnvSettingsSource):
    """Environment variables; a list may also be written as words with commas between them."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            if str(value).lstrip()[:1] in {"[", "{"}:
                raise
            return [part.strip() for part in str(value).split(",") if part.strip()]


class Settings(BaseSettings):
    """Every setting; unknown keys are refused. Built by `bot.config.load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix="RIFF_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    generator: GeneratorSettings = GeneratorSettings()
    moderation: ModerationSettings = ModerationSettings()
    storage: StorageSettings = StorageSettings()
    quality: QualitySettings = QualitySettings()
    limits: LimitSettings = LimitSettings()
    session: SessionSettings = SessionSettings()
    inbox: InboxSettings = InboxSettings()
    speech: SpeechSettings = SpeechSettings()
    slack: SlackSettings = SlackSettings()
    discord: DiscordSettings = DiscordSettings()
    language: LanguageSettings = LanguageSettings()
    log: LogSettings = LogSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, which arrives as keyword arguments."""
        return _Environment(settings_cls), init_settings
