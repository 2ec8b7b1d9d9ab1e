"""Makes what the engine serves: one model, one with an adapter, or an ensemble; each tried once."""

from dataclasses import dataclass, replace
from pathlib import Path

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from genai.engine.cuda_graphs import record_cuda_graph
from genai.engine.ensemble import Ensemble, recipe_for
from genai.engine.forward import Forward, Room
from genai.engine.lora import Adapters
from genai.engine.scorer import Scorer, Span
from genai.errors import GenerationError, NotEnoughMemory, UnsupportedModel
from genai.model.cpu.attention import attend_by_products
from genai.model.cpu.linear import choose_library
from genai.model.loading.adapted import is_adapter, load_adapted
from genai.model.loading.memory import cache_bytes_per_token
from genai.model.loading.weights import LoadedModel, load_model
from genai.settings import GeneratorSettings

_PLACES = (0.31, 0.52, 0.4, 0.61, 0.37), (0.45, 0.34, 0.57)
"""Two texts, as places in the vocabulary: far from its beginning, where control tokens are, which upset a model."""
_TOLERANCE = 0.15
"""Relative to the spread of the logits: quantised arithmetic differs that much with the shape of a batch."""


def check_batching(model: PreTrainedModel, forward: Scorer) -> None:
    """Feed two texts of different length, in pieces, side by side; compare with the model alone.

    Architectures that keep something else than keys and values, or that place tokens by other means than
    position ids, would otherwise answer nonsense. Raises UnsupportedModel.
    """
    vocabulary = model.config.get_text_config().vocab_size
    texts = [tuple(int(place * vocabulary) for place in text) for text in _PLACES][: forward.cache.slots]
    try:
        expected = torch.cat([_alone(model, text) for text in texts])
        forward([Span(row, 0, text[:-1]) for row, text in enumerate(texts)])
        found = forward([Span(row, len(text) - 1, text[-1:]) for row, text in enumerate(texts)])
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise NotEnoughMemory(
            "Memory ran out when the model was tried; choose a smaller one, or fewer generator.slots."
        ) from error
    except GenerationError:
        raise
    except Exception as error:  # whatever an unfamiliar architecture provokes
        raise _unsupported(model) from error
    apart = (found - expected).square().mean().sqrt()
    if not bool(apart <= _TOLERANCE * expected.std().clamp(min=1e-3)):
        raise _unsupported(model)


@torch.inference_mode()
def _alone(model: PreTrainedModel, text: tuple[int, ...]) -> torch.Tensor:
    logits: torch.Tensor = model(input_ids=torch.tensor([text], device=model.device), use_cache=False).logits
    return logits[:, -1].float()


def _unsupported(model: PreTrainedModel) -> UnsupportedModel:
    return UnsupportedModel(
        f"The model's architecture ({type(model).__name__}) cannot be served in batches; choose another."
    )


# Makes what the engine serves: the loaded model, and the scorer that runs it.


@dataclass(frozen=True, slots=True)
class Served:
    """`loaded` tells tokenizer, limits and what to say about the model; `scorer` is what the engine calls.

    `adapters` can be put beside the model; None where that cannot be, as for an ensemble.
    """

    loaded: LoadedModel
    scorer: Scorer
    adapters: Adapters | None = None


def serve_one(settings: GeneratorSettings) -> Served:
    """One model, tried once. Takes seconds to minutes. Raises GenerationError."""
    return serve_loaded(load_model(settings))


def serve_loaded(loaded: LoadedModel) -> Served:
    """A model that has been loaded, tried once. Raises UnsupportedModel or NotEnoughMemory."""
    if loaded.info.quantization == "nf4":
        from genai.model.cpu.nf4_cpu import shorten_calls  # bitsandbytes takes seconds to import

        shorten_calls(loaded.model)
    choose_library(loaded.model)
    attend_by_products(loaded.model)
    adapters = Adapters(loaded.model)
    recorder = record_cuda_graph if loaded.cuda_graphs else None
    token = cache_bytes_per_token(loaded.model.config, loaded.cache_dtype)
    room = Room(loaded.cache_dtype, loaded.cache_bytes // token if token else None)
    scorer = Forward(loaded.model, loaded.slots, loaded.info.context_tokens, adapters, recorder, room)
    check_batching(loaded.model, scorer)
    return Served(loaded, scorer, adapters)


# Makes what the engine serves out of the settings: one model, one with an adapter, or an ensemble of either.


def serve(settings: GeneratorSettings) -> Served:
    """What `settings` ask for, tried once. Takes seconds to minutes. Raises GenerationError."""
    recipe = recipe_for(settings)
    # Each one's cache is allocated before the next is loaded, so that memory is planned for what is left.
    served = [_member(settings, member.model) for member in recipe.members]
    if len(served) == 1:
        return served[0]
    first = served[0].loaded
    for member, other in zip(recipe.members[1:], served[1:], strict=True):
        _require_same(first.tokenizer, other.loaded.tokenizer, recipe.members[0].model, member.model)
    scorer = Ensemble([one.scorer for one in served], [one.weight for one in recipe.members], recipe.mixing)
    info = replace(
        first.info,
        model=" + ".join(f"{member.weight:g} {member.model}" for member in recipe.members),
        parameters=sum(one.loaded.info.parameters for one in served),
        context_tokens=scorer.cache.positions,
    )
    return Served(replace(first, info=info, slots=scorer.cache.slots), scorer)


def _member(settings: GeneratorSettings, model: str) -> Served:
    alone = settings.model_copy(update={"model": model, "ensemble": ()})
    return serve_loaded(load_adapted(alone)) if is_adapter(Path(model).expanduser()) else serve_one(alone)


def _require_same(
    one: PreTrainedTokenizerBase, other: PreTrainedTokenizerBase, first: str, second: str
) -> None:
    if one.get_vocab() != other.get_vocab():
        raise UnsupportedModel(
            f"The models {first} and {second} have different tokenizers, so they cannot decode as one; "
            "take models that were fine-tuned from the same base."
        )
