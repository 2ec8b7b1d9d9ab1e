"""Traces (OpenTelemetry): one for each event, from its arrival to its answer, with a span for each step.

Spans hold names and counts, never what people write, nor errors, which may quote it (`record_exception` and
`set_status_on_exception` are false everywhere). https://opentelemetry.io/docs/specs/otel/trace/api/
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.trace import SpanKind

from bot.config.watch_settings import TracingSettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_TRACER = trace.get_tracer("riff")
_NANOSECONDS = 1_000_000_000


@contextmanager
def event_trace(platform: str, age_seconds: float) -> Iterator[None]:
    """A trace of the event that arrived so many seconds ago, in this process or another, and what it waited."""
    now = time.time_ns()
    arrived = now - int(age_seconds * _NANOSECONDS)
    context = trace.set_span_in_context(trace.INVALID_SPAN)  # of nothing else that is under way
    attributes = {"platform": platform}
    with _TRACER.start_as_current_span(
        "event",
        context,
        SpanKind.CONSUMER,
        attributes,
        start_time=arrived,
        record_exception=False,
        set_status_on_exception=False,
    ):
        _TRACER.start_span("wait", start_time=arrived).end(now)
        yield


@contextmanager
def traced(settings: TracingSettings) -> Iterator[None]:
    """While held, traces go to the collector that the settings name; what is left is sent at the end."""
    if not settings.endpoint:
        yield
        return
    provider = _provider(settings)
    trace.set_tracer_provider(provider)
    try:
        yield
    finally:
        provider.shutdown()


def _provider(settings: TracingSettings) -> "TracerProvider":
    # what only traces need takes a while to import
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(settings.share)),
        resource=Resource.create({"service.name": "riff"}),
        shutdown_on_exit=False,
    )
    endpoint = f"{settings.endpoint.rstrip('/')}/v1/traces"
    # A thread of its own sends them, some at a time; what a collector that is away cannot take is dropped.
    exporter = OTLPSpanExporter(endpoint, timeout=settings.timeout_seconds)
    provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=4096))
    return provider
