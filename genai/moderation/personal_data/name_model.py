"""People's names and addresses, found by a model of yours: a pipeline of spaCy or a token classifier of transformers.

No form tells a name, so a model reads. Each sentence is read by itself, so that a reply gets the same names whether it
is read whole or as it comes.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from genai.moderation.borders import borders
from genai.moderation.errors import ModerationMisconfigured
from genai.moderation.settings import Entity

_LABELS: dict[str, Entity] = {
    **dict.fromkeys(
        ("PER", "PERS", "PERSON", "NAME", "FIRSTNAME", "MIDDLENAME", "LASTNAME", "GIVENNAME", "SURNAME", "FULLNAME"),
        "PERSON",
    ),
    **dict.fromkeys(
        ("ADDRESS", "STREETADDRESS", "STREET", "BUILDINGNUM", "BUILDINGNUMBER", "SECONDARYADDRESS"), "ADDRESS"
    ),
}  # fmt: skip
"""What models call names and addresses; towns and countries alone are nobody's."""
_MINIMUM_SCORE = 0.5
_LONGEST = 300
"""Characters that are read together where no sentence ends."""
_SENTENCES_KEPT = 1024
_BETWEEN = re.compile(r"[\s,]{0,3}")


@dataclass(frozen=True, slots=True)
class Named:
    """A name or an address, `text[start:end]`."""

    start: int
    end: int
    entity: Entity


Find = Callable[[str], Iterator[Named]]


class NameModel:
    """Asks a model about each sentence once: a stream is judged many times over."""

    def __init__(self, find: Find) -> None:
        self._named = lru_cache(maxsize=_SENTENCES_KEPT)(
            lambda sentence: tuple(_whole(sentence, find(sentence)))
        )

    def spans(self, entity: Entity, text: str) -> Iterator[tuple[int, int]]:
        """Where names, or addresses, stand."""
        start = 0
        for end in (*borders(text, 0, "sentence", _LONGEST, is_last=True), len(text)):
            for named in self._named(text[start:end]) if end > start else ():
                if named.entity == entity:
                    yield start + named.start, start + named.end
            start = end


def _whole(sentence: str, found: Iterator[Named]) -> Iterator[Named]:
    """What was found, up to the ends of its words, neighbours of one kind joined."""
    last: Named | None = None
    for named in sorted(found, key=lambda named: named.start):
        start, end = named.start, named.end
        while start and sentence[start - 1].isalnum():
            start -= 1
        while end < len(sentence) and sentence[end].isalnum():
            end += 1
        if last and last.entity == named.entity and _BETWEEN.fullmatch(sentence, min(last.end, start), start):
            last = Named(last.start, max(end, last.end), last.entity)
            continue
        if last:
            yield last
        last = Named(start, end, named.entity)
    if last:
        yield last


def load(name_model: str, device: str) -> NameModel:
    """The model that `moderation.name_model` names; raises ModerationMisconfigured where there is none."""
    kind, _, name = name_model.partition(":")
    try:
        find, labels = _spacy(name) if kind == "spacy" else _transformers(name, device)
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise ModerationMisconfigured(
            f"moderation.name_model cannot be loaded: {name_model}: {str(error).splitlines()[0]} Put the model's folder"
            " there, install its package, or leave the setting empty to look for no names."
        ) from error
    if not any(_entity(label) for label in labels):
        raise ModerationMisconfigured(
            f"moderation.name_model: {name_model} knows neither names nor addresses, but"
            f" {', '.join(sorted(labels)) or 'nothing'}. Take a model that finds people, or leave the setting empty."
        )
    return NameModel(find)


def _entity(label: str) -> Entity | None:
    return _LABELS.get(label.upper().removeprefix("B-").removeprefix("I-").replace("_", "").replace("-", ""))


def _spacy(name: str) -> tuple[Find, Collection[str]]:
    import spacy

    pipeline = spacy.load(name, exclude=["tagger", "parser", "lemmatizer", "attribute_ruler", "senter"])
    labels = {label for labels in pipeline.pipe_labels.values() for label in labels}
    return partial(_by_spacy, pipeline), labels


def _by_spacy(pipeline: Any, sentence: str) -> Iterator[Named]:
    for part in pipeline(sentence).ents:
        if entity := _entity(part.label_):
            yield Named(part.start_char, part.end_char, entity)


def _transformers(name: str, device: str) -> tuple[Find, Collection[str]]:
    from transformers import AutoModelForTokenClassification, AutoTokenizer, pipeline

    model = AutoModelForTokenClassification.from_pretrained(name)
    tokenizer = AutoTokenizer.from_pretrained(name)
    if not tokenizer.is_fast:
        raise ValueError("its tokenizer cannot tell where a token stands (tokenizer.json is missing).")
    classify = pipeline(
        "token-classification", model=model, tokenizer=tokenizer, device=device, aggregation_strategy="simple"
    )
    return partial(_by_transformers, classify), set(model.config.label2id)


def _by_transformers(classify: Any, sentence: str) -> Iterator[Named]:
    for part in classify(sentence):
        entity = _entity(part["entity_group"])
        if entity and part["score"] >= _MINIMUM_SCORE:
            yield Named(part["start"], part["end"], entity)
