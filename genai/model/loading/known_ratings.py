"""How likely a model finds the beginnings of ideas where nothing was asked: rated once, and kept beside its adapter.

They depend on nothing but the model and the deck, and rating them takes longer than all else before the first idea.
`python -m benchmarks.deck_ratings` writes them anew, after another adapter or other methods.
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path

from genai.request import Turn

_LOG = logging.getLogger(__name__)
_FILE, _WEIGHTS = "ratings.json", "adapter_model.safetensors"

Ratings = Mapping[tuple[tuple[Turn, ...], str], float]
"""By the turns and the beginning of the answer, in nats per token."""


def read_ratings(adapter: Path) -> Ratings:
    """Those in the folder of `adapter`; none where they are missing, or of another adapter."""
    try:
        found = json.loads((adapter / _FILE).read_text("utf-8"))
        if found["adapter"] != _digest(adapter):
            _LOG.info("The ratings in %s are of another adapter, so they are not used", adapter)
            return {}
        turns = tuple(Turn(role, text) for role, text in found["turns"])
        return {(turns, text): float(value) for text, value in found["nats_per_token"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        _LOG.info("The adapter in %s has no ratings: %s", adapter, error)
        return {}


def write_ratings(adapter: Path, turns: tuple[Turn, ...], likely: Mapping[str, float]) -> None:
    """Keep them in the folder of `adapter`."""
    kept = {
        "adapter": _digest(adapter),
        "turns": [[turn.role, turn.content] for turn in turns],
        "nats_per_token": {text: round(value, 4) for text, value in sorted(likely.items())},
    }
    (adapter / _FILE).write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


def forget_ratings(adapter: Path) -> None:
    """Remove them."""
    (adapter / _FILE).unlink(missing_ok=True)


def _digest(adapter: Path) -> str:
    with (adapter / _WEIGHTS).open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
