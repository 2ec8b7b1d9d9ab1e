"""Makes sure, once after loading, that a model gives the same answers in the engine as on its own."""

import torch
from transformers import PreTrainedModel

from genai.engine.scorer import Scorer, Span
from genai.errors import GenerationError, NotEnoughMemory, UnsupportedModel

_FIRST, _SECOND = (5, 3, 7, 2, 6), (4, 9, 3)
_TOLERANCE = 0.1
"""Relative to the spread of the logits: quantised arithmetic differs that much with the shape of a batch."""


def check_batching(model: PreTrainedModel, forward: Scorer) -> None:
    """Feed two texts of different length, in pieces, side by side; compare with the model alone.

    Architectures that keep something else than keys and values, or that place tokens by other means than
    position ids, would otherwise answer nonsense. Raises UnsupportedModel.
    """
    rows = min(2, forward.cache.slots)
    try:
        expected = torch.cat([_alone(model, text) for text in (_FIRST, _SECOND)[:rows]])
        forward([Span(row, 0, text[:-1]) for row, text in enumerate((_FIRST, _SECOND)[:rows])])
        found = forward(
            [Span(row, len(text) - 1, text[-1:]) for row, text in enumerate((_FIRST, _SECOND)[:rows])]
        )
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise NotEnoughMemory(
            "Memory ran out when the model was tried; choose a smaller one, or fewer generator.slots."
        ) from error
    except GenerationError:
        raise
    except Exception as error:  # whatever an unfamiliar architecture provokes
        raise _unsupported(model) from error
    if not bool((found - expected).abs().max() <= _TOLERANCE * expected.std().clamp(min=1e-3)):
        raise _unsupported(model)


@torch.inference_mode()
def _alone(model: PreTrainedModel, text: tuple[int, ...]) -> torch.Tensor:
    logits: torch.Tensor = model(input_ids=torch.tensor([text], device=model.device), use_cache=False).logits
    return logits[:, -1].float()


def _unsupported(model: PreTrainedModel) -> UnsupportedModel:
    return UnsupportedModel(
        f"The model's architecture ({type(model).__name__}) cannot be served in batches; choose another."
    )
