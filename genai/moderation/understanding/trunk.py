"""The first layers of the embedded language model, for whoever reads what they make of a text and writes nothing.

Needs neither `transformers` nor the rest of the file: of a Llama in a GGUF file only the layers that are asked for
are read. Numbers between layers are float32, within them bfloat16. What a text begins with is not read twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from genai.engine.threads import Threads
from genai.model.cpu.groups import Groups
from genai.model.gguf import blocks
from genai.model.gguf.header import GgufFile
from genai.moderation.understanding.memory import Known, Memory
from genai.moderation.understanding.taught_product import Site

_EMBEDDING = "token_embd.weight"
_SINK = 1
"""The token before every text: the model puts into the first one what belongs nowhere, whatever it is."""
_TOGETHER = 192
"""Tokens that are read at once: more are no faster, and take more memory."""


Additions = Mapping[str, Tensor]
"""What was learned for moderation, of low rank (arXiv:2106.09685): `8.asking.down` [rank, inputs] and
`8.asking.up` [outputs, rank] are added to the product `asking` of the eighth layer, both bfloat16."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Norms [width] float32, and what is multiplied by."""

    before: Tensor
    asking: Site
    attended: Site
    between: Tensor
    opening: Site
    closing: Site


SITES = {
    "asking": ("attn_q", "attn_k", "attn_v"),
    "attended": ("attn_output",),
    "opening": ("ffn_gate", "ffn_up"),
    "closing": ("ffn_down",),
}
"""Matrices of a layer that read the same input, by what they are for."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Texts that are read at once: what is known of each, and what follows that.

    positions [texts, new] count from a text's beginning; visible [texts, 1, new, known + new] says who sees whom.
    """

    known: list[Known | None]
    rest: list[list[int]]
    tokens: Tensor
    positions: Tensor
    visible: Tensor
    longest: int


