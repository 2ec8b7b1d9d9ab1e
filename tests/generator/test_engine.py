"""The engine gives each request what it would get alone, shares fairly, and survives what goes wrong."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Any

import pytest
import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    LogitsProcessorList,
    RepetitionPenaltyLogitsProcessor,
)

import genai.factory
from genai.engine import engine, serving
from genai.engine import running as engine_running
from genai.engine.cache_slots import SlotTable
from genai.engine.scorer import Span
from genai.engine.step_watch import StepWatch
from genai.errors import Busy, GenerationFailed, GeneratorClosed, InvalidRequest
from genai.model.loading.weights import LoadedModel, load_model
from genai.model.tokens.codec import codec_for
from genai.model.tokens.prompt_fitting import PromptEncoder
from genai.model.tokens.untrusted_text import control_ids
from genai.request import Completion, Delta, GenerationRequest, Generator, Sampling, Turn
from genai.settings import GeneratorSettings
from tests.generator.conftest import ModelFolder


async def until(condition: Callable[[], bool]) -> None:
    """Let other tasks and threads work until `condition` holds."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - nothing announces a place in the queue
            await asyncio.sleep(0.01)


GREEDY = Sampling(temperature=0, max_new_tokens=24)


def asking(text: str, sampling: Sampling = GREEDY, **others: Any) -> GenerationRequest:
    return GenerationRequest((Turn("system", "Be brief."), Turn("user", text)), sampling, **others)


Starter = Callable[..., Any]


@pytest.fixture
def running(model_folder: ModelFolder) -> Starter:
    """A context manager: a started generator over a tiny model."""

    @asynccontextmanager
    async def start(kind: str = "llama", context: int = 256, **settings: Any) -> AsyncIterator[Generator]:
        values = {"model": str(model_folder(kind, context)), "quantization": "none", "slots": 4} | settings
        generator = genai.factory.load(GeneratorSettings(**values))
        await generator.start()
        try:
            yield generator
        finally:
            await generator.close()

    return start


class Model:
    """Stands between the engine and the model: counts what is asked of it, and fails when told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.batches: list[tuple[int, int]] = []
        self.fail: Callable[[torch.Tensor], None] = lambda _: None
        self.armed = False

        def watched(settings: GeneratorSettings) -> LoadedModel:
            loaded = load_model(settings)
            loaded.model.register_forward_pre_hook(self._before, with_kwargs=True)
            return loaded

        monkeypatch.setattr(serving, "load_model", watched)

    def _before(self, module: Any, args: Any, kwargs: dict[str, Any]) -> None:
        if self.armed:
            self.batches.append(tuple(kwargs["input_ids"].shape))
            self.fail(kwargs["input_ids"])


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    return Model(monkeypatch)


def generated_alone(folder: str, request: GenerationRequest) -> list[int]:
    """What `transformers` generates greedily for the same prompt."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    network = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    encoder = PromptEncoder(tokenizer, codec_for(tokenizer))
    prompt = (*encoder.encode(request.turns, 200).ids, *encoder.content(request.begun.rstrip()))
    ends = tokenizer.convert_tokens_to_ids(["<|endoftext|>", "<|im_end|>"])
    found = network.generate(
        torch.tensor([prompt]),
        attention_mask=torch.ones(1, len(prompt)),
        max_new_tokens=request.sampling.max_new_tokens,
        do_sample=False,
        logits_processor=LogitsProcessorList(
            [
                RepetitionPenaltyLogitsProcessor(
                    request.sampling.repetition_penalty, prompt_ignore_length=len(prompt)
                )
            ]
        ),
        eos_token_id=ends,
        pad_token_id=0,
    )
    controls = control_ids(tokenizer)
    return [token for token in found[0, len(prompt) :].tolist() if token not in controls]


