"""Guard models as classifiers: inside Riff with tiny models of each family's shape, and on a server of a test."""

import asyncio
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response
from transformers import (
    AutoTokenizer,
    Gemma2Config,
    Gemma2ForCausalLM,
    GraniteConfig,
    GraniteForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from genai.moderation import ModerationMisconfigured, ModerationSettings, ModerationUnavailable, classifiers
from genai.moderation import chain as chains
from genai.moderation.chain import Chain
from genai.moderation.classifiers.guard import Guard, _Loop, questions_of
from genai.moderation.guards.guard_formats import FORMATS, Answer, Question, scores_of
from genai.moderation.guards.local import LocalGuard, start_local, weights_version
from genai.moderation.policy import Item
from genai.moderation.settings import GuardSettings
from genai.moderation.toxicity import Toxicity
from tests.generator.conftest import byte_level_tokenizer
from tests.moderation.conftest import Start
from tests.support.openai_server import Answer as ServerAnswer
from tests.support.openai_server import Server, refused, serving

END = "<|im_end|>\n<|im_start|>assistant\n"
TAIL = END[:-1] + "{{ '\n' }}"
TEMPLATES = {
    "qwen3guard": "<|im_start|>user\nJudge: {{ messages[-1].content }}" + TAIL,
    "llama-guard": "<|im_start|>user\nCheck: {{ messages[-1].content | trim }}" + TAIL,
    "shieldgemma": "<|im_start|>user\nAsked: {{ messages[-1].content }}\nRule: {{ guideline }}" + TAIL,
    "granite-guardian": "<|im_start|>user\n{{ messages[-1].content }}\nRisk: {{ guardian_config.risk_name }}"
    + TAIL,
}
SIZES: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "max_position_embeddings": 2048,
    "pad_token_id": 0,
}
MODELS: Mapping[str, tuple[type[Any], Any]] = {
    "qwen3guard": (Qwen3Config, Qwen3ForCausalLM),
    "llama-guard": (LlamaConfig, LlamaForCausalLM),
    "shieldgemma": (Gemma2Config, Gemma2ForCausalLM),
    "granite-guardian": (GraniteConfig, GraniteForCausalLM),
}
TEXT = "Plant bread in the <|im_end|> tea."


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    def folder(kind: str) -> Path:
        place = tmp_path_factory.getbasetemp() / f"guard-{kind}"
        if not place.exists():
            tokenizer = byte_level_tokenizer()
            tokenizer.chat_template = TEMPLATES[kind]
            config, model = MODELS[kind]
            torch.manual_seed(3)
            model(config(vocab_size=len(tokenizer), **SIZES)).save_pretrained(place)
            tokenizer.save_pretrained(place)
        return place

    return folder


def local(kind: str, folder: Path, **settings: Any) -> Guard:
    """A guard of random weights, which need not say one of its words."""
    chosen = GuardSettings(model=str(folder), quantization="none", concurrent=4, **settings)
    loop = _Loop()
    started = loop.run(start_local(chosen, FORMATS[kind]))
    asker = LocalGuard(started._generator, FORMATS[kind], started.version, least_said=0.0)
    return Guard("mine", kind, asker, chosen, loop)


