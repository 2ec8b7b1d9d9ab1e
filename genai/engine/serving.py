"""Makes what the engine serves: the loaded model, and the scorer that runs it."""

from dataclasses import dataclass

from genai.engine.check import check_batching
from genai.engine.cuda_graphs import record_cuda_graph
from genai.engine.forward import Forward
from genai.engine.lora import Adapters
from genai.engine.scorer import Scorer
from genai.model.cpu.attention import attend_by_products
from genai.model.cpu.linear import choose_library
from genai.model.cpu.nf4_cpu import shorten_calls
from genai.model.weights import LoadedModel, load_model
from genai.settings import GeneratorSettings


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
    shorten_calls(loaded.model)
    choose_library(loaded.model)
    attend_by_products(loaded.model)
    adapters = Adapters(loaded.model)
    recorder = record_cuda_graph if loaded.cuda_graphs else None
    scorer = Forward(loaded.model, loaded.slots, loaded.info.context_tokens, adapters, recorder)
    check_batching(loaded.model, scorer)
    return Served(loaded, scorer, adapters)
