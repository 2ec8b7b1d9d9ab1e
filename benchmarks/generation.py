"""How fast texts are generated: Riff's engine, `transformers` in one static batch, and one request at a time.

    python benchmarks/generation.py --people 1 32

Every person asks for one text with the usual sampling settings. Prompts and answers have different lengths,
as people's do; a static batch is padded and runs until its longest answer is done. Tokens per second count only
the tokens that were asked for. Without --model, a Llama of 28 million random weights is used.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

import genai.generator
from genai.chat import Turn
from genai.generator import GenerationRequest, Sampling
from genai.model.weights import LoadedModel, load_model
from genai.settings import GeneratorSettings

VOCABULARY = 8192


@dataclass(frozen=True, slots=True)
class Person:
    """What one person asks: a prompt and how long the answer is to be."""

    prompt: str
    answer_tokens: int


def random_llama(folder: Path) -> None:
    """A model of the embedded one's shape, and a byte-level tokenizer that spells everything."""
    torch.manual_seed(0)
    shape = {"hidden_size": 512, "intermediate_size": 1408, "num_hidden_layers": 8, "num_attention_heads": 8}
    config = LlamaConfig(
        **shape,
        num_key_value_heads=4,
        vocab_size=VOCABULARY,
        max_position_embeddings=1024,
        tie_word_embeddings=True,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    spelling = {letter: index for index, letter in enumerate(["<|end|>", *alphabet])}
    fillers = {f"<filler {index}>": index for index in range(len(spelling), VOCABULARY)}
    tokenizer = Tokenizer(models.BPE(vocab=spelling | fillers, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>").save_pretrained(folder)  # noqa: S106


def people(count: int, tokens: int, *, mixed: bool) -> list[Person]:
    """Prompts of 20 to 120 characters; answers of a quarter of `tokens` up to `tokens`, or all alike."""
    chance = random.Random(count)
    return [
        Person(
            "".join(chance.choices("abcdefgh ", k=chance.randint(20, 120))),
            chance.randint(tokens // 4, tokens) if mixed else tokens,
        )
        for _ in range(count)
    ]


def request(person: Person) -> GenerationRequest:
    return GenerationRequest(
        (Turn("user", person.prompt),),
        Sampling(max_new_tokens=person.answer_tokens, seed=1),
        deadline_seconds=3600,
    )


async def by_engine(settings: GeneratorSettings, asking: list[Person]) -> float:
    """Tokens per second of Riff's engine."""
    generator = genai.generator.load(settings)
    await generator.start()
    await generator.complete(request(Person("warm up", 4)))
    began = time.perf_counter()
    answers = await asyncio.gather(*(generator.complete(request(person)) for person in asking))
    seconds = time.perf_counter() - began
    await generator.close()
    return sum(answer.tokens for (answer,) in answers) / seconds


def generate(loaded: LoadedModel, asking: list[Person]) -> int:
    """One call of `generate` for all of `asking`; how many of its tokens were asked for."""
    tokenizer = loaded.tokenizer
    tokenizer.pad_token, tokenizer.padding_side = tokenizer.eos_token, "left"
    batch = tokenizer(
        [f"User: {person.prompt}\nAssistant:" for person in asking], return_tensors="pt", padding=True
    )
    longest = max(person.answer_tokens for person in asking)
    texts = loaded.model.generate(
        input_ids=batch["input_ids"].to(loaded.model.device),
        attention_mask=batch["attention_mask"].to(loaded.model.device),
        max_new_tokens=longest,
        do_sample=True,
        temperature=0.8,
        top_p=0.95,
        top_k=0,
        pad_token_id=tokenizer.eos_token_id,
    )
    answers = texts[:, batch["input_ids"].shape[1] :]
    lengths = (answers != tokenizer.eos_token_id).sum(dim=1).tolist()
    return sum(min(length, person.answer_tokens) for length, person in zip(lengths, asking, strict=True))


def by_static_batch(loaded: LoadedModel, asking: list[Person]) -> float:
    """Tokens per second of one padded batch."""
    return timed(lambda: generate(loaded, asking))


def one_at_a_time(loaded: LoadedModel, asking: list[Person]) -> float:
    """Tokens per second when everybody waits for those before; measured on four people at most."""
    return timed(lambda: sum(generate(loaded, [person]) for person in asking[:4]))


def timed(work: Callable[[], int]) -> float:
    began = time.perf_counter()
    tokens = work()
    return tokens / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", help="a folder or a name on the hub")
    parser.add_argument("--quantization", default="nf4", choices=["nf4", "int8", "none"])
    parser.add_argument("--people", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--tokens", type=int, default=96, help="length of the longest answer")
    parser.add_argument("--same-length", action="store_true", help="all answers as long as the longest")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if not chosen.model:
            random_llama(Path(folder))
        settings = GeneratorSettings(
            model=chosen.model or folder, quantization=chosen.quantization, slots=max(chosen.people)
        )
        loaded = load_model(settings)
        print(
            f"{loaded.info.parameters / 1e6:.0f}M weights, {loaded.info.quantization}, {loaded.info.device}, "
            f"{loaded.info.dtype}, {torch.get_num_threads()} threads; tokens per second:"
        )
        print("people    engine  static batch  one at a time")
        generate(loaded, [Person("warm up", 4)])
        for count in chosen.people:
            asking = people(count, chosen.tokens, mixed=not chosen.same_length)
            single = one_at_a_time(loaded, asking)
            static = by_static_batch(loaded, asking)
            engine = asyncio.run(by_engine(settings, asking))
            gains = f"{static:8.0f} ({engine / static:.2f}x) {single:7.0f} ({engine / single:.2f}x)"
            print(f"{count:6} {engine:9.0f} {gains}")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
