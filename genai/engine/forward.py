"""Runs the model on some rows of the cache, which stand at different positions. Its only caller."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PretrainedConfig, PreTrainedModel

from genai.engine.cuda_graphs import Graphs, Recorder, Step
from genai.engine.decoder import Decoder, decoder_for
from genai.engine.kv_cache import SlotCache, Window
from genai.engine.lora import Adapters, Additions
from genai.engine.scorer import Span
from genai.engine.threads import Threads
from genai.errors import UnsupportedModel

_FULL, _SLIDING, _CHUNKED = "full_attention", "sliding_attention", "chunked_attention"

AttentionMask = Tensor | dict[str, Tensor]


class MaskBuilder:
    """Builds the masks that one model's layers expect, following the conventions of `transformers`."""

    def __init__(self, config: PretrainedConfig, dtype: torch.dtype) -> None:
        text = config.get_text_config()
        self._window = getattr(text, "sliding_window", None)
        self._chunk = getattr(text, "attention_chunk_size", None)
        self._kinds = getattr(text, "layer_types", None)
        self._dtype = dtype
        if unknown := set(self._kinds or ()) - {_FULL, _SLIDING, _CHUNKED}:
            raise UnsupportedModel(
                f"A model with {', '.join(sorted(unknown))} layers cannot be served here; choose one whose "
                "layers all use ordinary attention."
            )

    def build(self, positions: Tensor, length: int) -> AttentionMask:
        """Masks [batch, 1, queries, length] for `positions` [batch, queries], by layer type if it has any."""
        if self._kinds is not None:
            return {kind: self._mask(kind, positions, length) for kind in set(self._kinds)}
        if self._window is not None:
            return self._mask(_SLIDING, positions, length)
        return self._mask(_CHUNKED if self._chunk is not None else _FULL, positions, length)

    def _mask(self, kind: str, positions: Tensor, length: int) -> Tensor:
        query = positions[:, None, :, None]
        key = torch.arange(length, device=positions.device)
        visible = key <= query
        if kind == _SLIDING and self._window is not None:
            visible &= key > query - self._window
        if kind == _CHUNKED and self._chunk is not None:
            visible &= key // self._chunk == query // self._chunk
        # What is added to the scores, once a step; booleans would be turned into this again by every layer.
        hidden = torch.finfo(self._dtype).min
        return torch.zeros(visible.shape, dtype=self._dtype, device=visible.device).masked_fill(
            ~visible, hidden
        )


# Runs the model on some rows of the cache. The only caller of the model.


@dataclass(frozen=True, slots=True)
class Room:
    """What the cache's numbers are, and how many tokens all rows together hold; by default a full context each."""

    dtype: torch.dtype
    capacity: int | None = None


class Forward:
    """A model with its cache of `slots` rows of `positions` tokens each.

    With a `recorder`, steps of one token for each of the rows 0..n-1 are recorded and replayed.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        slots: int,
        positions: int,
        adapters: Adapters | None = None,
        recorder: Recorder | None = None,
        room: Room | None = None,
    ) -> None:
        self._model = model
        self._device = model.device
        self._adapters = adapters
        text = model.config.get_text_config()
        self.cache = SlotCache(
            text.num_hidden_layers,
            slots,
            positions,
            None if room is None else room.dtype,
            None if room is None else room.capacity,
        )
        self._decoder = decoder_for(model, self.cache, room.dtype) if room else None
        self._threads = Threads() if self._device.type == "cpu" else None
        self._masks = MaskBuilder(model.config, model.dtype)
        self._decoder_masks = MaskBuilder(model.config, torch.bfloat16)
        self.agreement: Tensor | None = None
        parameters = inspect.signature(model.forward).parameters
        self._last_only = {"logits_to_keep": 1} if "logits_to_keep" in parameters else {}
        self._graphs = None if recorder is None else Graphs(self._run, slots, positions, recorder)

    @property
    def adds_itself(self) -> bool:
        """Whether what plain adapters add is added here, and not in the model's layers."""
        return self._decoder is not None

    @torch.inference_mode()
    def __call__(self, spans: Sequence[Span]) -> Tensor:
        """Feed `spans`, each to a row of its own; logits [spans, vocabulary], float32, after the last token.

        Spans of unequal length are padded behind, where logits then mean nothing. Where some are `scored`, the
        logits are those after their scored tokens.
        """
        if self._threads is None:
            return self._forward(spans)
        return self._threads.run(sum(len(span.tokens) for span in spans), lambda: self._forward(spans))

    def _forward(self, spans: Sequence[Span]) -> Tensor:
        step = self._step(spans)
        names = [span.adapter for span in spans]
        if self._decoder is not None:
            queries = step.tokens.shape[1]
            additions = None if self._adapters is None else self._adapters.additions(names, queries)
            if additions is not None or not any(names):
                return self._decode(self._decoder, step, additions)
        adapted = self._adapters is not None and self._adapters.choose(names)
        # A graph needs a cache that stands, so the first pass of all is never one.
        regular = step.tokens.shape[1] == 1 and step.rows == slice(0, len(spans)) and self.cache.stands
        if self._graphs is not None and regular and not adapted and step.scored is None:
            return self._graphs(step)
        return self._run(step)

    def _step(self, spans: Sequence[Span]) -> Step:
        width = max(len(span.tokens) for span in spans)
        padding = self.cache.positions
        tokens = [[*span.tokens, *[0] * (width - len(span.tokens))] for span in spans]
        places = [
            [*range(span.start, span.start + len(span.tokens)), *[padding] * (width - len(span.tokens))]
            for span in spans
        ]
        rows = [span.row for span in spans]
        row_index = torch.tensor(rows, device=self._device)
        together = rows == list(range(rows[0], rows[0] + len(rows)))
        return Step(
            tokens=torch.tensor(tokens, device=self._device),
            written=torch.tensor(places, device=self._device),
            rows=slice(rows[0], rows[0] + len(rows)) if together else row_index,
            row_index=row_index.unsqueeze(1),
            length=max(span.start + len(span.tokens) for span in spans),
            scored=self._scored(spans, width),
        )

    def _scored(self, spans: Sequence[Span], width: int) -> Tensor | None:
        """Where the scored tokens stand in the flat list of all, padding included; None where there are none."""
        places = [
            place
            for number, span in enumerate(spans)
            for place in range(
                number * width + len(span.tokens) - span.scored, number * width + len(span.tokens)
            )
        ]
        return torch.tensor(places, device=self._device) if places else None

    def _look_at(self, step: Step) -> Tensor:
        """Tell the cache what a step is about; the positions of its tokens."""
        beginning = step.length == step.tokens.shape[1]  # only if every text stands at 0
        self.cache.look_at(Window(step.rows, step.row_index, step.written, step.length, beginning))
        # Padding must stand at a position that the model's position embeddings know.
        return step.written.clamp(max=self.cache.positions - 1)

    def _decode(self, decoder: Decoder, step: Step, additions: Additions | None) -> Tensor:
        positions = self._look_at(step)
        mask = self._decoder_masks.build(positions, step.length)
        return decoder(step.tokens, positions, mask, additions, step.scored)

    def _run(self, step: Step) -> Tensor:
        positions = self._look_at(step)
        output = self._model(
            input_ids=step.tokens,
            attention_mask=self._masks.build(positions, step.length),
            position_ids=positions,
            past_key_values=self.cache,
            use_cache=True,
            **(self._last_only if step.scored is None else {}),
        )
        logits: Tensor = output.logits
        return logits[:, -1].float() if step.scored is None else logits.flatten(0, 1)[step.scored]
