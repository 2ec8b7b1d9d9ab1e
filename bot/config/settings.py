"""The whole of Riff's settings: the bot's own sections, and those of the other layers, joined."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from bot.config.watch_settings import HealthSettings, LogSettings, MetricsSettings, TracingSettings
from bot.config.web_settings import WebSettings
from bot.language import available, spoken
from genai.moderation.settings import ModerationSettings
from genai.reranking.settings import RerankingSettings
from genai.settings import GeneratorSettings
from genai.speech import SpeechSettings
from storage.settings import StorageSettings


class InboxSettings(BaseModel):
    """How events wait and are worked on; several processes may share one database."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    workers: int = Field(default=32, ge=1, le=1024)
    """Events of one platform that this process answers at the same time."""
    backlog: int = Field(default=5_000, ge=1, le=1_000_000)
    """Events that may wait; one more is not acknowledged, so that the platform delivers it again later."""
    lease_seconds: float = Field(default=15.0, gt=0, le=600)
    """How long a process that died keeps its events from the others."""
    poll_seconds: float = Field(default=1.0, gt=0, le=60)
    """How often to look for events that another process left."""
    max_age_minutes: float = Field(default=60.0, gt=0, le=10_080)
    """An event that waited longer is answered with an apology."""
    max_attempts: int = Field(default=5, ge=1, le=100)
    """An event that failed this often is answered with an apology."""
    grace_seconds: float = Field(default=10.0, ge=0, le=600)
    """How long work under way may go on when Riff is stopped; the rest is taken up at the next start."""
    retention_days: float = Field(default=7.0, ge=1, le=365)
    """How long the ids of answered events are kept, to know one that is delivered again."""


# Settings of the chat platforms; the adapters read them, the core does not.


class SlackSettings(BaseModel):
    """How Riff connects to Slack."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Literal["socket", "http"] = "socket"
    api_url: str = "https://slack.com/api/"
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)
    most_connections: int = Field(default=512, ge=8, le=65_536)
    """Of "http" mode: connections at once, and those of one address; a reverse proxy is one address."""
    most_connections_of_address: int = Field(default=256, ge=4, le=65_536)
    connections: int = Field(default=2, ge=1, le=10)
    """Socket Mode connections; an event comes over one of them."""
    message_interval_seconds: float = Field(default=1.0, ge=0, le=60)
    """Time between two messages in a channel, and between two edits of one that grows."""
    bot_token: SecretStr | None = None
    app_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    client_id: str = ""
    """With `client_secret` and `encryption_key`: several workspaces install Riff at /slack/install."""
    client_secret: SecretStr | None = None
    encryption_key: SecretStr | None = None
    """Fernet keys with commas between; the first encrypts, all decrypt."""
    workspaces: tuple[str, ...] = ()
    """The ids of the workspaces (T…) and organisations (E…) that may install Riff; () is any."""

    @property
    def has_oauth(self) -> bool:
        """Whether workspaces install Riff themselves."""
        return bool(self.client_id and self.client_secret and self.encryption_key)

    def allows(self, team: str, enterprise: str) -> bool:
        """Whether a workspace may use this Riff."""
        return not self.workspaces or not {team, enterprise}.isdisjoint({*self.workspaces} - {""})


class DiscordSettings(BaseModel):
    """How Riff connects to Discord."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_url: str = "https://discord.com/api/v10"
    token: SecretStr | None = None
    test_server: str = Field(default="", pattern=r"^\d*$")
    """The id of the only server that commands are registered in, at once; "" registers them everywhere."""
    edit_interval_seconds: float = Field(default=1.0, ge=0.05, le=60)
    """Least time between two edits of a message that grows; more where the rate-limit headers say so."""
    file_characters: int = Field(default=6000, ge=2000, le=100_000)
    """A longer answer comes as a file."""
    heartbeat_timeout_seconds: float = Field(default=60.0, ge=1, le=600)
    """A gateway connection that is silent for longer is dead."""
    token_seconds: float = Field(default=900.0, ge=1, le=900)
    """How long an interaction can be answered; then the answer comes as an ordinary message."""


# Settings of facilitated brainstorms.


