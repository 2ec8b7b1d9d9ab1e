"""Qwen3Guard-Stream: heads on a Qwen3 that judge every token as it comes. Runs no code that comes with a model.

https://huggingface.co/Qwen/Qwen3Guard-Stream-0.6B (Apache 2.0). Of the last hidden state h of each token,
risk = W_risk · RMSNorm(W_pre · h) and category = W_category · RMSNorm(W_pre · h); config.json names their rows.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from genai.model.tokens.codec import codec_for
from genai.model.tokens.prompt_fitting import PromptEncoder
from genai.moderation.classifiers import Scores
from genai.moderation.errors import ModerationMisconfigured
from genai.moderation.guards.guard_formats import FORMATS, Answer, Question, scores_of
from genai.moderation.guards.local import weights_version
from genai.moderation.settings import GuardSettings
from genai.request import Turn

_FORM = FORMATS["qwen3guard"]
_TENSORS = (
    "risk_level_category_pre.weight",
    "risk_level_category_layernorm.weight",
    "risk_level_head.weight",
    "category_head.weight",
)
_ASKED = (Turn("user", "..."),)
"""What the text is taken to answer: nobody knows, and the heads for answers want a question before it."""


@dataclass(frozen=True, slots=True)
class TokenHeads:
    """The heads for answers; `levels` and `categories` name their rows."""

    pre: Tensor
    norm: Tensor
    risk: Tensor
    category: Tensor
    eps: float
    levels: tuple[str, ...]
    categories: tuple[str, ...]

    def answers(self, hidden: Tensor) -> list[Answer]:
        """What they say at each of the tokens, whose hidden states are [tokens, width]."""
        inner = nn.functional.linear(hidden.float(), self.pre)
        inner = nn.functional.rms_norm(inner, (inner.shape[-1],), self.norm, self.eps)
        risks = nn.functional.linear(inner, self.risk).softmax(-1).tolist()
        categories = nn.functional.linear(inner, self.category).argmax(-1).tolist()
        return [
            Answer(self._chances(risk), self._named(category))
            for risk, category in zip(risks, categories, strict=True)
        ]

    def _chances(self, risk: Sequence[float]) -> dict[str, float]:
        chances = dict.fromkeys(_FORM.words, 0.0)
        for level, chance in zip(self.levels, risk, strict=True):
            chances[level] += chance
        return chances

    def _named(self, category: int) -> tuple[str, ...]:
        name = self.categories[category]
        return (name,) if name in _FORM.categories else ()


class StreamGuard:
    """Scores a text by its tokens, each read with all before it."""

    def __init__(
        self,
        name: str,
        version: str,
        model: Any,
        encoder: PromptEncoder,
        heads: TokenHeads,
        settings: GuardSettings,
    ) -> None:
        self.name = f"guard:{name}"
        self.version = version
        self._model = model
        self._encoder = encoder
        self._heads = heads
        self._settings = settings
        self._before = list(encoder.encode(_ASKED, 1000).ids)
        end = encoder.turn_end()
        self._after = [] if end is None else [end]

    def score(self, texts: Sequence[str]) -> Sequence[Scores]:
        """The scores of each text, read as an answer."""
        found: list[Scores] = []
        for start in range(0, len(texts), self._settings.concurrent):
            found += map(self._sustained, self.levels(texts[start : start + self._settings.concurrent]))
        return found

    @torch.inference_mode()
    def levels(self, texts: Sequence[str]) -> list[list[Answer]]:
        """What is thought of each text at each of its tokens and at its end, as it would come in a stream."""
        ids = [[*self._before, *self._encoder.content(text), *self._after] for text in texts]
        rows = torch.zeros((len(ids), max(map(len, ids))), dtype=torch.long)
        mask = torch.zeros_like(rows)
        for row, tokens in enumerate(ids):
            rows[row, : len(tokens)] = torch.tensor(tokens)
            mask[row, : len(tokens)] = 1
        device = self._model.device
        hidden = self._model(
            input_ids=rows.to(device), attention_mask=mask.to(device)
        ).last_hidden_state.cpu()
        begin = len(self._before)
        return [self._heads.answers(hidden[row, begin : len(tokens)]) for row, tokens in enumerate(ids)]

    def _sustained(self, answers: Sequence[Answer]) -> Scores:
        """The highest score that two tokens in a row agree on: one may be read otherwise once its word has ended."""
        controversial, chosen = self._settings.controversial, self._settings.categories
        rows = [scores_of(_FORM, (Question(),), (one,), controversial, chosen) for one in answers]
        found = {"toxicity": 0.0}
        for one, next_one in zip(rows, rows[1:] or rows, strict=False):
            for category in one.keys() & next_one.keys():
                found[category] = max(found.get(category, 0.0), min(one[category], next_one[category]))
        return found


def load(name: str, settings: GuardSettings) -> StreamGuard:
    """The guard in a folder, or of the hub. Raises ModerationMisconfigured, or what a library raises."""
    from transformers import AutoTokenizer, Qwen3Model

    if settings.server:
        raise ModerationMisconfigured(
            "qwen3guard-stream runs inside Riff: name its folder as the guard's model"
        )
    folder = _folder(settings.model)
    device = settings.device if settings.device != "auto" else "cuda" if torch.cuda.is_available() else "cpu"
    dtype = torch.float32 if device == "cpu" else torch.bfloat16
    model = Qwen3Model.from_pretrained(folder, dtype=dtype).eval().to(device)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    if not tokenizer.chat_template:
        raise ModerationMisconfigured(f"the tokenizer in {folder} has no chat template")
    encoder = PromptEncoder(tokenizer, codec_for(tokenizer), may_think=False)
    version = f"qwen3guard-stream+{weights_version(str(folder))}"
    return StreamGuard(name, version, model, encoder, _heads_in(folder), settings)


def _folder(model: str) -> Path:
    from huggingface_hub import snapshot_download

    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    return Path(snapshot_download(model, allow_patterns=["*.safetensors", "*.json", "*.txt", "*.jinja"]))


def _heads_in(folder: Path) -> TokenHeads:
    from safetensors import safe_open

    found: dict[str, Tensor] = {}
    for file in sorted(folder.glob("*.safetensors")):
        with safe_open(file, framework="pt") as opened:
            names = set(opened.keys()) & set(_TENSORS)
            found |= {name: opened.get_tensor(name).float() for name in names}
    config = json.loads((folder / "config.json").read_text("utf-8"))
    levels = tuple(map(_level, _rows(config, "response_risk_level_map")))
    categories = _rows(config, "response_category_map")
    if missing := set(_TENSORS) - found.keys():
        raise ModerationMisconfigured(
            f"{folder} is no Qwen3Guard-Stream: it lacks {', '.join(sorted(missing))}"
        )
    pre, norm, risk, category = (found[name] for name in _TENSORS)
    if (len(levels), len(categories)) != (len(risk), len(category)):
        raise ModerationMisconfigured(f"{folder} does not name what its heads say")
    return TokenHeads(pre, norm, risk, category, float(config["rms_norm_eps"]), levels, categories)


def _rows(config: dict[str, Any], key: str) -> tuple[str, ...]:
    named = {int(row): str(name) for row, name in config.get(key, {}).items()}
    return tuple(named[row] for row in sorted(named))


def _level(name: str) -> str:
    """What Qwen3Guard-Gen calls the level."""
    return next((word for word in _FORM.words if word.lower() == name.lower()), "Unsafe")
