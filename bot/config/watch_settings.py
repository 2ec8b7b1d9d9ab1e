"""Settings of what whoever runs Riff can watch: health, numbers, traces, the log."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class HealthSettings(BaseModel):
    """Where /healthz and /readyz are answered."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)
    """0 for nowhere."""


class LogSettings(BaseModel):
    """What the log says, on standard error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: Literal["debug", "info", "warning", "error"] = "warning"
    format: Literal["text", "json"] = "text"


class MetricsSettings(BaseModel):
    """Numbers for Prometheus."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = False
    """Whether the health server answers /metrics."""


class TracingSettings(BaseModel):
    """Traces for a collector that speaks OTLP over HTTP."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoint: str = ""
    """Its address without /v1/traces, such as http://localhost:4318; "" for no traces."""
    share: float = Field(default=1.0, ge=0, le=1)
    """Of the events, this share is traced."""
    timeout_seconds: float = Field(default=5.0, gt=0, le=60)
    """A collector that takes longer is away."""
