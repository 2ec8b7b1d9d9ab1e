"""Thoughts of models on servers are never given as the answer, stop nothing, have room of their own and are counted."""

from typing import Any

import pytest
from starlette.responses import Response

from genai.errors import ThoughtsShown
from genai.request import Sampling
from tests.remote.asking import answer_of, asked
from tests.support.openai_server import event, serving, streamed, usage

Body = dict[str, Any]
END = event(finish="stop")
STOPPING = Sampling(stop=("\n2.",))


def thinking(name: str, thought: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": None, name: thought}, "finish_reason": None}]}


MARKED = [
    [event("<think>They want\n1. bells\n2. ropes"), event("</think>\n\nBells!")],
    [event("<thi"), event("nk>\n2. ropes\n</th"), event("ink>\n"), event("Bells!")],
    [event("[THINK]\n2. ropes[/THINK]Bells!")],
    [
        event(
            "<|channel|>analysis<|message|>\n2. ropes<|end|><|start|>assistant<|channel|>final<|message|>Bells!"
        )
    ],
    [thinking("reasoning_content", "one\n2. two"), event("Bells!")],
    [thinking("reasoning", "one\n2. two"), event("Bells!")],
    [thinking("reasoning_details", [{"type": "reasoning.text", "text": "two"}]), event("Bells!")],
    [
        {
            "choices": [
                {
                    "delta": {
                        "content": [
                            {"type": "thinking", "thinking": [{"type": "text", "text": "\n2. two"}]},
                            {"type": "text", "text": "Bells!"},
                        ]
                    }
                }
            ]
        }
    ],
]


@pytest.mark.parametrize("events", MARKED)
async def test_thoughts_are_kept_apart_and_stop_strings_do_not_act_in_them(events: list[Any]) -> None:
    async with serving(lambda _: streamed(*events, END)) as server, asked(server) as generator:
        answer = await answer_of(generator, sampling=STOPPING)
    assert (answer.text, answer.finish) == ("Bells!", "stop")
    assert answer.thought_tokens > 0
    assert answer.tokens >= answer.thought_tokens


async def test_thoughts_are_counted_as_the_server_does() -> None:
    counted = usage(30)
    counted["usage"]["completion_tokens_details"] = {"reasoning_tokens": 27}
    events = (thinking("reasoning_content", "Hm."), event("Bells!"), END, counted)
    async with serving(lambda _: streamed(*events)) as server, asked(server) as generator:
        answer = await answer_of(generator)
    assert (answer.tokens, answer.thought_tokens) == (30, 27)


async def test_a_tag_that_the_template_opened_is_found_out_before_anything_is_shown() -> None:
    events = (
        event("Okay, so they want bells."),
        event(" I will say so."),
        event("\n</think>\n\nBells!"),
        END,
    )
    async with serving(lambda _: streamed(*events)) as server, asked(server) as generator:
        assert [(await answer_of(generator)).text for _ in range(2)] == ["Bells!", "Bells!"]
    assert len(server.bodies) == 2


async def test_thoughts_that_read_like_an_answer_are_taken_back_once() -> None:
    events = (event("Bells ring."), event(" Ropes do not."), event("\n</think>\n\nBells!"), END)
    async with serving(lambda _: streamed(*events)) as server, asked(server) as generator:
        with pytest.raises(ThoughtsShown):
            await answer_of(generator)
        assert (await answer_of(generator)).text == "Bells!"


async def test_an_ordinary_answer_that_begins_like_thoughts_is_given() -> None:
    events = (event("Let me "), event("name two: bells, ropes."), END)
    async with serving(lambda _: streamed(*events)) as server, asked(server) as generator:
        first = (await answer_of(generator)).text
        assert generator.info.model == "m"
        assert first == (await answer_of(generator)).text == "Let me name two: bells, ropes."


async def test_a_server_that_stops_opening_the_tag_loses_no_answer() -> None:
    opened = (event("Okay, so bells."), event("</think>Bells!"), END)
    replies = [streamed(*opened), streamed(event("Ropes!"), END), streamed(event("Ropes!"), END)]
    async with serving(*(lambda _, one=one: one for one in replies)) as server, asked(server) as generator:
        found = [(await answer_of(generator)).text for _ in range(3)]
    assert found == ["Bells!", "Ropes!", "Ropes!"]


async def test_thoughts_that_fill_the_room_get_room_of_their_own_from_then_on() -> None:
    def short(body: Body) -> Response:
        if body["max_tokens"] <= 100:
            return streamed(thinking("reasoning_content", "On and on."), event(finish="length"))
        return streamed(thinking("reasoning_content", "On."), event("Bells!"), END)

    async with serving(short) as server, asked(server, thought_tokens=1000) as generator:
        for _ in range(2):
            assert (await answer_of(generator, sampling=Sampling(max_new_tokens=100))).text == "Bells!"
    assert [body["max_tokens"] for body in server.bodies] == [100, 1100, 1100]


@pytest.mark.parametrize(
    "events",
    [
        [thinking("reasoning_content", "On and on.")],
        [event("<think>On and on.")],
        [event("Okay, so on and on.")],
    ],
)
async def test_thoughts_that_never_end_are_no_answer(events: list[Any]) -> None:
    full = (*events, event(finish="length"))
    async with serving(lambda _: streamed(*full)) as server, asked(server) as generator:
        answer = await answer_of(generator)
    assert (answer.text, answer.finish) == ("", "length")
    assert len(server.bodies) == 2
