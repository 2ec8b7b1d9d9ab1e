"""Settings of the durable inbox, which every chat platform's events go through."""

from pydantic import BaseModel, ConfigDict, Field


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
    stale_minutes: float = Field(default=60.0, gt=0, le=10_080)
    """An event that waited longer is answered with an apology."""
    attempts: int = Field(default=5, ge=1, le=100)
    """An event that failed this often is answered with an apology."""
    grace_seconds: float = Field(default=10.0, ge=0, le=600)
    """How long work under way may go on when Riff is stopped; the rest is taken up at the next start."""
    keep_days: float = Field(default=7.0, ge=1, le=365)
    """How long the ids of answered events are kept, to know one that is delivered again."""