@pytest.mark.parametrize("kind", ["llama", "gpt2", "qwen2"])
async def test_greedy_output_is_that_of_transformers_whatever_else_is_served(
    kind: str, running: Starter, model_folder: ModelFolder
) -> None:
    folder = str(model_folder(kind))
    decode = codec_for(AutoTokenizer.from_pretrained(folder)).decode
    requests = [
        asking("bread " * (7 * number % 23), Sampling(temperature=0, max_new_tokens=5 + 3 * number))
        for number in range(8)
    ]
    requests.append(asking("tea", Sampling(temperature=0, max_new_tokens=30, repetition_penalty=1.3)))
    begun = "Slogans: bread, honest "
    requests.append(replace(asking("tea", Sampling(temperature=0, max_new_tokens=12)), begun=begun))
    noise = [asking(f"noise {number}", Sampling(seed=number, max_new_tokens=20)) for number in range(4)]
    async with running(kind) as generator:
        answers = await asyncio.gather(*map(generator.complete, [*requests, *noise]))
    for request, (answer,) in zip(requests, answers, strict=False):
        expected = decode(generated_alone(folder, request)).rstrip("\ufffd")
        assert answer.text == expected


@pytest.mark.parametrize("temperature", [0, 1.5])
async def test_an_answer_keeps_to_the_lines_that_it_is_given(running: Starter, temperature: float) -> None:
    openings = ("1. **", "2. **Sign**: Put up a sign", "3. **")
    sampling = Sampling(temperature=temperature, max_new_tokens=600, seed=3)
    request = replace(asking("tea", sampling), openings=openings, candidates=3)
    async with running(context=2048) as generator:
        answers = await generator.complete(request)
    for answer in answers:
        lines = answer.text.rstrip("\n").split("\n")
        assert answer.finish == "length" or len(lines) == len(openings)
        assert all(line.startswith(opening) for line, opening in zip(lines, openings, strict=False))
        assert answer.mean_log_probability < 0


async def test_how_likely_beginnings_are_is_told_and_nothing_is_written(running: Starter) -> None:
    request = asking("tea", Sampling(temperature=0, max_new_tokens=12))
    async with running() as generator:
        (likeliest,) = await generator.complete(request)
        rated = await generator.rate(request, [likeliest.text, "Zzzz", "Qqqq!!", likeliest.text])
    assert rated[0] == pytest.approx(rated[3])
    assert rated[0] > max(rated[1:3]) > -math.inf


