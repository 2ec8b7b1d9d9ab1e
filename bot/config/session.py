"""Settings of facilitated brainstorms."""

from pydantic import BaseModel, ConfigDict, Field


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
    contributions: int = Field(default=6, ge=0, le=50)
    """How often Riff adds ideas of its own."""
    quiet_seconds: float = Field(default=30.0, ge=0, le=3600)
    """Riff adds nothing until nobody has written for so long."""
    tick_seconds: float = Field(default=2.0, ge=0.05, le=60)
    """How often clocks are looked at."""
