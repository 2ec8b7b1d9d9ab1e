"""How the database is reached and what is kept; the parsing of the address is in `storage.address`."""

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class StorageSettings(BaseModel):
    """Settings of the database; the address is a secret because it may hold a password."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: SecretStr = SecretStr("")
    """postgresql://user:password@host/name, sqlite:///path, a file path, or "" for riff.db in the user's
    data folder."""
    busy_timeout_ms: int = Field(default=5_000, ge=1, le=600_000)
    """How long SQLite waits for another process that writes."""
    pool_size: int = Field(default=5, ge=1, le=200)
    """Most connections held at once."""
    connect_timeout_seconds: float = Field(default=10, gt=0, le=600)
    statement_timeout_seconds: float = Field(default=15, gt=0, le=3_600)
    """Longest time one PostgreSQL statement may take."""
    transaction_timeout_seconds: float = Field(default=30, gt=0, le=3_600)
    """Longest time one unit of work may take, waiting for its turn included."""
    migration_timeout_seconds: float = Field(default=120, gt=0, le=86_400)
    """Longest wait for another process that is migrating the same database."""
    vacuum_timeout_seconds: float = Field(default=120, gt=0, le=86_400)
    """Longest time that removing the traces of erased rows from SQLite's files may take."""
    keep_audit_text: bool = False
    """Whether the audit keeps the text that moderation decided on."""
    audit_text_days: int = Field(default=30, ge=0, le=36_500)
    """Age in days at which kept audit texts are purged."""