class SessionSettings(BaseModel):
    """What holds in a brainstorm where whoever starts it says nothing, and how Riff takes part."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    minutes: int = Field(default=20, ge=4, le=480)
    """How long all of it takes."""
    days: int = Field(default=5, ge=3, le=60)
    """How long one over days takes."""
    votes: int = Field(default=3, ge=1, le=20)
    """For how many ideas each person may vote."""
    ideas: int = Field(default=500, ge=10, le=5000)
    """Most ideas on a board."""
    people_first: int = Field(default=3, ge=0, le=50)
    """How many ideas people must have posted before Riff adds any; 0 lets it begin."""
    contributions: int = Field(default=6, ge=0, le=50)
    """How often Riff adds ideas of its own."""
    quiet_seconds: float = Field(default=30.0, ge=0, le=3600)
    """Riff adds nothing until nobody has written for so long."""
    tick_seconds: float = Field(default=2.0, ge=0.05, le=60)
    """How often clocks are looked at."""


class LimitSettings(BaseModel):
    """How much one prompt, and one person, may ask for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt_characters: int = Field(default=8000, ge=100, le=200_000)
    word_characters: int = Field(default=2000, ge=100, le=200_000)
    """Longest word: letters and signs without white space, of scripts that have spaces."""
    ideas: int = Field(default=12, ge=1, le=50)
    history_turns: int = Field(default=12, ge=0, le=200)
    reply_timeout_seconds: float = Field(default=120.0, gt=0, le=3600)
    concurrent_prompts: int = Field(default=64, ge=1, le=4096)
    messages_per_minute: int = Field(default=20, ge=0, le=10_000)
    """Of one person, of whatever kind, in one process; 0 is any number. Not for `riff ask`."""
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


RENAMED = {
    "quality": "reranking",
    "reranking.similarity": "reranking.similarity_model",
    "reranking.duplicate": "reranking.duplicate_threshold",
    "reranking.likelihood": "reranking.likelihood_weight",
    "reranking.agreement": "reranking.agreement_weight",
    "reranking.novelty": "reranking.novelty_weight",
    "reranking.taste": "reranking.taste_weight",
    "reranking.remembered": "reranking.novelty_window",
    "moderation.start_seconds": "moderation.start_timeout_seconds",
    "storage.scrub_timeout_seconds": "storage.vacuum_timeout_seconds",
    "limits.reply_seconds": "limits.reply_timeout_seconds",
    "inbox.stale_minutes": "inbox.max_age_minutes",
    "inbox.attempts": "inbox.max_attempts",
    "inbox.keep_days": "inbox.retention_days",
    "slack.message_seconds": "slack.message_interval_seconds",
    "discord.edit_seconds": "discord.edit_interval_seconds",
    "discord.heartbeat_seconds": "discord.heartbeat_timeout_seconds",
    "speech.seconds": "speech.max_seconds",
}
"""What sections and keys were called before; they are still read by these names."""


GONE = frozenset({"reranking.ideas_per_candidate"})
"""Keys that mean nothing any more; they may still stand in files and in the environment."""


def present_name(name: str) -> str:
    """What `section` or `section.key` is called now."""
    section, dot, key = name.partition(".")
    section = RENAMED.get(section, section)
    return RENAMED.get(f"{section}.{key}", f"{section}.{key}") if dot else section


def by_present_names(values: Mapping[str, Any]) -> dict[str, Any]:
    """The sections and their keys as they are called now; where both names stand, the present one's value holds."""
    renamed: dict[str, Any] = {}
    for section, table in sorted(values.items(), key=lambda item: item[0] not in RENAMED):
        name = present_name(section)
        if not isinstance(table, Mapping):
            renamed[name] = table
            continue
        before = renamed.get(name)
        keys = sorted(table.items(), key=lambda item: f"{name}.{item[0]}" not in RENAMED)
        found = {
            present_name(f"{name}.{key}").partition(".")[2]: value
            for key, value in keys
            if present_name(f"{name}.{key}") not in GONE
        }
        renamed[name] = {**(before if isinstance(before, Mapping) else {}), **found}
    return renamed


class _Environment(EnvSettingsSource):
    """Environment variables; a list may also be written as words with commas between them."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls)
        named = {name: name.lower().removeprefix("riff_").replace("__", ".", 1) for name in self.env_vars}
        old = [name for name, setting in named.items() if present_name(setting) != setting]
        present = {
            f"riff_{present_name(named[name]).replace('.', '__', 1)}": self.env_vars[name] for name in old
        }
        gone = {name for name, setting in named.items() if present_name(setting) in GONE}
        known = {**present, **self.env_vars}
        self.env_vars = {name: value for name, value in known.items() if name not in gone}

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
    reranking: RerankingSettings = RerankingSettings()
    limits: LimitSettings = LimitSettings()
    session: SessionSettings = SessionSettings()
    inbox: InboxSettings = InboxSettings()
    speech: SpeechSettings = SpeechSettings()
    slack: SlackSettings = SlackSettings()
    discord: DiscordSettings = DiscordSettings()
    language: LanguageSettings = LanguageSettings()
    log: LogSettings = LogSettings()
    health: HealthSettings = HealthSettings()
    web: WebSettings = WebSettings()
    metrics: MetricsSettings = MetricsSettings()
    tracing: TracingSettings = TracingSettings()

    @model_validator(mode="before")
    @classmethod
    def _by_present_names(cls, values: Any) -> Any:
        return by_present_names(values) if isinstance(values, Mapping) else values

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
