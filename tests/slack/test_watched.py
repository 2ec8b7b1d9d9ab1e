"""What whoever runs Riff sees of one mention: numbers, a trace from its arrival to its answer, and no word of it."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from bot.watching.json_log import JsonFormatter
from tests.slack.conftest import FAST_INBOX, FAST_SLACK
from tests.support.riff_process import RiffProcess
from tests.support.slack_server import APP_TOKEN, BOT, BOT_TOKEN, SlackServer


class Collector:
    """Takes traces as OpenTelemetry's collector does: OTLP over HTTP, in protobuf."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.raw = b""

    async def take(self, request: web.Request) -> web.Response:
        self.raw += (body := await request.read())
        sent = ExportTraceServiceRequest.FromString(body)
        self.spans += [
            span for one in sent.resource_spans for scope in one.scope_spans for span in scope.spans
        ]
        return web.Response(body=b"", content_type="application/x-protobuf")


@pytest.fixture
async def collector() -> AsyncIterator[tuple[Collector, str]]:
    taking = Collector()
    app = web.Application()
    app.router.add_post("/v1/traces", taking.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield taking, f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def test_a_mention_is_counted_timed_and_traced_without_a_word_of_it(
    slack: SlackServer, collector: tuple[Collector, str], tmp_path: Path
) -> None:
    taking, endpoint = collector
    port = free_port()
    settings = {
        "storage": {"url": f"sqlite:///{tmp_path}/riff.db"},
        "slack": {"api_url": slack.url, "bot_token": BOT_TOKEN, "app_token": APP_TOKEN, **FAST_SLACK},
        "inbox": FAST_INBOX,
        "health": {"port": port},
        "metrics": {"enabled": True},
        "tracing": {"endpoint": endpoint},
    }
    with RiffProcess("slack", settings) as riff:
        await slack.sockets.connected()
        said = slack.say("C1", f"<@{BOT}> zebra umbrellas")
        await slack.sockets.deliver("events_api", slack.callback(said))
        await slack.settled(lambda: any("The end of" in one.shown for one in slack.workspace.by_riff()), 30)
        async with aiohttp.ClientSession() as session, asyncio.timeout(20):
            numbers = ""
            while 'riff_events_ended_total{platform="slack",result="done"} 1.0' not in numbers:
                async with session.get(f"http://127.0.0.1:{port}/metrics") as answer:
                    numbers = await answer.text()
                await asyncio.sleep(0.1)
        assert await asyncio.to_thread(riff.stop) == 0

    for line in (
        'riff_events_total{platform="slack",result="kept"} 1.0',
        'riff_answers_total{outcome="answered",platform="slack"} 1.0',
        'riff_first_text_seconds_count{platform="slack"} 1.0',
        'riff_verdicts_total{action="allow",category="none",direction="prompt"} 1.0',
        'riff_inbox_waiting{platform="slack"} 0.0',
    ):
        assert line in numbers, line
    assert "riff_acknowledge_seconds_count 1.0" in numbers
    assert "zebra" not in numbers
    assert b"zebra" not in taking.raw
    event = next(span for span in taking.spans if span.name == "event")
    mine = {span.name for span in taking.spans if span.trace_id == event.trace_id}
    assert {"wait", "answer", "judge the prompt", "respond", "moderate", "sql.write", "sql.read"} <= mine
    inside = [span for span in taking.spans if span.trace_id == event.trace_id and span is not event]
    assert all(event.start_time_unix_nano <= span.start_time_unix_nano for span in inside)
    assert all(span.end_time_unix_nano <= event.end_time_unix_nano for span in inside)


def test_a_line_of_the_log_is_json_with_its_error() -> None:
    try:
        raise ValueError("no")
    except ValueError as error:
        record = logging.LogRecord(
            "riff", logging.ERROR, "", 1, 'it "broke" %s', ("twice",), (type(error), error, None)
        )

    line = json.loads(JsonFormatter().format(record))
    assert (line["level"], line["message"]) == ("error", 'it "broke" twice')
    assert "ValueError: no" in line["error"]
