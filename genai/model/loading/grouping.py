"""Reads GGUF files, by way of their converted copies; groups the weights of folders, which hold plain numbers."""

import logging

from transformers import PreTrainedModel, PreTrainedTokenizerBase

from genai.loading import CONVERSION
from genai.model.cpu.grouped import Policy, Product
from genai.model.cpu.groups import GROUP, Groups, quantise
from genai.model.cpu.regroup import kept, put_back, regroup
from genai.model.gguf import blocks
from genai.model.gguf.header import GgufFile
from genai.model.gguf.load import load_grouped, load_plain, main_kind, place_tokens, without_weights
from genai.model.gguf.tokenizer import tokenizer_of
from genai.model.loading.converted import Converted, ConvertedModels
from genai.model.loading.digests import Digests
from genai.model.loading.plain import load_plain_weights
from genai.model.loading.planning import Plan
from genai.model.loading.source import Source

_LOG = logging.getLogger(__name__)

Read = tuple[PreTrainedModel, PreTrainedTokenizerBase, list[Product], str]
"""A model, its tokenizer, the products that its layers became, and how its weights are stored, for people."""


def read_gguf(
    source: Source,
    file: GgufFile,
    planned: Plan,
    copies: ConvertedModels,
    digests: Digests,
) -> Read:
    """The model in `file`, as `planned`. Raises BadCheckpoint, UnsupportedModel or NotEnoughMemory."""
    if planned.quantization not in ("stored", "int4"):
        return _plain(source, file, planned)
    stored = _told(file, planned.quantization)
    place = copies.place(digests.of(file.path), planned.quantization)
    found = copies.read(place)
    if found is None:
        made = _converted(source, file, planned)
        copies.write(place, made)
        # What has been written is read again, if it could be: it then takes no memory of our own.
        found = copies.read(place) or made
    model = without_weights(found.config, planned.dtype)
    products = put_back(model, found.tensors, found.described, Policy())
    place_tokens(model, file)
    return model, found.tokenizer, products, stored


def _converted(source: Source, file: GgufFile, planned: Plan) -> Converted:
    tokenizer = tokenizer_of(file)
    bits = 4 if planned.quantization == "int4" else None
    model = load_grouped(file, source.config, planned.dtype, bits, _note)
    CONVERSION.share = None
    return Converted(source.config, tokenizer, *kept(model))


def _note(share: float) -> None:
    CONVERSION.share = share


def _told(file: GgufFile, quantization: str) -> str:
    """How the weights are kept, for people."""
    kind = main_kind(file)
    exact = {one.name for one in blocks.EXACT}
    if quantization == "stored" and kind in exact:
        return kind
    bits = 4 if quantization == "int4" else 8
    _LOG.warning("%s holds its weights as %s; they are converted to %d bits.", file.path.name, kind, bits)
    return f"{kind} in {bits} bits"


def _plain(source: Source, file: GgufFile, planned: Plan) -> Read:
    """By way of plain numbers, which `transformers` quantises as it is told."""
    tokenizer = tokenizer_of(file)
    state = load_plain(file, source.config, planned.dtype)
    kind = type(without_weights(source.config, planned.dtype))
    model = load_plain_weights(
        source.name, None, planned, {"config": source.config, "state_dict": state}, kind
    )
    place_tokens(model, file)
    return model, tokenizer, [], planned.quantization


def group_folder(model: PreTrainedModel) -> list[Product]:
    """Put the weights of a model on the CPU into groups: 4 bits, embedding and output layer 8."""
    ends = {id(layer) for layer in (model.get_input_embeddings(), model.get_output_embeddings())}
    modules = dict(model.named_modules())

    def groups_of(name: str) -> Groups | None:
        layer = modules[name.removesuffix(".weight")]
        weight = layer.weight
        if weight.shape[1] % GROUP:
            return None
        return quantise(weight.data, 8 if id(layer) in ends else 4)

    return regroup(model, groups_of, Policy())