def likely_alone(folder: str, request: GenerationRequest, opening: str) -> float:
    """The mean log-probability of the tokens of `opening` after the prompt, as `transformers` computes it."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    network = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    encoder = PromptEncoder(tokenizer, codec_for(tokenizer))
    prompt, answer = encoder.encode(request.turns, 200).ids, encoder.content(opening)
    with torch.inference_mode():
        logits = network(torch.tensor([[*prompt, *answer]])).logits[0].float()
    chances = logits.log_softmax(dim=1)[len(prompt) - 1 : -1]
    return float(chances.gather(1, torch.tensor(answer)[:, None]).mean())


@pytest.mark.parametrize("kind", ["llama", "gpt2", "qwen2"])
async def test_ratings_are_those_of_transformers_whatever_else_is_served(
    kind: str, running: Starter, model_folder: ModelFolder
) -> None:
    folder = str(model_folder(kind))
    request, other = asking("bread " * 9), asking("tea")
    openings = ["tea", "bread, honest bread!", "Brainstorm five ideas about green tea, please" * 2, "x" * 40]
    async with running(kind) as generator:
        first, (answer,), again = await asyncio.gather(
            generator.rate(request, openings), generator.complete(other), generator.rate(other, openings)
        )
        repeated = await generator.rate(request, openings)
        (unchanged,) = await generator.complete(request)
    for rated, asked in ((first, request), (again, other), (repeated, request)):
        expected = [likely_alone(folder, asked, opening) for opening in openings]
        assert rated == pytest.approx(expected, abs=1e-4)
    decode = codec_for(AutoTokenizer.from_pretrained(folder)).decode
    for asked, written in ((other, answer), (request, unchanged)):
        assert written.text == decode(generated_alone(folder, asked)).rstrip("\ufffd")


async def test_a_rating_reads_each_beginning_once_and_all_of_them_together(
    running: Starter, model: Model
) -> None:
    openings = ["honest bread", "green tea for all", "bread"]
    async with running() as generator:
        model.armed = True
        await generator.rate(asking("tea"), openings)
        assert [rows for rows, _width in model.batches] == [1, 2]  # the first reads the prompt for all
        await generator.rate(asking("tea"), openings)
    assert [rows for rows, _width in model.batches[2:]] == [3]  # and then it is known


async def test_a_beginning_longer_than_the_context_is_rated_as_far_as_it_fits(running: Starter) -> None:
    async with running() as generator:
        rated = await generator.rate(asking("tea"), ["bread " * 2000, "bread " * 9])
    assert all(math.isfinite(one) for one in rated)


async def test_a_rating_of_which_the_model_fails_says_nothing(running: Starter, model: Model) -> None:
    def fail(tokens: torch.Tensor) -> None:
        raise RuntimeError("broken")

    async with running() as generator:
        model.armed, model.fail = True, fail
        with pytest.raises(GenerationFailed):
            await generator.rate(asking("tea"), ["bread", "tea"])
        model.fail = lambda _: None
        assert all(math.isfinite(one) for one in await generator.rate(asking("tea"), ["bread", "tea"]))


async def test_a_long_prompt_is_read_in_parts_while_others_go_on(running: Starter, model: Model) -> None:
    sampling = Sampling(temperature=0, max_new_tokens=120)
    async with running(context=2048) as generator:
        model.armed = True
        stream = generator.stream(asking("tea", sampling))
        async with aclosing(stream):
            await anext(stream)
            await generator.complete(asking("honest bread " * 500, Sampling(temperature=0, max_new_tokens=2)))
    widths = [width for _, width in model.batches]
    wide = [index for index, width in enumerate(widths) if width > 1]
    assert max(widths) <= 256
    long_reads = [index for index in wide if widths[index] > 100]
    assert len(long_reads) >= 3
    assert all(1 in widths[first + 1 : second] for first, second in pairwise(long_reads))


async def test_prompts_go_first_while_more_wait_for_them_than_decode(running: Starter, model: Model) -> None:
    async with running(context=2048, slots=8) as generator:
        stream = generator.stream(asking("tea", Sampling(temperature=0, max_new_tokens=120)))
        async with aclosing(stream):
            await anext(stream)
            model.armed = True
            long = [f"{word} bread " * 300 for word in ("honest", "warm", "dark", "fresh")]
            two = Sampling(temperature=0, max_new_tokens=2)
            await asyncio.gather(*(generator.complete(asking(text, two)) for text in long))
    parts = [len(list(run)) for wide, run in groupby(width > 100 for _, width in model.batches) if wide]
    assert max(parts) == 3
    assert len(parts) > 1


async def test_memory_is_given_back_when_nobody_asks_and_work_goes_on(
    running: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested: list[str] = []
    monkeypatch.setattr(engine_running, "give_back", lambda: rested.append("rest"))
    monkeypatch.setattr(engine, "_REST_SECONDS", 0.05)
    async with running() as generator:
        first = await generator.complete(asking("tea"))
        await until(lambda: bool(rested))
        assert await generator.complete(asking("tea")) == first


async def test_candidates_share_one_reading_of_the_prompt(running: Starter, model: Model) -> None:
    sampling = Sampling(seed=1, max_new_tokens=8)
    async with running() as generator:
        model.armed = True
        answers = await generator.complete(asking("honest bread " * 10, sampling, candidates=4))
    assert sum(rows for rows, width in model.batches if width > 1) == 1
    assert len({answer.text for answer in answers}) > 1


async def test_more_candidates_than_slots_are_all_written(running: Starter) -> None:
    async with running() as generator:
        answers = await generator.complete(asking("tea", Sampling(seed=1, max_new_tokens=6), candidates=11))
    assert len(answers) == 11
    assert all(answer.finish in {"stop", "length"} for answer in answers)


async def test_a_prefix_that_a_row_still_holds_is_not_read_again(running: Starter, model: Model) -> None:
    async with running() as generator:
        await generator.complete(asking("honest bread " * 20))
        model.armed = True
        await generator.complete(asking("honest bread " * 20 + "again"))
    assert max(width for _, width in model.batches) < 20


async def test_people_who_ask_at_once_share_one_reading_of_the_system_prompt(
    running: Starter, model: Model
) -> None:
    system = Turn("system", "Be brief. " * 60)
    requests = [
        GenerationRequest((system, Turn("user", f"{number}")), Sampling(temperature=0, max_new_tokens=4))
        for number in range(8)
    ]
    async with running(slots=8, context=2048) as generator:
        alone = [(await generator.complete(request))[0].text for request in requests[:1]]
    async with running(slots=8, context=2048) as generator:
        model.armed = True
        answers = await asyncio.gather(*map(generator.complete, requests))
    fed = sum(rows * width for rows, width in model.batches if width > 1)
    longest = len(system.content)  # no token of this tokenizer is shorter than a character
    assert fed < 2 * longest
    assert answers[0][0].text == alone[0]


async def test_prefixes_that_were_used_lately_are_kept(running: Starter, model: Model) -> None:
    def profile(name: str) -> GenerationRequest:
        turns = (Turn("system", f"{name} likes bread. " * 12), Turn("user", "tea"))
        return GenerationRequest(turns, Sampling(temperature=0, max_new_tokens=4))

    async with running(slots=3) as generator:
        for name in ("first", "second", "third"):
            await generator.complete(profile(name))
        model.armed = True
        for name in ("first", "third", "second", "first"):
            await generator.complete(profile(name))
        assert all(width == 1 for _, width in model.batches)
        for name in ("fourth", "second", "first"):
            model.batches.clear()
            await generator.complete(profile(name))
            read = any(width > 8 for _, width in model.batches)
            assert read == (name == "fourth")


@pytest.mark.parametrize("mode", ["independent", "sobol"])
async def test_a_seed_gives_the_same_candidates_whatever_else_is_served(mode: Any, running: Starter) -> None:
    request = asking("tea", Sampling(seed=5, max_new_tokens=16, mode=mode), candidates=3)
    noise = [asking(f"noise {number}", Sampling(max_new_tokens=30)) for number in range(5)]
    async with running() as generator:
        alone = await generator.complete(request)
        crowded, *_ = await asyncio.gather(*map(generator.complete, [request, *noise]))
    assert [one.text for one in alone] == [one.text for one in crowded]
    assert len({one.text for one in alone}) > 1


async def test_streamed_deltas_are_the_completion(running: Starter) -> None:
    request = asking("tea", Sampling(seed=3, max_new_tokens=40), candidates=2)
    async with running() as generator:
        whole = await generator.complete(request)
        deltas = [delta async for delta in generator.stream(request)]
    for candidate, expected in enumerate(whole):
        own = [delta for delta in deltas if delta.candidate == candidate]
        assert "".join(delta.text for delta in own) == expected.text
        assert [delta.finish for delta in own if delta.finish] == [expected.finish]
        assert own[-1].finish is not None


async def test_a_completion_ends_before_its_stop_string(running: Starter) -> None:
    async with running() as generator:
        (free,) = await generator.complete(asking("tea"))
        stop = free.text[4:7]
        (stopped,) = await generator.complete(
            asking("tea", Sampling(temperature=0, max_new_tokens=24, stop=(stop,)))
        )
    assert stopped.text == free.text[: free.text.index(stop)]
    assert stopped.finish == "stop"


async def test_log_probability_is_that_of_the_model(running: Starter, model_folder: ModelFolder) -> None:
    request = asking("tea", Sampling(seed=2, temperature=1.7, top_k=9, max_new_tokens=12))
    async with running() as generator:
        (answer,) = await generator.complete(request)
        (greedy,) = await generator.complete(asking("tea", Sampling(temperature=0, max_new_tokens=12)))
    assert answer.mean_log_probability < greedy.mean_log_probability < 0
    assert 0 < answer.tokens <= 12


async def test_closing_a_stream_frees_its_slot_for_the_next_in_line(running: Starter) -> None:
    async with running(slots=1, context=2048) as generator:
        stream = generator.stream(asking("tea", Sampling(temperature=0, max_new_tokens=1500)))
        await anext(stream)
        waiting = asyncio.create_task(generator.complete(asking("bread")))
        await stream.aclose()
        (answer,) = await waiting
    assert answer.tokens > 0


async def test_nothing_more_than_the_step_at_hand_is_done_for_a_stream_that_was_closed(
    running: Starter, model: Model
) -> None:
    async with running(slots=1, context=2048) as generator:
        stream = generator.stream(asking("tea", Sampling(temperature=0, max_new_tokens=1500)))
        await anext(stream)
        model.armed = True
        await stream.aclose()
        done = len(model.batches)
        await generator.complete(asking("honest bread " * 20))
    following = model.batches[done:]
    assert next(index for index, (_, width) in enumerate(following) if width > 1) <= 1


async def test_cancelling_a_completion_frees_its_slot(running: Starter) -> None:
    async with running(slots=1, context=2048) as generator:
        endless = asking("tea", Sampling(temperature=0, max_new_tokens=1500))
        task = asyncio.create_task(generator.complete(endless))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        (answer,) = await generator.complete(asking("bread"))
    assert answer.tokens > 0


async def test_a_deadline_ends_a_text_with_what_there_is(running: Starter, model: Model) -> None:
    model.fail = lambda _: time.sleep(0.02)
    async with running() as generator:
        model.armed = True
        request = asking("tea", Sampling(temperature=0, max_new_tokens=100), deadline_seconds=0.3)
        (answer,) = await generator.complete(request)
    assert answer.finish == "deadline"
    assert 0 < answer.tokens < 100


async def test_a_deadline_that_passes_in_the_queue_ends_the_request(running: Starter) -> None:
    async with running(slots=1, context=2048) as generator:
        stream = generator.stream(asking("tea", Sampling(temperature=0, max_new_tokens=1500)))
        async with aclosing(stream):
            await anext(stream)
            (answer,) = await generator.complete(asking("bread", deadline_seconds=0.05))
    assert answer == Completion("", "deadline", 0, 0.0)


async def test_people_take_turns(running: Starter, model: Model) -> None:
    """Someone who asks once is not made to wait for all that someone else has asked before."""
    done: list[str] = []

    async def ask(generator: Generator, person: str) -> None:
        await generator.complete(asking("tea", person=person))
        done.append(person)

    async with running(slots=1) as generator:
        eager = [asyncio.create_task(ask(generator, "u1")) for _ in range(6)]
        await asyncio.sleep(0.01)
        await ask(generator, "u2")
        await asyncio.gather(*eager)
    assert done.index("u2") < 4


async def test_the_place_in_the_queue_can_be_seen(running: Starter) -> None:
    async with running(slots=1, context=2048) as generator:
        stream = generator.stream(asking("tea", Sampling(temperature=0, max_new_tokens=1500)))
        async with aclosing(stream):
            await anext(stream)
            waiting = [
                asyncio.create_task(generator.complete(asking("x", person=who))) for who in ("u1", "u2")
            ]
            await until(lambda: generator.queue_position("u2") is not None)
            assert generator.queue_position("u1") == 0
            assert generator.queue_position("u2") == 1
            assert generator.queue_position("u3") is None
        await asyncio.gather(*waiting)


async def test_a_full_queue_says_so_at_once_and_for_how_long(running: Starter) -> None:
    async with running(slots=1, queue=2, context=2048) as generator:
        stream = generator.stream(asking("tea", Sampling(temperature=0, max_new_tokens=1500)))
        async with aclosing(stream):
            await anext(stream)
            waiting = [
                asyncio.create_task(generator.complete(asking("x", person=who))) for who in ("u1", "u3")
            ]
            await until(lambda: generator.queue_position("u3") == 1)
            with pytest.raises(Busy) as caught:
                await generator.complete(asking("y", person="u2"))
        await asyncio.gather(*waiting)
    assert caught.value.seconds > 0
    assert "try again in" in caught.value.say


async def test_thirty_requests_of_one_person_leave_room_for_another(running: Starter) -> None:
    done: list[str] = []

    async def ask(generator: Generator, person: str) -> None:
        try:
            await generator.complete(asking("tea", person=person))
        except Busy:
            done.append("refused")
        else:
            done.append(person)

    async with running(slots=1, queue=20) as generator:
        eager = [asyncio.create_task(ask(generator, "u1")) for _ in range(30)]
        await until(lambda: "refused" in done)
        await ask(generator, "u2")
        await asyncio.gather(*eager)
    served = [who for who in done if who != "refused"]
    assert done.count("refused") >= 30 - 20
    assert served.index("u2") < len(served) - 3


async def test_the_wait_can_be_seen_and_shrinks_with_the_queue(running: Starter) -> None:
    async with running(slots=1, context=2048) as generator:
        stream = generator.stream(asking("tea", Sampling(temperature=0, max_new_tokens=1500)))
        async with aclosing(stream):
            await anext(stream)
            waiting = [
                asyncio.create_task(generator.complete(asking("x", person=who))) for who in ("u1", "u2")
            ]
            await until(lambda: generator.queue_position("u2") is not None)
            first, second = generator.queue_seconds("u1"), generator.queue_seconds("u2")
        await asyncio.gather(*waiting)
        assert first is not None
        assert second is not None
        assert 0 < first < second
        assert generator.queue_seconds("u2") is None


async def test_a_step_that_fails_as_a_whole_fails_its_requests_only(
    running: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running() as generator:
        (expected,) = await generator.complete(asking("tea"))
        real, broken = SlotTable.start_decoding, [True]

        def start(table: SlotTable, sequence: Any) -> None:
            if broken.pop() if broken else False:
                raise RuntimeError("a fault of the engine's own")
            real(table, sequence)

        monkeypatch.setattr(SlotTable, "start_decoding", start)
        with pytest.raises(GenerationFailed):
            await generator.complete(asking("tea"))
        (again,) = await generator.complete(asking("tea"))
    assert again.text == expected.text


async def test_nf4_gives_the_same_greedy_text_whatever_else_is_served(running: Starter) -> None:
    requests = [asking("bread " * number) for number in range(6)]
    noise = [asking(f"noise {number}", Sampling(seed=number, max_new_tokens=20)) for number in range(4)]
    async with running(quantization="nf4") as generator:
        alone = [(await generator.complete(request))[0].text for request in requests]
        crowded = await asyncio.gather(*map(generator.complete, [*requests, *noise]))
    assert [answer.text for (answer,) in crowded[:6]] == alone


@pytest.mark.parametrize(("quantization", "tolerance"), [("none", 1e-4), ("nf4", 1e-2), ("int8", 0.1)])
def test_logits_of_a_row_are_the_same_in_a_batch_as_alone_within_the_documented_tolerance(
    quantization: Any, tolerance: float, model_folder: ModelFolder
) -> None:
    settings = GeneratorSettings(model=str(model_folder("llama", 256)), quantization=quantization, slots=6)
    scorer = serving.serve_one(settings).scorer
    spans = [Span(row, 0, [(7 * row + place) % 250 for place in range(9)]) for row in range(6)]
    together = scorer(spans)
    alone = torch.cat([scorer([span]) for span in spans])
    assert (together - alone).abs().max() <= tolerance * alone.std()


async def test_a_row_that_fails_takes_no_other_request_with_it(running: Starter, model: Model) -> None:
    def fail(ids: torch.Tensor) -> None:
        if (ids == marker).any():
            raise RuntimeError("this row is cursed")

    model.fail = fail
    async with running() as generator:
        marker = codec_for(AutoTokenizer.from_pretrained(generator.info.model)).encode_plain("~")[0]
        (expected,) = await generator.complete(asking("tea"))
        model.armed = True
        results = await asyncio.gather(
            *(generator.complete(asking(text)) for text in ("tea", "~", "tea")), return_exceptions=True
        )
    assert isinstance(results[1], GenerationFailed)
    assert "try again" in results[1].say
    assert [result[0].text for result in (results[0], results[2])] == [expected.text] * 2


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("too wide"),
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
    ],
)
async def test_when_memory_runs_out_the_batch_shrinks_and_goes_on(
    error: Exception, running: Starter, model: Model
) -> None:
    def fail(ids: torch.Tensor) -> None:
        if ids.shape[0] > 2:
            raise error

    requests = [asking(f"tea {number}") for number in range(4)]
    async with running() as generator:
        expected = [(await generator.complete(request))[0].text for request in requests]
        model.fail, model.armed = fail, True
        answers = await asyncio.gather(*map(generator.complete, requests))
    assert [answer.text for (answer,) in answers] == expected
    too_wide = [index for index, (rows, _) in enumerate(model.batches) if rows > 2]
    assert len(too_wide) < 4


async def test_a_slow_reader_gets_everything_joined_and_delays_nobody(running: Starter) -> None:
    async with running() as generator:
        slow = generator.stream(asking("tea", Sampling(temperature=0, max_new_tokens=60)))
        async with aclosing(slow):
            first = await anext(slow)
            (other,) = await generator.complete(asking("tea", Sampling(temperature=0, max_new_tokens=60)))
            await asyncio.sleep(0.1)
            rest = [delta async for delta in slow]
    assert len(rest) <= 2
    assert first.text + "".join(delta.text for delta in rest) == other.text


async def test_closing_ends_what_is_pending_with_a_clear_error(running: Starter) -> None:
    async with running(slots=1, context=2048) as generator:
        long = Sampling(temperature=0, max_new_tokens=1500)
        tasks = [asyncio.create_task(generator.complete(asking("tea", long))) for _ in range(3)]
        await asyncio.sleep(0.1)
        await generator.close()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(result, GeneratorClosed) for result in results)
        with pytest.raises(GeneratorClosed):
            await generator.complete(asking("tea"))


async def test_a_generator_that_was_not_started_says_so(model_folder: ModelFolder) -> None:
    generator = genai.factory.load(GeneratorSettings(model=str(model_folder())))
    with pytest.raises(GeneratorClosed):
        await anext(generator.stream(asking("tea")))
    await generator.close()


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(temperature=-1),
        Sampling(top_p=0),
        Sampling(min_p=1),
        Sampling(max_new_tokens=0),
        Sampling(seed=-1),
    ],
)
async def test_impossible_sampling_is_refused(sampling: Sampling, running: Starter) -> None:
    async with running() as generator:
        with pytest.raises(InvalidRequest):
            await generator.complete(asking("tea", sampling))


async def test_a_shortened_prompt_is_said_with_the_answer(running: Starter) -> None:
    async with running() as generator:
        request = asking("honest bread " * 300)
        (answer,) = await generator.complete(request)
        deltas: list[Delta] = [delta async for delta in generator.stream(request)]
    assert "too long" in answer.notice
    assert [delta.notice for delta in deltas if delta.notice] == [answer.notice]


async def test_the_context_is_never_overrun(running: Starter) -> None:
    async with running(context=128) as generator:
        answers = await asyncio.gather(
            *(
                generator.complete(asking("bread " * number, Sampling(temperature=0, max_new_tokens=500)))
                for number in (1, 9, 30, 200)
            )
        )
    assert all(answer.finish in {"length", "stop"} for (answer,) in answers)


async def test_it_is_well_while_its_thread_serves(running: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running() as generator:
        await generator.complete(asking("tea"))
        assert generator.fault() == ""
        real, broken = SlotTable.start_decoding, [True]

        def start(table: SlotTable, sequence: Any) -> None:
            if broken:
                raise RuntimeError("every step fails, as on a device that is lost")
            real(table, sequence)

        monkeypatch.setattr(SlotTable, "start_decoding", start)
        with pytest.raises(GenerationFailed):
            await generator.complete(asking("tea"))
        await until(lambda: generator.fault() == "a step failed")
        broken.clear()
        await generator.complete(asking("tea"))
        assert generator.fault() == ""
        running_engine = generator._running.engine  # type: ignore[attr-defined]
        running_engine.close(10.0)
        assert generator.fault() == "stopped"
    assert generator.fault() == "not loaded"


def test_a_step_that_does_not_end_is_a_fault_and_a_failure_is_one_for_a_while() -> None:
    now = [0.0]
    watch = StepWatch(lambda: now[0])
    with watch.step():
        now[0] += 59.0
        assert watch.fault() == ""
        now[0] += 2.0
        assert watch.fault() == "a step does not end"
    assert watch.fault() == ""
    with pytest.raises(RuntimeError), watch.step():
        raise RuntimeError
    assert watch.fault() == "a step failed"
    now[0] += 61.0
    assert watch.fault() == ""
