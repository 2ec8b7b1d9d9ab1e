"""Writes the model of a GGUF file as an ordinary folder with plain numbers, once, for whoever trains it."""

import os
import shutil
from pathlib import Path
from tempfile import mkdtemp

import torch

from genai.model.loading.digests import Digests, models_folder
from genai.model.loading.grouping import unpacked
from genai.model.loading.source import Source


def unpacked_folder(source: Source, folder: Path | None = None) -> Path:
    """A folder as `transformers` reads it, with the file's values in float32; written when first asked for.

    Raises BadCheckpoint or UnsupportedModel, OSError where nothing can be written, and ValueError for a model that
    is no GGUF file.
    """
    if source.gguf is None:
        raise ValueError(f"{source.name} is not a GGUF file")
    kept = folder or models_folder("")
    place = kept / f"{Digests(kept).of(source.gguf.path)[:24]}-float32"
    if (place / "config.json").is_file():
        return place
    model, tokenizer = unpacked(source, torch.float32)
    kept.mkdir(parents=True, exist_ok=True)
    scratch = Path(mkdtemp(dir=kept, prefix=".writing-"))
    try:
        model.save_pretrained(scratch)
        tokenizer.save_pretrained(scratch)
        if not place.is_dir():  # of two processes that write it at once, the second finds it done
            os.rename(scratch, place)  # noqa: PTH104 - it must fail rather than replace
    except OSError:
        if not place.is_dir():
            raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return place
