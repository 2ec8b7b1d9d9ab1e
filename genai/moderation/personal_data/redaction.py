"""The privacy stage: redacts personal data that recognisers find and nobody allowed."""

import re
from collections.abc import Iterable, Sequence
from functools import partial
from importlib import metadata

from genai.moderation.personal_data import name_model
from genai.moderation.personal_data.recognisers import Recogniser, plain
from genai.moderation.personal_data.recognisers import load as load_recognisers
from genai.moderation.policy import Item
from genai.moderation.settings import Entity, ModerationSettings
from genai.moderation.verdict import Action, Redaction, StageVerdict


class Privacy:
    """A stage over recognisers; finds that overlap become one, named by the recogniser that comes first."""

    name = "privacy"

    def __init__(self, recognisers: Sequence[Recogniser], version: str) -> None:
        self._recognisers = recognisers
        self.version = version

    def judge(self, items: Sequence[Item]) -> Sequence[StageVerdict]:
        return [self._judge(item) for item in items]

    def _judge(self, item: Item) -> StageVerdict:
        redactions = tuple(self.redactions(item.text, item.allowed_personal))
        if not redactions:
            return StageVerdict(self.name, classifier=self.name, version=self.version)
        return StageVerdict(
            stage=self.name,
            action=Action.REDACT,
            category=redactions[0].entity,
            score=1.0,
            threshold=1.0,
            classifier=self.name,
            version=self.version,
            redactions=redactions,
        )

    def redactions(self, text: str, allowed_personal: frozenset[str] = frozenset()) -> list[Redaction]:
        """What to redact in `text`, in order and without overlap."""
        readable = plain(text)
        found: list[Redaction] = []
        for recogniser in self._recognisers:
            for start, end in recogniser.spans(readable.text):
                value = readable.text[start:end]
                if recogniser.entity == "SECRET" or not _is_known(value, allowed_personal):
                    found.append(Redaction(*readable.written(start, end), recogniser.entity))
        return disjoint(found)


def disjoint(found: Sequence[Redaction]) -> list[Redaction]:
    """`found` in the order of the text; what overlaps is joined and named by what was found first."""
    rank = {id(part): position for position, part in enumerate(found)}
    joined: list[list[Redaction]] = []
    end = -1
    for part in sorted(found, key=lambda part: (part.start, part.end)):
        if part.start < end:
            joined[-1].append(part)
        else:
            joined.append([part])
        end = max(end, part.end)
    return [
        Redaction(
            parts[0].start, max(part.end for part in parts), min(parts, key=lambda p: rank[id(p)]).entity
        )
        for parts in joined
    ]


_NUMBERED = re.compile(r"[\d@]")
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")


def _is_known(value: str, known: Iterable[str]) -> bool:
    """Whether one of the texts in `known` has the value in it, however it is written there; names as whole words."""
    if _NUMBERED.search(value):
        return any(bare(value) in bare(text) for text in known)
    return any(_words(value) in _words(text) for text in known)  # "Ian" is not known from "Italian"


def _words(text: str) -> str:
    """The words of `text`, each between two spaces."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def bare(fact: str) -> str:
    """`fact` without case, spaces and punctuation, so that differently written numbers are the same."""
    return "".join(char for char in fact.casefold() if char.isalnum() or char == "@")


_BY_MODEL: tuple[Entity, ...] = ("PERSON", "ADDRESS")


def load(settings: ModerationSettings) -> Privacy:
    """The stage with the recognisers that the settings want."""
    version = f"presidio {metadata.version('presidio-analyzer')}"
    recognisers = load_recognisers(settings.privacy) if settings.privacy else []
    if settings.name_model:
        model = name_model.load(settings.name_model, settings.device)
        version = f"{version} + {settings.name_model}"
        recognisers += [
            Recogniser(entity, partial(model.spans, entity))
            for entity in _BY_MODEL
            if entity in settings.privacy
        ]
    return Privacy(recognisers, version)
