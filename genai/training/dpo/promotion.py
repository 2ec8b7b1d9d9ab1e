"""Puts an adapter where it is served, if it wins."""

import shutil
from pathlib import Path
from typing import Final

from genai.training.dpo.winning import Comparison
from genai.training.run.errors import TrainingError

_SERVED: Final = ("adapter_config.json", "adapter_model.safetensors", "README.md")


class NotPromoted(TrainingError):
    """The adapter does not win; what was served before is untouched."""


def promote(adapter: Path, comparison: Comparison, place: Path) -> None:
    """Copy the adapter to the folder `place`; one that was there is replaced once the new one is whole.

    Raises NotPromoted where the adapter does not win, and TrainingError where `place` cannot be written.
    """
    if not comparison.wins:
        raise NotPromoted(
            f"Not promoted: the adapter wins {comparison.won} of {comparison.pairs} held-out pairs, and the "
            f"chosen answer is likelier in {comparison.after.value:.3f} of them, {comparison.before.value:.3f} "
            "before. The interval has to lie above 0.5 and the share must not fall; gather more feedback or "
            "train longer."
        )
    draft, old = (place.with_name(f".{place.name}.{suffix}") for suffix in ("draft", "old"))
    try:
        if place.exists() and not (place / _SERVED[0]).is_file():
            raise TrainingError(f"{place} holds something else than an adapter; give another folder.")
        for leftover in (draft, old):
            shutil.rmtree(leftover, ignore_errors=True)
        draft.mkdir(parents=True)
        for name in _SERVED:
            shutil.copy2(adapter / name, draft / name)
        if place.exists():
            place.rename(old)
        draft.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise TrainingError(f"{place} cannot be written ({error.strerror}); give another folder.") from error
