"""What the remote generator makes of everything that a server of OpenAI's protocol may answer."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest
from pydantic import SecretStr

from genai.errors import Busy, GenerationError, GenerationFailed, GeneratorClosed, ModelMissing, PromptTooLong
from genai.remote.generator import RemoteGenerator
from genai.request import GenerationRequest, Sampling, Turn
from genai.settings import GeneratorSettings
from tests.support.openai_server import Server, event, refused, scored, serving, streamed, usage

HELLO = (event("Hel"), event("lo."), event(finish="stop"))
QUESTION = (Turn("system", "Be kind."), Turn("user", "Hi?"))


def asking(sampling: Sampling = Sampling(), **more: object) -> GenerationRequest:  # noqa: B008
    return GenerationRequest(QUESTION, sampling, **{"deadline_seconds": 30.0, "person": "first"} | more)  # type: ignore[arg-type]


@asynccontextmanager
async def asked(*servers: Server, **settings: object) -> AsyncIterator[RemoteGenerator]:
    urls = [server.url for server in servers]
    generator = RemoteGenerator(
        GeneratorSettings(
            backend="openai", base_url=urls, **{"model": "m", "timeout_seconds": 2.0} | settings
        )  # type: ignore[arg-type]
    )
    await generator.start()
    try:
        yield generator
    finally:
        await generator.close()


async def test_an_answer_is_streamed_with_its_score_and_count() -> None:
    events = (scored("Hel", -0.5), scored("lo.", -1.0, -1.5), event(finish="length"), usage(3))
    async with serving(lambda _: streamed(*events)) as server, asked(server) as generator:
        (answer,) = await generator.complete(asking())
    assert (answer.text, answer.finish, answer.tokens) == ("Hello.", "length", 3)
    assert answer.mean_log_probability == pytest.approx(-1.0)


async def test_without_scores_nothing_is_made_up() -> None:
    async with serving(lambda _: streamed(*HELLO)) as server, asked(server) as generator:
        deltas = [delta async for delta in generator.stream(asking())]
    assert "".join(delta.text for delta in deltas) == "Hello."
    assert deltas[-1].finish == "stop"
    assert [delta.mean_log_probability for delta in deltas] == [None] * len(deltas)


async def test_settings_reach_the_server_and_each_candidate_has_a_seed_of_its_own() -> None:
    sampling = Sampling(
        temperature=0.3, top_p=0.9, top_k=7, min_p=0.1, max_new_tokens=9, stop=("END",), seed=5
    )
    async with serving(lambda _: streamed(*HELLO)) as server, asked(server) as generator:
        answers = await generator.complete(asking(sampling, candidates=3))
        await generator.complete(asking(sampling, candidates=3))
    assert [answer.text for answer in answers] == ["Hello."] * 3
    body = server.bodies[0]
    assert body["messages"] == [{"role": turn.role, "content": turn.content} for turn in QUESTION]
    known = {"model", "temperature", "top_p", "top_k", "min_p", "max_tokens", "stop", "stream"}
    assert [body[name] for name in sorted(known)] == [9, 0.1, "m", ["END"], True, 0.3, 7, 0.9]
    seeds = [body["seed"] for body in server.bodies]
    assert len(set(seeds)) == 3
    assert sorted(seeds[:3]) == sorted(seeds[3:])


async def test_fields_that_a_server_does_not_know_are_left_out_from_then_on() -> None:
    def strict(body: dict[str, object]) -> object:
        return refused(422, "Unexpected fields: top_k") if "top_k" in body else streamed(*HELLO)

    async with serving(strict) as server, asked(server) as generator:  # type: ignore[arg-type]
        for _ in range(2):
            (answer,) = await generator.complete(asking(Sampling(top_k=5, seed=1)))
            assert answer.text == "Hello."
    assert ["top_k" in body for body in server.bodies] == [True, False, False]


async def test_a_stop_string_is_never_shown_not_even_in_part() -> None:
    events = (event("One\n"), event("2"), event(". Two"), event(finish="stop"))
    async with serving(lambda _: streamed(*events)) as server, asked(server) as generator:
        deltas = [delta async for delta in generator.stream(asking(Sampling(stop=("\n2.",))))]
    assert "".join(delta.text for delta in deltas) == "One"
    assert deltas[-1].finish == "stop"


@pytest.mark.parametrize(
    "first",
    [
        refused(503),
        refused(429, **{"retry-after": "0"}),
        streamed(event(""), ends=False),
        streamed({"error": {"message": "boom"}}),
        streamed(event("late"), seconds=5.0),
    ],
    ids=["unavailable", "too many", "cut off", "error event", "silent"],
)
async def test_a_server_that_fails_before_its_first_word_is_replaced_and_then_rests(first: object) -> None:
    async with (
        serving(lambda _: first) as bad,  # type: ignore[arg-type,return-value]
        serving(lambda _: streamed(*HELLO)) as good,
        asked(bad, good, timeout_seconds=0.5) as generator,
    ):
        answers = [(await generator.complete(asking()))[0].text for _ in range(2)]
    assert answers == ["Hello.", "Hello."]
    assert (len(bad.bodies), len(good.bodies)) == (1, 2)


async def test_a_passing_failure_is_tried_again_on_the_only_server() -> None:
    replies = [lambda _: refused(500), lambda _: streamed(*HELLO)]
    async with serving(*replies) as server, asked(server) as generator:
        (answer,) = await generator.complete(asking())
    assert (answer.text, len(server.bodies)) == ("Hello.", 2)


async def test_after_the_first_word_a_failure_is_final_and_nothing_is_doubled() -> None:
    async with (
        serving(lambda _: streamed(event("Half an"), ends=False)) as bad,
        serving(lambda _: streamed(*HELLO)) as good,
        asked(bad, good) as generator,
    ):
        seen: list[str] = []

        async def read() -> None:
            async for delta in generator.stream(asking()):
                seen.append(delta.text)  # noqa: PERF401 - what was read before the failure counts

        with pytest.raises(GenerationFailed, match="broke off"):
            await read()
        assert "".join(seen) == "Half an"
        assert good.bodies == []
        (answer,) = await generator.complete(asking())
        assert answer.text == "Hello."


async def test_one_candidate_may_fail_and_the_others_go_on() -> None:
    replies = [lambda _: streamed(event("Half"), ends=False), lambda _: streamed(*HELLO)]
    async with serving(*replies) as server, asked(server) as generator:
        answers = await generator.complete(asking(candidates=3))
    assert sorted((answer.finish, answer.text) for answer in answers) == [
        ("error", "Half"),
        ("stop", "Hello."),
        ("stop", "Hello."),
    ]


async def test_a_deadline_ends_the_answer_with_what_there_is() -> None:
    slow = (event("Once"), *[event("")] * 100)
    async with serving(lambda _: streamed(*slow, seconds=0.05)) as server, asked(server) as generator:
        (answer,) = await generator.complete(asking(deadline_seconds=0.5))
    assert (answer.text, answer.finish) == ("Once", "deadline")


async def test_leaving_closes_the_connection() -> None:
    endless = [event("word ")] * 10_000
    async with serving(lambda _: streamed(*endless, seconds=0.01)) as server, asked(server) as generator:
        stream = generator.stream(asking(candidates=2))
        async with aclosing(stream):
            await anext(stream)
        await server.until_open(0)
    assert len(server.bodies) == 2


async def test_the_queue_is_bounded_fair_and_visible() -> None:
    endless = [event("word ")] * 10_000
    async with (
        serving(lambda _: streamed(*endless, seconds=0.01)) as server,
        asked(server, slots=1, queue=4) as generator,
    ):
        first = generator.stream(asking())
        await anext(first)
        waiting = [
            asyncio.create_task(generator.complete(asking(person=who)))
            for who in ("first", "first", "second")
        ]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert [generator.queue_position(who) for who in ("first", "second", "third")] == [0, 1, None]
        assert (generator.queue_seconds("second") or 0) > (generator.queue_seconds("first") or 0) > 0
        with pytest.raises(Busy) as busy:
            await generator.complete(asking(person="third", candidates=2))
        assert busy.value.seconds > 0
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert generator.queue_position("first") is None
        await first.aclose()


async def test_what_does_not_fit_is_left_out_oldest_first_and_told() -> None:
    def short(body: dict[str, object]) -> object:
        too_long = len(body["messages"]) > 2  # type: ignore[arg-type]
        return refused(400, "maximum context length is 8") if too_long else streamed(*HELLO)

    turns = (Turn("system", "s"), Turn("user", "old"), Turn("assistant", "older"), Turn("user", "new"))
    async with serving(short) as server, asked(server) as generator:  # type: ignore[arg-type]
        (answer,) = await generator.complete(GenerationRequest(turns))
        assert "left out" in answer.notice
        assert [message["content"] for message in server.bodies[-1]["messages"]] == ["s", "new"]
    async with (
        serving(lambda _: refused(400, "maximum context length is 8")) as server,
        asked(server) as generator,
    ):
        with pytest.raises(PromptTooLong):
            await generator.complete(GenerationRequest(turns))


async def test_closing_ends_what_is_pending() -> None:
    endless = [event("word ")] * 10_000
    async with serving(lambda _: streamed(*endless, seconds=0.01)) as server, asked(server) as generator:
        task = asyncio.create_task(generator.complete(asking()))
        await server.until_open(1)
        await generator.close()
        with pytest.raises(GeneratorClosed):
            await task


@pytest.mark.parametrize(
    ("model", "models", "answer", "words"),
    [
        ("other", ("a", "b"), refused(404), "does not have the model other; it has: a, b"),
        ("embedded", ("a", "b"), refused(404), "Say in generator.model"),
        ("embedded", (), refused(404), "Say in generator.model"),
    ],
)
async def test_a_missing_model_is_named(
    model: str, models: tuple[str, ...], answer: object, words: str
) -> None:
    async with serving(lambda _: answer, models=models) as server:  # type: ignore[arg-type,return-value]
        with pytest.raises(ModelMissing, match=words):
            async with asked(server, model=model):
                pass


async def test_the_only_model_of_a_server_need_not_be_named() -> None:
    async with serving(lambda _: streamed(*HELLO)) as server, asked(server, model="embedded") as generator:
        assert generator.info.model == "m"


async def test_the_key_is_sent_and_neither_it_nor_any_text_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "sk-not-to-be-seen"  # noqa: S105
    replies = [lambda _: refused(500, "Hi? was too much"), lambda _: streamed(*HELLO)]
    async with serving(*replies) as server, asked(server, api_key=SecretStr(secret)) as generator:
        await generator.complete(asking())
    assert server.keys == [f"Bearer {secret}"] * 2
    assert "failed" in caplog.text
    assert not any(words in caplog.text for words in (secret, "Hi?", "Be kind", "Hello."))


async def test_nobody_answering_is_said_at_the_start() -> None:
    settings = GeneratorSettings(backend="openai", base_url="http://127.0.0.1:9/v1", model="m")
    with pytest.raises(GenerationError, match=r"127\.0\.0\.1:9 cannot be reached"):
        await RemoteGenerator(settings).start()


async def test_a_refused_key_says_which_variable_to_set() -> None:
    async with serving(lambda _: refused(401)) as server, asked(server) as generator:
        with pytest.raises(GenerationError, match="OPENAI_API_KEY"):
            await generator.complete(asking())
    assert len(server.bodies) == 1


async def test_it_is_well_while_one_server_has_not_failed_lately() -> None:
    broken: list[bool] = []
    async with (
        serving(lambda _: refused(503) if broken else streamed(*HELLO)) as one,
        serving(lambda _: refused(503)) as other,
        asked(one, other, cooldown_seconds=2.0) as generator,
    ):
        assert generator.fault() == ""
        for _ in range(2):
            (answer,) = await generator.complete(asking())
        assert (answer.text, generator.fault()) == ("Hello.", "")
        broken.append(True)
        (answer,) = await generator.complete(asking(deadline_seconds=0.4))
        assert (answer.finish, generator.fault()) == ("deadline", "every server failed lately")
        await asyncio.sleep(2.2)
        assert generator.fault() == ""
    assert generator.fault() == "not connected"


async def test_an_answer_that_has_begun_is_asked_for_with_its_beginning() -> None:
    async with serving(lambda _: streamed(*HELLO)) as server, asked(server) as generator:
        await generator.complete(asking(begun="Good day. "))
    roles = [message["role"] for message in server.bodies[0]["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert server.bodies[0]["messages"][2]["content"] == "Good day. "
    assert "breaks off" in server.bodies[0]["messages"][3]["content"]


async def test_an_address_without_its_version_is_tried_with_it() -> None:
    async with serving(lambda _: streamed(event("Hello."), event(finish="stop"))) as server:
        server.url = server.url.removesuffix("/v1")
        async with asked(server) as generator:
            (answer,) = await generator.complete(asking())
    assert answer.text == "Hello."
