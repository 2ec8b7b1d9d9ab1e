"""All figures on moderation, measured in one go."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from genai.evaluation.labelled_sets import ORDINARY, SETS, Labelled, SetMissing
from genai.evaluation.moderation_speed import SpeedFigures, speed_figures
from genai.evaluation.personal_data import EntityFigures, entity_figures, filled
from genai.evaluation.toxicity_accuracy import (
    EvasionFigures,
    SetFigures,
    evasion_figures,
    set_figures,
    toxic_sample,
)
from genai.moderation import chain as chains
from genai.moderation import toxicity
from genai.moderation.privacy import redaction as privacy
from genai.moderation.settings import ModerationSettings
from genai.moderation.toxicity import Toxicity

ROUNDS = 10
"""How often each template of personal data is filled."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was measured; `missing` names what was not, and why."""

    chain: str
    sets: tuple[SetFigures, ...]
    evasions: tuple[EvasionFigures, ...]
    personal: tuple[EntityFigures, ...]
    speed: SpeedFigures | None
    missing: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


async def measure(settings: ModerationSettings, data: Path, say: Say) -> Figures:
    """All figures of the chain of `settings` on the public sets in `data`; `say` is told of each step."""
    chain = chains.load(settings)
    stage = toxicity.load(settings)
    words = toxicity.load(settings.model_copy(update={"classifier": ("profanity-check",)}))
    missing: list[str] = []
    known = list(_present(data, missing))
    rows = [_told(say, f"scoring: {each.name}", set_figures, stage, words, each) for each in known]
    evasions = _told(say, "disguising words", _evasions, stage, known)
    personal = _told(say, "filling templates of personal data", _personal, settings, data, missing)
    say("timing")
    texts = [text for each in known if len(set(each.toxic)) == 1 for text in each.texts]
    speed = await speed_figures(chain, settings, texts) if len(texts) > 64 else None
    return Figures(chain.version, tuple(rows), tuple(evasions), tuple(personal), speed, tuple(missing))


def _told(say: Say, what: str, call: Callable[..., Any], *arguments: Any) -> Any:
    say(what)
    return call(*arguments)


def _present(data: Path, missing: list[str]) -> Iterable[Labelled]:
    for load in SETS:
        try:
            yield load(data)
        except SetMissing as error:
            missing.append(str(error))


def _evasions(stage: Toxicity, known: Sequence[Labelled]) -> list[EvasionFigures]:
    """On the same number of toxic texts of each set, and on ordinary prompts where they are there."""
    toxic = [text for each in known for text in toxic_sample(each)]
    ordinary = [text for each in known if each.name == ORDINARY for text in each.texts]
    return evasion_figures(stage, stage.without_reader(), toxic, ordinary)


def _personal(settings: ModerationSettings, data: Path, missing: list[str]) -> list[EntityFigures]:
    templates = data / "privacy" / "templates.txt"
    if not templates.is_file():
        missing.append(f"{templates} is not there")
        return []
    try:
        sentences = filled(templates, ROUNDS)
    except ImportError:
        missing.append("faker is not installed: pip install -e '.[dev]'")
        return []
    return entity_figures(privacy.load(settings), sentences, unlabelled=frozenset({"ADDRESS"}))
