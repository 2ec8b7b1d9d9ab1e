"""What a server refuses is learned from its first refusal, left out, remembered and told."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from starlette.responses import Response

from genai.errors import GenerationFailed
from genai.remote.habits import Asking, Habits
from genai.request import GenerationRequest, Sampling, Turn
from tests.remote.asking import QUESTION, answer_of, asked
from tests.support.openai_server import event, refused, serving, streamed, usage

Body = dict[str, Any]
HELLO = (event("Hello."), event(finish="stop"))
TURNS = (Turn("system", "Be kind."), Turn("user", "One."), Turn("user", "Two."))


def roles(body: Body) -> list[str]:
    return [message["role"] for message in body["messages"]]


def refusing(says: str, when: Callable[[Body], bool], status: int = 400) -> Callable[[Body], Response]:
    """A server that refuses some requests in these words, and answers all others."""
    return lambda body: refused(status, says) if when(body) else streamed(*HELLO)


def repeats(body: Body) -> bool:
    spoken = [role for role in roles(body) if role != "system"]
    return any(first == second for first, second in pairwise(spoken))


FIELDS = [
    ("Unknown parameter: 'logprobs'.", "logprobs"),
    ("stream_options is not permitted", "stream_options"),
    ("Unrecognized request argument supplied: seed", "seed"),
    ("unknown field `top_k`, expected one of `model`, `messages`, `temperature`, `max_tokens`", "top_k"),
    (
        "Unsupported value: 'temperature' does not support 0.8 here. Only the default (1) value is supported.",
        "temperature",
    ),
    ("Unsupported parameter: 'stop' is not supported with this model.", "stop"),
    ("temperature and top_p cannot both be specified; leave top_p out", "top_p"),
    (
        "[{'type': 'extra_forbidden', 'loc': ('body', 'logprobs'), 'msg': 'Extra inputs are not permitted'}]",
        "logprobs",
    ),
]


@pytest.mark.parametrize(("says", "name"), FIELDS)
async def test_a_field_that_is_refused_by_name_is_left_out_from_then_on(says: str, name: str) -> None:
    async with serving(refusing(says, lambda body: name in body)) as server, asked(server) as generator:
        assert [(await answer_of(generator)).text for _ in range(2)] == ["Hello.", "Hello."]
    assert [name in body for body in server.bodies] == [True, False, False]
    kept = {"model", "messages", "stream", "max_tokens"}
    assert kept <= set(server.bodies[-1])


async def test_a_stop_string_that_the_server_does_not_take_stops_all_the_same() -> None:
    replies = [event("One END two"), event(finish="length")]
    answer = lambda body: refused(400, "stop: unknown") if "stop" in body else streamed(*replies)  # noqa: E731
    async with serving(answer) as server, asked(server) as generator:
        completion = await answer_of(generator)
    assert (completion.text, completion.finish) == ("One ", "stop")


async def test_the_limit_has_another_name_where_the_server_says_so() -> None:
    says = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    async with (
        serving(refusing(says, lambda body: "max_tokens" in body)) as server,
        asked(server) as generator,
    ):
        for _ in range(2):
            assert (await answer_of(generator)).text == "Hello."
    first, second, third = server.bodies
    assert (second["max_completion_tokens"], third["max_completion_tokens"]) == (first["max_tokens"],) * 2
    assert "max_tokens" not in second


async def test_the_longest_answer_is_learned_by_its_number() -> None:
    says = "max_tokens is too large: 4096. This model supports at most 2048 completion tokens."
    too_large = refusing(says, lambda body: body["max_tokens"] > 2048)
    async with serving(too_large) as server, asked(server) as generator:
        for _ in range(2):
            await answer_of(generator, sampling=Sampling(max_new_tokens=4096))
    assert [body["max_tokens"] for body in server.bodies] == [4096, 2048, 2048]


@pytest.mark.parametrize("status", [400, 422, 500])
async def test_a_template_without_a_system_role_gets_the_instruction_in_the_persons_turn(status: int) -> None:
    says = "Error rendering prompt with jinja template: System role not supported"
    answer = refusing(says, lambda body: "system" in roles(body), status)
    async with serving(answer) as server, asked(server) as generator:
        for _ in range(2):
            assert (await answer_of(generator)).text == "Hello."
    assert [roles(body) for body in server.bodies] == [["system", "user"], ["user"], ["user"]]
    assert server.bodies[-1]["messages"][0]["content"] == "Be kind.\n\nHi?"


@pytest.mark.parametrize("status", [400, 500])
async def test_a_template_that_wants_roles_to_alternate_gets_turns_joined(status: int) -> None:
    says = (
        "After the optional system message, conversation roles must alternate user and assistant roles"
        " user/assistant/user/assistant/... (template)"
    )
    async with serving(refusing(says, repeats, status)) as server, asked(server) as generator:
        for _ in range(2):
            assert (await answer_of(generator, TURNS)).text == "Hello."
    assert [roles(body) for body in server.bodies] == [["system", "user", "user"], *[["system", "user"]] * 2]
    assert server.bodies[-1]["messages"][1]["content"] == "One.\n\nTwo."


async def test_a_template_that_takes_neither_gets_one_turn() -> None:
    says = "Conversation roles must alternate user/assistant/user/assistant/..."
    answer = refusing(says, lambda body: "system" in roles(body) or repeats(body))
    async with serving(answer) as server, asked(server) as generator:
        assert (await answer_of(generator, TURNS)).text == "Hello."
    assert server.bodies[-1]["messages"] == [{"role": "user", "content": "Be kind.\n\nOne.\n\nTwo."}]


async def test_an_answer_whose_question_was_left_out_is_not_the_first_turn_where_roles_alternate() -> None:
    turns = (Turn("assistant", "Earlier."), Turn("user", "Hi?"))
    first_is_user = refusing("the first message must be from the user", lambda body: roles(body)[0] != "user")
    async with serving(first_is_user) as server, asked(server) as generator:
        assert (await answer_of(generator, turns)).text == "Hello."
    assert roles(server.bodies[-1]) == ["user", "assistant", "user"]


async def test_several_refusals_are_learned_one_after_the_other_and_told() -> None:
    def strict(body: Body) -> Response:
        if "seed" in body:
            return refused(422, "seed: extra inputs are not permitted")
        if "system" in roles(body):
            return refused(422, "System role not supported")
        return refused(422, "logprobs unknown") if "logprobs" in body else streamed(*HELLO)

    async with serving(strict) as server, asked(server) as generator:
        assert (await answer_of(generator)).text == "Hello."
        count = len(server.bodies)
        assert (await answer_of(generator)).text == "Hello."
        (trial,) = await generator.try_out()
    assert (count, len(server.bodies)) == (4, 6)
    assert trial.adapted == (
        "the instruction goes into the person's first message",
        "without logprobs, seed",
    )


async def test_texts_that_are_written_at_the_same_time_learn_the_same(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def strict(body: Body) -> Response:
        if "seed" in body:
            return refused(422, "seed: extra inputs are not permitted")
        return streamed(event("<think>hm</think>Hel"), event("lo."), event(finish="stop"))

    async with serving(strict) as server, asked(server) as generator:
        request = GenerationRequest(QUESTION, Sampling(seed=1), candidates=6, deadline_seconds=30)
        for _ in range(2):
            assert {one.text for one in await generator.complete(request)} == {"Hello."}
        (trial,) = await generator.try_out()
    assert trial.adapted == ("without seed", "it thinks before it answers")
    assert ["seed" in body for body in server.bodies[-7:]] == [False] * 7
    assert caplog.text.count("takes less") == 1


async def test_a_refusal_without_a_reason_is_answered_by_doing_without_more_and_more() -> None:
    def sour(body: Body) -> Response:
        return (
            streamed(*HELLO) if set(body) <= {"model", "messages", "stream"} else refused(400, "bad request")
        )

    async with serving(sour) as server, asked(server) as generator:
        assert (await answer_of(generator)).text == "Hello."
        count = len(server.bodies)
        assert (await answer_of(generator)).text == "Hello."
    assert count <= 6
    assert len(server.bodies) == count + 1


async def test_a_request_that_nobody_takes_teaches_nothing_and_goes_to_the_next_server() -> None:
    async with (
        serving(lambda _: refused(400, "no")) as bad,
        serving(lambda _: streamed(*HELLO)) as good,
        asked(bad, good) as generator,
    ):
        assert (await answer_of(generator)).text == "Hello."
    async with serving(lambda _: refused(400, "no")) as bad, asked(bad) as generator:
        with pytest.raises(GenerationFailed, match="refuses this request"):
            await answer_of(generator)
        first = len(bad.bodies)
        assert set(bad.bodies[0]) > set(bad.bodies[first - 1])
        with pytest.raises(GenerationFailed):
            await answer_of(generator)
        assert bad.bodies[first] == bad.bodies[0]


async def test_a_server_that_crashes_at_roles_again_and_again_is_asked_without_them() -> None:
    answer = refusing("Internal Server Error", lambda body: "system" in roles(body), 500)
    async with serving(answer) as server, asked(server) as generator:
        for _ in range(2):
            assert (await answer_of(generator)).text == "Hello."
    assert [roles(body) for body in server.bodies] == [*[["system", "user"]] * 2, ["user"], ["user"]]


async def test_a_server_that_crashed_once_keeps_its_roles() -> None:
    replies = [lambda _: refused(500), lambda _: streamed(*HELLO)]
    async with serving(*replies) as server, asked(server) as generator:
        for _ in range(2):
            assert (await answer_of(generator)).text == "Hello."
    assert [roles(body) for body in server.bodies] == [["system", "user"]] * 3


async def test_a_servers_own_trouble_is_not_taken_for_a_refusal() -> None:
    async with (
        serving(lambda _: refused(500, "out of memory")) as bad,
        serving(lambda _: streamed(*HELLO)) as good,
        asked(bad, good) as generator,
    ):
        assert (await answer_of(generator)).text == "Hello."
    assert len(bad.bodies) == 1


async def test_an_error_in_a_stream_that_has_not_begun_teaches_like_any_refusal() -> None:
    def late(body: Body) -> Response:
        error = {"error": {"message": "logprobs is not supported", "code": 400}}
        return streamed(error) if "logprobs" in body else streamed(*HELLO)

    async with serving(late) as server, asked(server) as generator:
        assert (await answer_of(generator)).text == "Hello."
    assert len(server.bodies) == 2


async def test_a_context_is_learned_before_anything_is_left_out_of_the_conversation() -> None:
    says = (
        "This model's maximum context length is 2048 tokens. However, you requested 4120 tokens"
        " (24 in the messages, 4096 in the completion)."
    )
    answer = refusing(says, lambda body: body["max_tokens"] > 1024)
    async with serving(answer) as server, asked(server, max_new_tokens=0) as generator:
        completion = await answer_of(generator, sampling=Sampling(max_new_tokens=None))
        await answer_of(generator, sampling=Sampling(max_new_tokens=None))
    assert completion.notice == ""
    assert [body["max_tokens"] for body in server.bodies] == [4096, 800, 800]


async def test_a_content_filter_that_refuses_the_request_is_no_failure() -> None:
    says = "The response was filtered due to the prompt triggering the content management policy."
    async with serving(lambda _: refused(400, says)) as server, asked(server) as generator:
        completion = await answer_of(generator)
    assert (completion.text, completion.finish, len(server.bodies)) == ("", "content_filter", 1)


async def test_thoughts_are_switched_off_where_the_server_can() -> None:
    async with serving(lambda _: streamed(*HELLO)) as server, asked(server, thinking=False) as generator:
        await answer_of(generator)
    assert server.bodies[0]["chat_template_kwargs"] == {"enable_thinking": False, "thinking": False}
    async with serving(lambda _: streamed(*HELLO, usage(2))) as server, asked(server) as generator:
        await answer_of(generator)
    assert "chat_template_kwargs" not in server.bodies[0]


def test_a_date_in_a_models_name_is_no_limit() -> None:
    asking = Asking("o1-2024-12-17", QUESTION, Sampling(max_new_tokens=4000))
    said = "'max_tokens' is not supported with o1-2024-12-17; use 'max_completion_tokens' instead."
    learned = Habits().after_refusal(said, Habits().fields(asking))
    assert learned is not None
    assert (learned.limit, learned.longest) == ("max_completion_tokens", 0)
