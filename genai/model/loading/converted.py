"""Keeps what a model file became on this processor, so that the next start maps it into memory and is done.

A copy is named by the digest of the file that it was made of and by all else that it depends on. It is written into
a folder beside its place, which then takes its name: readers find a whole copy or none, and of two processes that
make one at once the second finds its work done.
"""

import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor
from transformers import AutoConfig, PretrainedConfig, PreTrainedTokenizerBase, PreTrainedTokenizerFast

_LOG = logging.getLogger(__name__)
_FORM = 1
"""Counts up when what is written changes."""
_WEIGHTS = "model.safetensors"


@dataclass(frozen=True, slots=True)
class Converted:
    """A model as it lies on disk: `described` says what `tensors` are."""

    config: PretrainedConfig
    tokenizer: PreTrainedTokenizerBase
    tensors: Mapping[str, Tensor]
    described: Mapping[str, str]


class ConvertedModels:
    """Copies below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def place(self, digest: str, quantization: str) -> Path:
        """Where the copy of a file with this digest is, or will be."""
        processor = torch.backends.cpu.get_cpu_capability().lower().replace(" ", "")
        return self._folder / f"{digest[:24]}-{quantization}-{processor}-{torch.__version__}-{_FORM}"

    def read(self, place: Path) -> Converted | None:
        """The copy; None where there is none, or a broken one, which is removed."""
        if not place.is_dir():
            return None
        try:
            with safe_open(place / _WEIGHTS, framework="pt") as opened:
                tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - no mapping
                described = opened.metadata()
            config = AutoConfig.from_pretrained(place)
            tokenizer = PreTrainedTokenizerFast.from_pretrained(place)
        except (OSError, ValueError, SafetensorError) as error:
            _LOG.warning("The converted copy %s is broken and is made again: %s", place, error)
            shutil.rmtree(place, ignore_errors=True)
            return None
        return Converted(config, tokenizer, tensors, described)

    def write(self, place: Path, model: Converted) -> None:
        """Keep a copy; where that cannot be, it is made again at every start."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            scratch = Path(mkdtemp(dir=self._folder, prefix=".writing-"))
            try:
                save_file(dict(model.tensors), scratch / _WEIGHTS, dict(model.described))
                model.config.save_pretrained(scratch)
                model.tokenizer.save_pretrained(scratch)
                scratch.rename(place)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
        except OSError as error:
            _LOG.info("No converted copy of the model was kept: %s", error)
