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
    client_id: str = ""
    """With `client_secret` and `encryption_key`: several workspaces install Riff at /slack/install."""
    client_secret: SecretStr | None = None
    encryption_key: SecretStr | None = None
    """Fernet keys with commas between; the first encrypts, all decrypt."""

    @property
    def has_oauth(self) -> bool:
        """Whether workspaces install Riff themselves."""
        return bool(self.client_id and self.client_secret and self.encryption_key)


class DiscordSettings(BaseModel):
    """How Riff connects to Discord."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_url: str = "https://discord.com/api/v10"
    token: SecretStr | None = None
    test_server: str = Field(default="", pattern=r"^\d*$")
    """The id of the only server that commands are registered in, at once; "" registers them everywhere."""
    edit_seconds: float = Field(default=1.0, ge=0.05, le=60)
    """Least time between two edits of a message that grows; more where the rate-limit headers say so."""
    file_characters: int = Field(default=6000, ge=2000, le=100_000)
    """A longer answer comes as a file."""
    heartbeat_seconds: float = Field(default=60.0, ge=1, le=600)
    """A gateway connection that is silent for longer is dead."""
    token_seconds: float = Field(default=900.0, ge=1, le=900)
    """How long an interaction can be answered; then the answer comes as an ordinary message."""