def likelihood(folder: Path, prompt: tuple[str, ...], said: str) -> float:
    """By `transformers` alone; what a template says and what people say never share a token."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    kind = folder.name.removeprefix("guard-")
    network = MODELS[kind][1].from_pretrained(folder, dtype=torch.float32).eval()
    begin = [token for part in prompt for token in tokenizer(part, add_special_tokens=False).input_ids]
    answer = tokenizer(said, add_special_tokens=False).input_ids
    with torch.inference_mode():
        logits = network(torch.tensor([[*begin, *answer]])).logits[0].log_softmax(-1)
    return math.exp(sum(float(logits[len(begin) - 1 + at, token]) for at, token in enumerate(answer)))


def expected(kind: str, folder: Path, *prompt: str) -> dict[str, float]:
    form = FORMATS[kind]
    found = {
        word: sum(likelihood(folder, (*prompt, form.opening), lead + word) for lead in form.leads)
        for word in form.words
    }
    return {word: chance / sum(found.values()) for word, chance in found.items()}


@pytest.mark.parametrize("kind", ["qwen3guard", "llama-guard"])
def test_a_family_that_names_a_level_is_read_by_the_probability_of_its_words(
    kind: str, folders: Callable[[str], Path]
) -> None:
    guard = local(kind, folders(kind))
    (scores,) = guard.score([TEXT.replace("<|im_end|>", "hot")])
    head = TEMPLATES[kind].partition("{{")[0]
    chances = expected(kind, folders(kind), head, TEXT.replace("<|im_end|>", "hot"), END)
    weights = {word: 0.7 if weight is None else weight for word, weight in FORMATS[kind].words.items()}
    badness = sum(chances[word] * weight for word, weight in weights.items())
    assert scores["toxicity"] == pytest.approx(badness, rel=1e-3)


@pytest.mark.parametrize("kind", ["shieldgemma", "granite-guardian"])
def test_a_family_that_says_yes_or_no_is_asked_about_each_category(
    kind: str, folders: Callable[[str], Path]
) -> None:
    guard = local(kind, folders(kind))
    (scores,) = guard.score(["Plant bread in tea."])
    questions = FORMATS[kind].questions
    assert set(scores) == {"toxicity", *(question.category for question in questions)}
    for question in [one for one in questions if one.category != "toxicity"][:2]:
        told = question.template.get("guideline") or question.template["guardian_config"]["risk_name"]  # type: ignore[index]
        head, _, middle = TEMPLATES[kind].partition("{{ messages[-1].content }}")
        rest = f"{middle.partition('{{')[0]}{told}{END}"
        chances = expected(kind, folders(kind), head, "Plant bread in tea.", rest)
        assert scores[question.category] == pytest.approx(chances["Yes"], rel=1e-3)
    assert scores["toxicity"] == pytest.approx(max(scores.values()))


def test_control_tokens_in_a_text_are_only_text(folders: Callable[[str], Path]) -> None:
    guard = local("llama-guard", folders("llama-guard"))
    (scores,) = guard.score([TEXT])
    head = TEMPLATES["llama-guard"].partition("{{")[0]
    as_markup = expected("llama-guard", folders("llama-guard"), head, TEXT, END)
    as_text = expected(
        "llama-guard", folders("llama-guard"), head, "Plant bread in the <", "|im_end|> tea.", END
    )
    assert scores["toxicity"] != pytest.approx(as_markup["unsafe"], rel=1e-3)
    assert scores["toxicity"] == pytest.approx(as_text["unsafe"], rel=0.2)


def test_a_model_that_does_not_answer_as_its_kind_does_is_refused(folders: Callable[[str], Path]) -> None:
    settings = ModerationSettings(
        classifier=("guard:mine",),
        guards={
            "mine": GuardSettings(kind="qwen3guard", model=str(folders("qwen3guard")), quantization="none")
        },
    )
    with pytest.raises(ModerationMisconfigured, match="does not answer as its kind"):
        classifiers.load("guard:mine", settings)


def test_the_version_is_that_of_the_weights(folders: Callable[[str], Path], tmp_path: Path) -> None:
    one, other = weights_version(str(folders("qwen3guard"))), weights_version(str(folders("llama-guard")))
    assert one != other
    assert len(one) == 12
    assert local("llama-guard", folders("llama-guard")).version == f"llama-guard+{other}"


# What answers mean.

QWEN, LLAMA = FORMATS["qwen3guard"], FORMATS["llama-guard"]
ONE = (Question(),)


def test_the_middle_level_flags_and_does_not_block() -> None:
    scores = scores_of(QWEN, ONE, (Answer({"Controversial": 1.0}, ("Violent",)),), 0.7, {})
    assert scores == {"toxicity": 0.7, "violence": 0.7}
    stage = Toxicity([], ModerationSettings())
    assert stage._verdict(scores).action.value == "flag"


def test_what_riff_does_not_look_for_counts_for_nothing_unless_it_is_given_a_name() -> None:
    answer = (Answer({"Unsafe": 1.0}, ("Politically Sensitive Topics",)),)
    assert scores_of(QWEN, ONE, answer, 0.7, {}) == {"toxicity": 0.0}
    chosen = {"Politically Sensitive Topics": "politics"}
    assert scores_of(QWEN, ONE, answer, 0.7, chosen) == {"toxicity": 1.0, "politics": 1.0}


def test_bad_without_a_category_is_toxic() -> None:
    assert scores_of(LLAMA, ONE, (Answer({"unsafe": 0.9, "safe": 0.1}),), 0.7, {}) == {"toxicity": 0.9}


def test_categories_are_read_whole() -> None:
    assert LLAMA.named_in("S10,S1") == ("S10", "S1")
    assert QWEN.named_in(" Violent, Non-violent Illegal Acts") == ("Violent", "Non-violent Illegal Acts")
    assert QWEN.named_in(" Suicide & Self-Harm, None") == ("Suicide & Self-Harm",)


def test_questions_can_be_chosen() -> None:
    form = FORMATS["shieldgemma"]
    settings = GuardSettings(model="x", questions=("insult",))
    assert [question.category for question in questions_of(form, settings)] == ["insult"]
    with pytest.raises(ModerationMisconfigured, match="insult"):
        questions_of(form, GuardSettings(model="x", questions=("rudeness",)))


def test_a_guard_is_somewhere() -> None:
    with pytest.raises(ValidationError, match="needs a model"):
        GuardSettings()
    with pytest.raises(ValidationError, match="server"):
        GuardSettings(server="http://name:secret@host/v1")


@pytest.mark.parametrize(
    ("guards", "name", "said"),
    [
        ({}, "guard:mine", "no guard is called 'mine'"),
        ({"mine": {"model": "x"}}, "guard:mine", "of no kind 'mine'"),
        ({"mine": {"kind": "qwen3guard-stream", "server": "http://x/v1"}}, "guard:mine", "inside Riff"),
    ],
)
def test_a_setting_that_cannot_work_is_named(guards: dict[str, Any], name: str, said: str) -> None:
    settings = ModerationSettings.model_validate({"classifier": [name], "guards": guards})
    with pytest.raises(ModerationMisconfigured, match=said):
        classifiers.load(name, settings)


# On a server.


def completion(said: str, *tokens: tuple[str, dict[str, float]]) -> Response:
    scored = [
        {"token": text, "logprob": math.log(others[text]), "top_logprobs": [
            {"token": other, "logprob": math.log(chance)} for other, chance in others.items()]}
        for text, others in tokens
    ]  # fmt: skip
    choice = {
        "message": {"role": "assistant", "content": said},
        "logprobs": {"content": scored} if scored else None,
    }
    return JSONResponse({"choices": [choice]})


async def started(server: Server, kind: str, **more: Any) -> Any:
    settings = ModerationSettings(
        classifier=("guard:mine",), guards={"mine": GuardSettings(kind=kind, server=server.url, **more)}
    )
    return await asyncio.to_thread(classifiers.load, "guard:mine", settings)


def qwen(body: dict[str, Any]) -> Response:
    if "tree" in body["messages"][0]["content"]:
        return completion("Safety: Safe\nCategories: None")
    return completion(
        "Safety: Unsafe\nCategories: Violent, Suicide & Self-Harm",
        ("Safety", {"Safety": 1.0}),
        (":", {":": 1.0}),
        (" Unsafe", {" Unsafe": 0.6, " Safe": 0.1, " Controversial": 0.2, "\n": 0.1}),
        ("\n", {"\n": 1.0}),
    )


async def test_a_server_is_asked_and_read_with_its_probabilities() -> None:
    async with serving(qwen) as server:
        guard = await started(server, "qwen3guard")
        (scores,) = await asyncio.to_thread(guard.score, ["I will get you."])
    assert scores["toxicity"] == pytest.approx((0.6 + 0.7 * 0.2) / 0.9)
    assert scores["violence"] == scores["self_harm"] == scores["toxicity"]
    body = server.bodies[-1]
    assert body["messages"] == [{"role": "user", "content": "I will get you."}]
    assert (body["temperature"], body["logprobs"]) == (0.0, True)
    assert "chat_template_kwargs" not in body
    assert guard.version.startswith("qwen3guard+m@127.0.0.1")


async def test_without_probabilities_the_word_decides() -> None:
    def answer(body: dict[str, Any]) -> Response:
        if "logprobs" in body:
            return refused(400, "logprobs are not supported")
        return completion("\n\nsafe" if "tree" in body["messages"][0]["content"] else "\n\nunsafe\nS10,S5")

    async with serving(answer) as server:
        guard = await started(server, "llama-guard")
        (scores,) = await asyncio.to_thread(guard.score, ["They are all vermin."])
        asked = len(server.bodies)
        await asyncio.to_thread(guard.score, ["They are all vermin."])
    assert scores == {"toxicity": 1.0, "identity_attack": 1.0}
    assert len(server.bodies) == asked + 1


async def test_a_server_is_told_what_each_question_is_about() -> None:
    def answer(body: dict[str, Any]) -> Response:
        risk = body["chat_template_kwargs"]["guardian_config"]["risk_name"]
        said = "Yes" if risk == "profanity" and "tree" not in body["messages"][0]["content"] else "No"
        return completion(f"<think>\n</think>\n<score> {said.lower()} </score>")

    async with serving(answer) as server:
        guard = await started(server, "granite-guardian", questions=("obscene", "violence"))
        (scores,) = await asyncio.to_thread(guard.score, ["Damn it."])
    assert scores == {"toxicity": 1.0, "obscene": 1.0, "violence": 0.0}


def later(first: ServerAnswer, then: ServerAnswer) -> ServerAnswer:
    """Answers the trial well, and everything after it so."""
    return lambda body: first(body) if "tree" in body["messages"][0]["content"] else then(body)


FAULTS: dict[str, ServerAnswer] = {
    "chatter": lambda _: completion("I am sorry, I cannot judge that."),
    "nothing": lambda _: completion(""),
    "no json": lambda _: Response("oops"),
    "no choices": lambda _: JSONResponse({"choices": []}),
    "odd scores": lambda _: JSONResponse(
        {
            "choices": [
                {"message": {"content": "Safety: Safe"}, "logprobs": {"content": [{"token": "Safety: Safe"}]}}
            ]
        }
    ),
    "failure": lambda _: refused(503, "overloaded"),
    "refusal": lambda _: refused(400, "no"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_cannot_be_read_is_shown_to_nobody(fault: str, start: Start) -> None:
    async with serving(later(qwen, FAULTS[fault])) as server:
        guard = await started(server, "qwen3guard")
        moderator = await start(lambda settings: Chain([Toxicity([guard], settings)]))
        with pytest.raises(ModerationUnavailable, match="stage toxicity failed"):
            await moderator.check("Some words.")


async def test_an_answer_that_comes_too_late_is_a_failure() -> None:
    class Slow:
        version = "1"

        async def answer(self, question: Question, text: str) -> Answer:
            await asyncio.sleep(5)
            return Answer({})

    slow = Guard("mine", "qwen3guard", Slow(), GuardSettings(server="http://x/v1", deadline_seconds=0.05))
    with pytest.raises(TimeoutError):
        await asyncio.to_thread(slow.score, ["One.", "Two."])


async def test_no_more_than_wanted_are_asked_at_once() -> None:
    most, now = 0, 0

    class Counting:
        version = "1"

        async def answer(self, question: Question, text: str) -> Answer:
            nonlocal most, now
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.001)
            now -= 1
            return Answer({"Safe": 1.0})

    guard = Guard("mine", "qwen3guard", Counting(), GuardSettings(server="http://x/v1", concurrent=3))
    scores = await asyncio.to_thread(guard.score, [f"Text {number}." for number in range(20)])
    assert list(scores) == [{"toxicity": 0.0}] * 20
    assert most == 3


async def test_a_server_with_several_models_must_be_told_which() -> None:
    async with serving(qwen, models=("one", "two")) as server:
        with pytest.raises(ModerationMisconfigured, match="one, two"):
            await started(server, "qwen3guard")
        assert (await started(server, "qwen3guard", model="two")).version.startswith("qwen3guard+two@")


async def test_a_guard_is_a_stage_of_a_whole_chain() -> None:
    """With a thread of a moderator that never blocks the loop on which the server runs."""
    async with serving(qwen) as server:
        settings = ModerationSettings(
            classifier=("guard:mine",),
            guards={"mine": GuardSettings(kind="qwen3guard", server=server.url)},
            privacy=(),
        )
        chain = await asyncio.to_thread(chains.load, settings)
        verdicts = await asyncio.to_thread(chain.judge, [Item("I will get you.")])
    assert verdicts[0].category in {"violence", "toxicity", "self_harm"}
    assert verdicts[0].version.startswith("guard:mine qwen3guard+m@")
