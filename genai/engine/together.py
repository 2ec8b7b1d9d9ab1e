"""Makes what the engine serves out of the settings: one model, one with an adapter, or an ensemble of either."""

from dataclasses import replace
from pathlib import Path

from transformers import PreTrainedTokenizerBase

from genai.engine.ensemble import Ensemble
from genai.engine.serving import Served, serve_loaded, serve_one
from genai.errors import UnsupportedModel
from genai.model.adapted import is_adapter, load_adapted
from genai.model.recipe import recipe_for
from genai.settings import GeneratorSettings


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
