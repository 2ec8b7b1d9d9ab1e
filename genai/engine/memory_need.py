"""How much memory what the settings ask for would take, beside what there is; loads no weights."""

from dataclasses import dataclass
from pathlib import Path

from genai.engine.ensemble import recipe_for
from genai.model.loading.adapted import base_of, is_adapter
from genai.model.loading.digests import Digests, models_folder
from genai.model.loading.planning import plan
from genai.model.loading.source import find
from genai.settings import GeneratorSettings


@dataclass(frozen=True, slots=True)
class MemoryNeed:
    """Bytes: `needed` by all models together, 0 where their sizes are not known, and `free` on the `device`."""

    needed: int
    free: int
    device: str


def memory_need(settings: GeneratorSettings) -> MemoryNeed:
    """Raises ModelMissing, BadCheckpoint, UnsupportedModel or NotEnoughMemory, as loading would."""
    digests = Digests(models_folder(settings.cache_folder))
    plans = []
    for member in recipe_for(settings).members:
        folder = Path(member.model).expanduser()
        model = base_of(folder) if is_adapter(folder) else member.model
        source = find(model, digests, trust_remote_code=settings.trust_remote_code)
        plans.append(plan(settings.model_copy(update={"model": member.model}), source))
    first = plans[0]
    return MemoryNeed(sum(one.needed_bytes for one in plans), first.free_bytes, str(first.device))
