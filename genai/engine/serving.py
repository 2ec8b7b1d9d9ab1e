"""Makes what the engine serves: one model, one with an adapter, or an ensemble; each tried once."""

from dataclasses import dataclass, replace
from pathlib import Path

from transformers import PreTrainedTokenizerBase

from genai.engine.batch_check import check_batching
from genai.engine.cuda_graphs import record_cuda_graph
from genai.engine.ensemble import Ensemble, recipe_for
from genai.engine.forward import Forward, Room
from genai.engine.lora import Adapters
from genai.engine.scorer import Scorer
from genai.errors import UnsupportedModel
from genai.model.cpu.attention import attend_by_products
from genai.model.cpu.linear import choose_library
from genai.model.loading.adapted import is_adapter, load_adapted
from genai.model.loading.memory_estimates import cache_bytes_per_token
from genai.model.loading.weights import LoadedModel, load_model
from genai.settings import GeneratorSettings


@dataclass(frozen=True, slots=True)
class Served:
    """`loaded` tells tokenizer, limits and what to say about the model; `scorer` is what the engine calls.

    `adapters` can be put beside the model; None where that cannot be, as for an ensemble.
    """

    loaded: LoadedModel
    scorer: Scorer
    adapters: Adapters | None = None
    adds_itself: bool = False
    """Whether its forward pass adds what plain adapters add, so that these need no library."""


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
    return Served(loaded, scorer, adapters, scorer.adds_itself)


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
