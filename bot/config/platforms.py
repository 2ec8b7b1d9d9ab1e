"""Settings of the chat platforms; the adapters read them, the core does not."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class SlackSettings(BaseModel):
    """How Riff connects to Slack."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Literal["socket", "http"] = "socket"
    api_url: str = "https://slack.com/api/"
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)
    connections: int = Field(default=2, ge=1, le=10)
    """Socket Mode connections; an event comes over one of them."""
    message_seconds: float = Field(default=1.0, ge=0, le=60)
    """Time between two messages in a channel, and between two edits of one that grows."""
    bot_token: SecretStr | None = None
    app_token: SecretStr | None = None
    signing_secret: SecretStr | None = None


class DiscordSettings(BaseModel):
    """How Riff connects to Discord."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_url: str = "https://discord.com/api/v10"
    token: SecretStr | None = None
