"""Loads a model and its tokenizer, after checking that they can be loaded."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils.logging import disable_progress_bar

from genai.errors import BadCheckpoint
from genai.model.cpu.grouped import Policy, Product, measure_few
from genai.model.loading.converted import ConvertedModels
from genai.model.loading.digests import Digests, models_folder
from genai.model.loading.embedded_model import EMBEDDED
from genai.model.loading.grouping import group_folder, read_gguf
from genai.model.loading.plain import load_plain_weights
from genai.model.loading.planning import Plan, plan
from genai.model.loading.quantization import parameter_count
from genai.model.loading.source import Source, find
from genai.model.suited_sampling import SUITED_TO_EMBEDDED, suited_to
from genai.request import GeneratorInfo, SuitedSampling
from genai.settings import GeneratorSettings

_FEW_TEXTS = 8


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model ready to compute, and the room planned for it: `slots` rows of `info.context_tokens` each.

    All rows together take at most `cache_bytes`, as numbers of `cache_dtype`. `cuda_graphs` says that its decode
    steps are to be replayed as CUDA graphs.
    """

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    info: GeneratorInfo
    slots: int
    cache_bytes: int
    cache_dtype: torch.dtype
    cuda_graphs: bool = False


def load_model(settings: GeneratorSettings) -> LoadedModel:
    """Find, check and load what `settings` ask for. Takes seconds to minutes; call it off the event loop.

    Raises ModelMissing, BadCheckpoint, UnsupportedModel or NotEnoughMemory.
    """
    disable_progress_bar()
    folder = models_folder(settings.cache_folder)
    digests = Digests(folder)
    source = find(settings.model, digests, trust_remote_code=settings.trust_remote_code)
    planned = plan(settings, source)
    if source.gguf is not None:
        read = read_gguf(source, source.gguf, planned, ConvertedModels(folder), digests)
        model, tokenizer, products, stored = read
    else:
        tokenizer = _load_tokenizer(source, settings.trust_remote_code)
        model, products = _load_folder(source, settings, planned)
        stored = "int4" if products else planned.quantization
    _let_copies(model, products, planned)
    info = GeneratorInfo(
        model=settings.model,
        backend=settings.backend,
        quantization=stored,
        device=str(model.device),
        dtype=str(planned.dtype).removeprefix("torch."),
        parameters=parameter_count(model),
        context_tokens=planned.context,
        prompt_style=settings.prompt_style,
        suited=_suited(settings.model, source),
    )
    # A graph belongs to one device; a model that is spread over several runs step by step.
    graphs = settings.cuda_graphs and model.device.type == "cuda" and not _is_spread(model)
    return LoadedModel(
        model, tokenizer, info, planned.slots, planned.cache_bytes, planned.cache_dtype, graphs
    )


def _suited(model: str, source: Source) -> SuitedSampling:
    return SUITED_TO_EMBEDDED if model == EMBEDDED else suited_to(model, Path(source.place))


def _is_spread(model: PreTrainedModel) -> bool:
    return len(set(getattr(model, "hf_device_map", {}).values())) > 1


def _let_copies(model: PreTrainedModel, products: list[Product], planned: Plan) -> None:
    """Let copies of the weights serve many rows, where there is room for them and they are faster.

    The output layer, the largest of all, sees one row of a text, so its copy waits until many texts are written.
    """
    if not products:
        return
    output = getattr(model.get_output_embeddings(), "joint", None)
    layers = [one for one in products if output is None or one is not output.product]
    few = measure_few(layers, planned.copy_bytes)
    for product in layers:
        product.policy.few = few
    if output is not None:
        output.product.policy = Policy(max(few, _FEW_TEXTS))


def _load_tokenizer(source: Source, trust_remote_code: bool) -> PreTrainedTokenizerBase:
    try:
        tokenizer = AutoTokenizer.from_pretrained(source.place, trust_remote_code=trust_remote_code)
    except Exception as error:  # whatever a broken file provokes
        raise BadCheckpoint(f"The tokenizer of the model {source.name} cannot be loaded.") from error
    return tokenizer


def _load_folder(
    source: Source, settings: GeneratorSettings, planned: Plan
) -> tuple[PreTrainedModel, list[Product]]:
    options: dict[str, Any] = {"trust_remote_code": settings.trust_remote_code}
    model = load_plain_weights(source.name, source.place, planned, options)
    if planned.quantization in ("stored", "int4"):
        return model, group_folder(model)
    return model, []
