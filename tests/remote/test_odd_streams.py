"""Streams that are no models of the protocol, but real: they are read, or another server is asked. None is a crash."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import JSONResponse, Response, StreamingResponse

from genai.errors import GenerationError, GenerationFailed
from genai.remote.chunks import fault_in, piece_of
from genai.remote.errors import OddStream
from genai.remote.event_stream import EventReader
from genai.request import FinishReason, Sampling
from tests.remote.asking import answer_of, asked
from tests.support.openai_server import event, raw, serving, streamed, usage

HELLO = (event("Hello."), event(finish="stop"))
DONE = "data: [DONE]\n\n"


def line(*texts: str, **choice: Any) -> str:
    """Events with a text each, as they are written."""
    return "".join(f"data: {json.dumps(event(text, **choice))}\n\n" for text in texts)


def delta(content: Any, **fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content, **fields}, "finish_reason": None}]}


END = line("", finish="stop")

READ: dict[str, Response] = {
    "comments, ids, names and times to wait": raw(
        ": ping\n\nid: 1\nevent: message\nretry: 3000\n",
        line("Hel"),
        ": OPENROUTER PROCESSING\n\n",
        line("lo."),
        END,
        DONE,
    ),
    "empty data lines": raw("data:\n\ndata: \n\n", line("Hello."), "data:\n\n", END, DONE),
    "no space behind the colon": raw(line("Hello.").replace("data: ", "data:"), END, "data:[DONE]\n\n"),
    "carriage returns": raw((line("Hel", "lo.") + END + DONE).replace("\n", "\r\n")),
    "carriage returns alone": raw((line("Hel", "lo.") + END + DONE).replace("\n", "\r")),
    "no empty lines between events": raw((line("Hel", "lo.") + END + DONE).replace("\n\n", "\n")),
    "a byte order mark": raw(b"\xef\xbb\xbf", line("Hello."), END, DONE),
    "no word that it is done": raw(line("Hello."), END),
    "no line end at the end": raw(line("Hello."), END.rstrip()),
    "a list of parts": streamed(
        delta([{"type": "text", "text": "Hel"}, "lo", {"type": "text", "text": "."}]), event(finish="stop")
    ),
    "one part": streamed(delta({"type": "text", "text": "Hello."}), event(finish="stop")),
    "null fields": streamed(
        {"choices": [{"index": 0, "delta": None, "finish_reason": None, "logprobs": None}], "usage": None},
        {"choices": None},
        {"choices": [], "error": None},
        delta(None, tool_calls=None, role="assistant"),
        event("Hello.", logprobs={"content": None}),
        event("", finish="stop", logprobs={"content": [{"token": "t", "logprob": None}]}),
    ),
    "what is no object": raw("data: null\n\ndata: 5\n\ndata: []\n\n", line("Hello."), END, DONE),
    "a whole answer where a stream was asked for": JSONResponse(
        {"choices": [{"message": {"role": "assistant", "content": "Hello."}, "finish_reason": "stop"}]}
    ),
    "a whole answer over many lines": raw(
        json.dumps({"choices": [{"message": {"content": "Hello."}, "finish_reason": "stop"}]}, indent=2),
        media_type="application/json",
    ),
    "texts of completions": streamed({"choices": [{"text": "Hello.", "finish_reason": "stop"}]}),
    "a message in the place of the delta": streamed(
        {"choices": [{"message": {"content": "Hello."}, "finish_reason": None}]}, event(finish="stop")
    ),
    "data over several lines": raw(
        *(f"data: {part}\n" for part in json.dumps(event("Hello."), indent=1).split("\n")), "\n", END, DONE
    ),
    "a reason that says not yet": streamed(event("Hel", finish="null"), event("lo."), event(finish="stop")),
    "tabs in strings": raw('data: {"choices": [{"delta": {"content": "Hello.", "x": "\t"}}]}\n\n', END, DONE),
    "an error behind the end": streamed(*HELLO, {"error": {"message": "usage is away"}}),
}


@pytest.mark.parametrize("name", READ)
async def test_a_real_stream_is_read(name: str) -> None:
    async with serving(lambda _: READ[name]) as server, asked(server) as generator:
        answer = await answer_of(generator)
    assert (answer.text, answer.finish, len(server.bodies)) == ("Hello.", "stop", 1)


FAILS: dict[str, Response] = {
    "an error object": JSONResponse({"error": {"message": "overloaded", "code": 503}}),
    "an error that is a text": streamed({"error": "overloaded"}),
    "an error in a list": raw('[{"error": {"message": "overloaded", "code": 503}}]'),
    "an error under another name": streamed({"object": "error", "message": "boom", "code": 500}),
    "a detail": raw('data: {"detail": "boom"}\n\n'),
    "broken data": raw('data: {"choices": [{"delta"\n\n', DONE),
    "a page": raw("<html><body>Sign in</body></html>", media_type="text/html"),
    "nothing": raw(""),
    "only that it is done": raw(DONE),
    "no text to the end": streamed(event(""), event("")),
    "endless nesting": raw("data: " + "[" * 100_000 + "\n\n"),
    "bytes": raw(bytes(range(256)) * 8),
}


@pytest.mark.parametrize("name", FAILS)
async def test_what_cannot_be_read_is_left_to_the_next_server(name: str) -> None:
    async with (
        serving(lambda _: FAILS[name]) as odd,
        serving(lambda _: streamed(*HELLO)) as good,
        asked(odd, good) as generator,
    ):
        assert (await answer_of(generator)).text == "Hello."
    assert len(odd.bodies) == 1


async def test_halves_of_characters_are_joined_and_a_lone_half_harms_nothing() -> None:
    halves = (
        event("Bells \ud83d"),
        event("\udd14!"),
        event(" \ud83d"),
        event("\udd14\udd14"),
        event(finish="stop"),
    )
    async with serving(lambda _: streamed(*halves)) as server, asked(server) as generator:
        assert (await answer_of(generator)).text == "Bells 🔔! 🔔\ufffd"
    lone = (event("Bells \ud83d"), event(finish="stop"))
    async with serving(lambda _: streamed(*lone)) as server, asked(server) as generator:
        assert (await answer_of(generator)).text == "Bells \ufffd"


async def test_bytes_of_a_character_may_come_in_two_pieces() -> None:
    text = json.dumps(event("Glöckchen 铃"), ensure_ascii=False).encode()
    pieces = [text[at : at + 1] for at in range(len(text))]
    async with serving(lambda _: raw("data: ", *pieces, "\n\n", END)) as server, asked(server) as generator:
        assert (await answer_of(generator)).text == "Glöckchen 铃"


ENDINGS: list[tuple[str | None, FinishReason]] = [
    ("stop", "stop"),
    ("eos", "stop"),
    ("end_turn", "stop"),
    ("length", "length"),
    ("max_tokens", "length"),
    ("content_filter", "content_filter"),
    ("SAFETY", "content_filter"),
    ("error", "error"),
    ("insufficient_system_resource", "error"),
    ("weather", "unknown"),
    ("", "unknown"),
]


@pytest.mark.parametrize(("reason", "finish"), ENDINGS)
async def test_how_an_answer_ended_is_known(reason: str, finish: FinishReason) -> None:
    async with (
        serving(lambda _: streamed(event("Hello."), event(finish=reason))) as server,
        asked(server) as generator,
    ):
        answer = await answer_of(generator)
    assert (answer.text, answer.finish) == ("Hello.", finish)


@pytest.mark.parametrize("done", [DONE, ""])
async def test_a_connection_that_stays_open_behind_the_end_holds_nothing_up(done: str) -> None:
    async def hanging() -> AsyncIterator[str]:
        yield line("Hello.") + END + done
        await asyncio.sleep(60)

    async with (
        serving(lambda _: StreamingResponse(hanging(), media_type="text/event-stream")) as server,
        asked(server, timeout_seconds=20) as generator,
    ):
        async with asyncio.timeout(15):
            answer = await answer_of(generator)
        await server.until_open(0)
    assert (answer.text, answer.finish, len(server.bodies)) == ("Hello.", "stop", 1)


@pytest.mark.parametrize("done", [DONE, ""])
async def test_an_answer_that_ends_without_a_reason_is_kept(done: str) -> None:
    body = line("Hel", "lo.", finish="") + done
    async with serving(lambda _: raw(body)) as server, asked(server) as generator:
        answer = await answer_of(generator)
    assert (answer.text, answer.finish, len(server.bodies)) == ("Hello.", "unknown", 1)


async def test_an_error_after_the_first_words_keeps_them() -> None:
    events = (event("Half an"), {"error": {"message": "boom"}})
    async with serving(lambda _: streamed(*events)) as server, asked(server) as generator:
        with pytest.raises(GenerationFailed, match="broke off"):
            await answer_of(generator)
    filtered = (event("Half an"), {"error": {"message": "stopped", "code": "content_filter"}})
    async with serving(lambda _: streamed(*filtered)) as server, asked(server) as generator:
        answer = await answer_of(generator)
    assert (answer.text, answer.finish) == ("Half an", "content_filter")


async def test_tokens_are_those_that_the_server_counts_else_pieces() -> None:
    async with serving(lambda _: streamed(*HELLO, usage(7))) as server, asked(server) as generator:
        assert (await answer_of(generator)).tokens == 7
    pieces = (event("One "), event("two "), event("three."), event(finish="stop"))
    async with serving(lambda _: streamed(*pieces)) as server, asked(server) as generator:
        assert (await answer_of(generator)).tokens == 3


LISTS: dict[str, Response] = {
    "a bare list": JSONResponse([{"id": "m"}]),
    "names alone": JSONResponse(["m"]),
    "under another name": JSONResponse({"models": [{"name": "m"}]}),
    "with odd entries": JSONResponse(
        {"data": [None, 5, {}, {"id": None}, {"id": "m", "max_model_len": "many"}]}
    ),
}


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_of_models_may_have_any_form(name: str) -> None:
    async with (
        serving(lambda _: streamed(*HELLO), listing=LISTS[name]) as server,
        asked(server, model="embedded") as generator,
    ):
        assert generator.info.model == "m"
        assert (await answer_of(generator)).text == "Hello."


ODD_LISTS: dict[str, Response] = {
    "a page": raw("<html>", media_type="text/html"),
    "null": JSONResponse(None),
    "a text": JSONResponse("m"),
    "nothing": raw(""),
    "not to be found": JSONResponse({"detail": "Not Found"}, 404),
    "endless nesting": raw("[" * 100_000),
    "forbidden": JSONResponse({"error": "no"}, 403),
    "away": JSONResponse({"error": "no"}, 503),
}


@pytest.mark.parametrize("name", ODD_LISTS)
async def test_one_odd_server_never_stops_a_good_one(name: str) -> None:
    async with (
        serving(lambda _: raw("data: {\n\n"), listing=ODD_LISTS[name]) as odd,
        serving(lambda _: streamed(*HELLO)) as good,
        asked(odd, good) as generator,
    ):
        assert [(await answer_of(generator)).text for _ in range(2)] == ["Hello."] * 2
        trials = await generator.try_out()
    assert [bool(trial.fault) for trial in trials] == [True, False]


async def test_the_context_that_a_server_names_bounds_the_answer() -> None:
    listing = JSONResponse({"data": [{"id": "m", "max_model_len": 4096}]})
    async with serving(lambda _: streamed(*HELLO), listing=listing) as server, asked(server) as generator:
        assert generator.info.context_tokens == 4096
        await answer_of(generator, sampling=Sampling(max_new_tokens=None))
    assert server.bodies[0]["max_tokens"] == 1024


async def test_a_server_that_is_away_at_the_start_says_so_in_a_sentence() -> None:
    async with serving(lambda _: streamed(*HELLO), listing=JSONResponse({"error": "no"}, 503)) as server:
        with pytest.raises(GenerationError, match="HTTP 503"):
            async with asked(server):
                pass


@given(
    st.lists(
        st.sampled_from(
            ["data: ", '{"choices": []}', "\n", "\r", "\n\n", ":", "[", "}", "id: 1", "[DONE]", "é"]
        )
    )
)
def test_no_stream_crashes_the_reader(parts: list[str]) -> None:
    reader = EventReader()
    try:
        for part in parts:
            reader.feed(part.encode())
        reader.close()
    except OddStream:
        pass


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "choices",
                    "delta",
                    "content",
                    "text",
                    "error",
                    "usage",
                    "logprobs",
                    "finish_reason",
                    "message",
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_event_crashes_what_reads_it(value: Any) -> None:
    event = value if isinstance(value, dict) else {"choices": [value]}
    fault_in(event)
    piece = piece_of(event)
    assert isinstance(piece.text, str)
    assert isinstance(piece.thought, str)


@given(st.lists(st.integers(1, 40)), st.sampled_from(["\n", "\r\n", "\r"]))
def test_how_a_stream_is_cut_makes_no_difference(cuts: list[int], line_end: str) -> None:
    whole = (": hi\n\n" + line("Glöck", "chen", "铃") + END + DONE).replace("\n", line_end).encode()
    at_once = EventReader()
    expected = [*at_once.feed(whole), *at_once.close()]
    reader, found, place = EventReader(), [], 0
    for cut in cuts:
        found += reader.feed(whole[place : place + cut])
        place += cut
    found += [*reader.feed(whole[place:]), *reader.close()]
    assert found == expected
    assert len(found) == 4
    assert reader.is_done
