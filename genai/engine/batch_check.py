"""Tries once whether a model can be served in batches: whether rows side by side get what each gets alone."""

import torch
from torch import Tensor
from transformers import PretrainedConfig, PreTrainedModel

from genai.engine.scorer import Scorer, Span
from genai.errors import GenerationError, NotEnoughMemory, UnsupportedModel

_LONG, _SHORT = 5, 3
_FIRST, _SHARE, _GOLDEN = 0.3, 0.4, 0.618
"""Tokens are taken from the middle of the vocabulary: at its beginning are control tokens, which upset a model."""
_TOLERANCE = 0.15
"""Relative to the spread of the logits: quantised arithmetic differs that much with the shape of a batch ..."""
_NOISES = 3.0
"""... or this many times as much as the model alone differs with it (LLM.int8() has outliers, arXiv:2208.07339)."""
_WINDOWS = ("sliding_window", "attention_chunk_size", "window_size", "attention_window", "local_attention")
"""What configurations call the number of tokens beyond which some layers do not look back."""
_TRIED_WINDOW = 600
"""A text as long as a longer window takes too long to try; and only `MaskBuilder`'s windows are believed untried."""


def check_batching(model: PreTrainedModel, forward: Scorer) -> None:
    """Feed two texts of different length, in pieces, side by side; compare with the model alone.

    Architectures that keep something else than keys and values, that place tokens by other means than position ids,
    or that hide what lies behind a window by means of their own, would otherwise answer nonsense. Raises
    UnsupportedModel.
    """
    texts = _texts(model, forward.cache.positions)[: forward.cache.slots]
    try:
        expected = torch.cat([_alone(model, [text]) for text in texts])
        noise = _alone(model, [texts[-1], texts[0][: len(texts[-1])]])[:1] - expected[-1:]
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
    allowed = torch.maximum(_TOLERANCE * expected.std().clamp(min=1e-3), _NOISES * _size(noise))
    if not bool((_size(found - expected) <= allowed).all()):
        raise _unsupported(model)


def _size(difference: Tensor) -> Tensor:
    """Root mean square of each row."""
    return difference.square().mean(dim=1).sqrt()


def _texts(model: PreTrainedModel, positions: int) -> list[tuple[int, ...]]:
    """Two texts, the first of them longer than what the model's layers look back to, if that can be tried."""
    config = model.config.get_text_config()
    long = max(_LONG, _window(config, model) + _LONG)
    tokens = tuple(
        int((_FIRST + _SHARE * (index * _GOLDEN % 1)) * config.vocab_size)
        for index in range(min(long, positions))
    )
    return [tokens, tokens[1 : 1 + _SHORT]]


def _window(config: PretrainedConfig, model: PreTrainedModel) -> int:
    windows = {name: getattr(config, name, None) for name in _WINDOWS}
    known = {name: size for name, size in windows.items() if isinstance(size, int) and size > 0}
    for name in set(known) - set(_WINDOWS[:2]):
        if known[name] > _TRIED_WINDOW:
            raise _unsupported(model)
    return max((size for size in known.values() if size <= _TRIED_WINDOW), default=0)


@torch.inference_mode()
def _alone(model: PreTrainedModel, texts: list[tuple[int, ...]]) -> Tensor:
    logits: Tensor = model(input_ids=torch.tensor(texts, device=model.device), use_cache=False).logits
    return logits[:, -1].float()


def _unsupported(model: PreTrainedModel) -> UnsupportedModel:
    return UnsupportedModel(
        f"The model's architecture ({type(model).__name__}) cannot be served in batches; choose another."
    )
