"""Ways of getting ideas that are compared: settings that differ in something, or files of answers."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.evaluation.errors import EvaluationError
from genai.reranking.settings import RerankingSettings
from genai.settings import GeneratorSettings

AS_IT_IS = "as it is"
ABLATIONS = {
    "without methods": "reranking.methods=false",
    "without Sobol": 'generator.sampling="independent"',
    "without choosing": "reranking.duplicate_threshold=1; reranking.novelty_weight=0; reranking.diversity=0",
}
"""What Riff does for a list, each switched off by itself."""

_OF_MACHINES = ("generator.base_url", "generator.model", "generator.cache_folder", "generator.adapters")

Section = TypeVar("Section", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Way:
    """Settings to ask with, or a `file` of answers; `changes` is how the settings differ, as it was typed.

    `lists_only` leaves out prompts on which what differs has no effect.
    """

    name: str
    generator: GeneratorSettings
    reranking: RerankingSettings
    changes: str = ""
    file: Path | None = None
    lists_only: bool = False

    @property
    def told(self) -> str:
        """The changes without what tells of machines: addresses, and the model, which is told by itself."""
        kept = (
            change
            for change in map(str.strip, self.changes.split(";"))
            if change and not change.startswith(_OF_MACHINES)
        )
        return "; ".join(kept)

    @property
    def slug(self) -> str:
        """The name as a file's name."""
        return re.sub(r"\W+", "-", self.name).strip("-").lower() or "way"


def parse_ways(
    given: Sequence[str], generator: GeneratorSettings, reranking: RerankingSettings
) -> tuple[Way, ...]:
    """Each `NAME=FILE.jsonl` or `NAME=section.key=value; …`. Raises EvaluationError."""
    plain = Way(AS_IT_IS, generator, reranking)
    ways = tuple(_parse(text, plain) for text in given)
    if len({way.slug for way in ways}) < len(ways):
        raise EvaluationError("two ways have the same name; give each its own.")
    return ways


def ablations(plain: Way) -> tuple[Way, ...]:
    """The way without each of the parts that make it."""
    return tuple(
        replace(_changed(plain, changes), name=name, lists_only=True) for name, changes in ABLATIONS.items()
    )


def _parse(text: str, plain: Way) -> Way:
    name, separator, rest = text.partition("=")
    if not separator or not name.strip():
        raise EvaluationError(f"--way {text!r}: write NAME=FILE.jsonl or NAME=section.key=value.")
    if rest.strip().endswith(".jsonl"):
        return replace(plain, name=name.strip(), file=Path(rest.strip()))
    return replace(_changed(plain, rest), name=name.strip())


def _changed(plain: Way, changes: str) -> Way:
    """All changes at once, for one may only be allowed with another."""
    changed: dict[str, dict[str, Any]] = {"generator": {}, "reranking": {}}
    for change in filter(None, map(str.strip, changes.split(";"))):
        key, separator, value = map(str.strip, change.partition("="))
        section, _, name = key.partition(".")
        if not separator or section not in changed or not name:
            raise EvaluationError(f"{change!r}: write generator.KEY=VALUE or reranking.KEY=VALUE.")
        if name == "api_key":
            raise EvaluationError("generator.api_key is a secret; set OPENAI_API_KEY in the environment.")
        changed[section][name] = _value(value)
    return replace(
        plain,
        generator=_with(plain.generator, changed["generator"]),
        reranking=_with(plain.reranking, changed["reranking"]),
        changes=changes.strip(),
    )


def _with(section: Section, changed: dict[str, Any]) -> Section:
    try:
        return type(section).model_validate({**section.model_dump(), **changed})
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, fault["loc"]))
        raise EvaluationError(f"--way: {': '.join(filter(None, (place, fault['msg'])))}.") from error


def _value(text: str) -> Any:
    """As TOML has it; a bare word is a text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
