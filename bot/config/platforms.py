"""Settings of the chat platforms; the adapters read them, the core does not."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class SlackSettings(BaseModel):
    """How Riff connects to Slack."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Literal["socket", "http"] = "socket"
    api_url: str = "https://slack.com/api/"
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=1, le=65535)
    bot_token: SecretStr | None = None
    app_token: SecretStr | None = None
    signing_secret: SecretStr | None = None


class DiscordSettings(BaseModel):
    """How Riff connects to Discord."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_url: str = "https://discord.com/api/v10"
    token: SecretStr | None = None