class Trunk:
    """The embedding and the first `depth` layers of the Llama in `file`, with what was learned for moderation.

    `remembered` tokens of what was read last are gone on from where another text begins alike.
    """

    def __init__(
        self,
        file: GgufFile,
        depth: int,
        additions: Additions | None = None,
        remembered: int = 0,
    ) -> None:
        told = {name.partition(".")[2]: value for name, value in file.values.items()}
        self._file, self._additions = replace(file, values={}), additions or {}
        self.heads = int(told["attention.head_count"])
        self.shared = int(told["attention.head_count_kv"])
        self.width = int(told["embedding_length"])
        self.size = self.width // self.heads
        self.epsilon = float(told["attention.layer_norm_rms_epsilon"])
        self._base = float(told["rope.freq_base"])
        self.layers = [self._layer(index) for index in range(depth)]
        self._memory, self._threads = Memory(remembered), Threads()

    def _layer(self, index: int) -> Layer:
        before, between = (
            blocks.values(self._file, f"blk.{index}.{name}.weight") for name in ("attn_norm", "ffn_norm")
        )
        return Layer(before=before, between=between, **{name: self._site(index, name) for name in SITES})

    def _site(self, index: int, name: str) -> Site:
        learned = (self._additions.get(f"{index + 1}.{name}.{side}") for side in ("down", "up"))
        return Site(self.weights(index, name), *learned)

    def weights(self, index: int, name: str) -> Groups:
        """The matrices of a site of a layer (0 is the lowest), one below the other, as they are stored."""
        parts = [self._groups(f"blk.{index}.{matrix}.weight") for matrix in SITES[name]]
        columns = ((part.numbers, part.scale, part.minimum) for part in parts)
        numbers, scale, minimum = (torch.cat(column) for column in zip(*columns, strict=True))
        return Groups(numbers, scale, minimum, 4)

    def _groups(self, name: str) -> Groups:
        found = blocks.groups(self._file, name)
        heads = {"attn_q": self.heads, "attn_k": self.shared}.get(name.split(".")[2], 0)
        if not heads:
            return found
        parts = (found.numbers, found.scale, found.minimum)
        numbers, scale, minimum = (blocks.rows_of_halves(part, heads) for part in parts)
        return Groups(numbers, scale, minimum, found.bits)

    @torch.inference_mode()
    def __call__(self, texts: Sequence[Sequence[int]]) -> list[Tensor]:
        """What the last layer makes of each text's tokens: [tokens, width] float32 each."""
        found: dict[int, Known] = {}
        for batch in self._batches([[_SINK, *text] for text in texts]):
            prepared = self._prepared([(tokens, known) for _, tokens, known in batch])
            made = self._threads.run(prepared.tokens.numel(), partial(self._read, prepared))
            for (index, _, _), read in zip(batch, made, strict=True):
                found[index] = read
                self._memory.remember(read)
        return [found[index].states[1:] for index in range(len(texts))]

    @torch.inference_mode()
    def sink(self) -> Tensor:
        """The state [width] of what stands before every text."""
        (known,) = self._read(self._prepared([([_SINK], None)]))
        return known.states[0].clone()

    def _batches(self, texts: Sequence[list[int]]) -> Iterator[list[tuple[int, list[int], Known | None]]]:
        """Texts of about one length, the shortest first, with what is known of each; as many as are read at once.

        A text that is wholly known still has its last token read, so that each has one.
        """
        batch: list[tuple[int, list[int], Known | None]] = []
        widest = 0
        for index, tokens in sorted(enumerate(texts), key=lambda one: len(one[1])):
            known = self._memory.begun(tokens[:-1])
            new = len(tokens) - (len(known.tokens) if known else 0)
            if batch and (len(batch) + 1) * max(widest, new) > _TOGETHER:
                yield batch
                batch, widest = [], 0
                known = self._memory.begun(tokens[:-1])  # perhaps by one of those that were just read
                new = len(tokens) - (len(known.tokens) if known else 0)
            batch.append((index, tokens, known))
            widest = max(widest, new)
        if batch:
            yield batch

    def _prepared(self, texts: Sequence[tuple[list[int], Known | None]]) -> _Batch:
        known = [one for _, one in texts]
        starts = torch.tensor([0 if one is None else len(one.tokens) for one in known])
        rest = [text[start:] for (text, _), start in zip(texts, starts.tolist(), strict=True)]
        longest, width = int(starts.max()), max(map(len, rest))
        tokens = torch.tensor([[*new, *[0] * (width - len(new))] for new in rest])
        steps = torch.arange(width)
        of_known = (torch.arange(longest) >= longest - starts.unsqueeze(1)).unsqueeze(1)
        of_new = (steps.unsqueeze(1) >= steps).expand(len(texts), width, width)
        visible = torch.cat((of_known.expand(-1, width, -1), of_new), dim=2).unsqueeze(1)
        return _Batch(known, rest, tokens, starts.unsqueeze(1) + steps, visible, longest)

    def _read(self, batch: _Batch) -> list[Known]:
        x = self.embed(batch.tokens)  # what is behind a text is never seen from within it
        turning = self.turning(batch.positions)
        made = torch.stack([self._through(*one, x, turning, batch) for one in enumerate(self.layers)])
        states = x.view(*batch.tokens.shape, -1)
        return [
            _joined(known, new, made[:, :, row, : len(new)], states[row, : len(new)])
            for row, (known, new) in enumerate(zip(batch.known, batch.rest, strict=True))
        ]

    def embed(self, tokens: Tensor) -> Tensor:
        """[texts, tokens] to [texts x tokens, width] float32; the file is read where the tokens' rows lie."""
        different, places = tokens.unique(return_inverse=True)
        stored = np.ascontiguousarray(self._file.blocks(_EMBEDDING)[different.numpy()])
        split = stored.reshape(len(different), -1, 34)  # Q8_0: a scale in float16, and 32 numbers
        scale = split[..., :2].copy().view(np.float16).astype(np.float32)
        rows = torch.from_numpy((scale * split[..., 2:].view(np.int8)).reshape(len(different), -1))
        return rows[places.flatten()]

    def turning(self, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Cosines and sines [texts, tokens, 1, half a head] of the positions."""
        exponents = torch.arange(0, self.size, 2, dtype=torch.float32) / self.size
        angles = positions[..., None, None] * self._base**-exponents
        return angles.cos(), angles.sin()

    def _through(
        self, index: int, layer: Layer, x: Tensor, turning: tuple[Tensor, Tensor], batch: _Batch
    ) -> Tensor:
        """Change `x` as the layer does; keys and values of the new tokens [2, texts, new, heads, size]."""
        texts, new = batch.tokens.shape
        asked = layer.asking(self._normed(x, layer.before)).view(texts, new, -1, self.size)
        queries, keys, values = asked.split((self.heads, self.shared, self.shared), dim=2)
        made = torch.stack((turned(keys, *turning), values))
        seen = made if not batch.longest else torch.cat((self._known(index, batch), made), dim=2)
        found = functional.scaled_dot_product_attention(
            turned(queries, *turning).transpose(1, 2),
            seen[0].transpose(1, 2),
            seen[1].transpose(1, 2),
            batch.visible,
            enable_gqa=True,
        )
        x += layer.attended(found.transpose(1, 2).reshape(len(x), -1))
        gate, up = layer.opening(self._normed(x, layer.between)).chunk(2, dim=1)
        x += layer.closing(functional.silu(gate) * up)
        return made

    def _known(self, index: int, batch: _Batch) -> Tensor:
        """Keys and values of what is known [2, texts, longest, heads, size], each text's beside its new ones."""
        found = torch.zeros(2, len(batch.known), batch.longest, self.shared, self.size, dtype=torch.bfloat16)
        for row, known in enumerate(batch.known):
            if known is not None:
                found[:, row, batch.longest - len(known.tokens) :] = known.keys_values[index]
        return found

    def _normed(self, x: Tensor, weight: Tensor) -> Tensor:
        return functional.rms_norm(x, (x.shape[1],), weight, self.epsilon).to(torch.bfloat16)


def turned(heads: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """[texts, tokens, heads, size], each turned by its position."""
    first, second = heads.float().chunk(2, dim=-1)
    return torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1).to(torch.bfloat16)


def _joined(known: Known | None, new: list[int], keys_values: Tensor, states: Tensor) -> Known:
    if known is None:
        return Known(tuple(new), keys_values.clone(), states.clone())
    return Known(
        (*known.tokens, *new),
        torch.cat((known.keys_values, keys_values), dim=2),
        torch.cat((known.states, states)),
    )
