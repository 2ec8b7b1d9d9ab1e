"""Traces of the database: what an error quotes stays out of them."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import text

import storage.database
from storage.database import Database
from storage.errors import StorageError


async def test_an_error_leaves_no_word_in_a_trace(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(storage.database, "_TRACER", provider.get_tracer("test"))
    with pytest.raises(StorageError):
        async with database.transaction() as session:
            await session.execute(text("SELECT * FROM zebra_umbrellas"))
    (span,) = kept.get_finished_spans()
    assert span.name == "sql.write"
    assert "zebra" not in span.to_json()
