"""Finds topics that are off limits, by keywords and by likeness to examples."""

import itertools
import re
from collections.abc import Sequence
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any, Protocol

from genai.moderation.blocklist import Blocklist
from genai.moderation.errors import ModerationMisconfigured
from genai.moderation.policy import Item
from genai.moderation.settings import ModerationSettings
from genai.moderation.topics.topic import Topic
from genai.moderation.verdict import Action, StageVerdict

_WORD = re.compile(r"\w+")
_BACKGROUND = Path(__file__).parent / "background.txt"


class Likeness(Protocol):
    """Scores sentences against one topic."""

    @property
    def version(self) -> str:
        """What it decides with."""

    def scores(self, sentences: Sequence[str], topic: Topic) -> list[float]:
        """For each sentence a number from 0 to 1; 1 is as like as can be."""


class WordLikeness:
    """Cosine of TF-IDF vectors over words, pairs of words and groups of letters; the nearest example counts.

    The weights are learnt from the examples and from ordinary requests, so that words which everybody uses
    weigh little (Salton and Buckley, 1988, "Term-weighting approaches in automatic text retrieval").
    """

    version = "tfidf 1"

    def scores(self, sentences: Sequence[str], topic: Topic) -> list[float]:
        vectorizer, examples = _fitted(topic.examples)
        likeness = vectorizer.transform(sentences) @ examples.T
        return [min(1.0, float(value)) for value in likeness.max(axis=1).toarray().ravel()]


@lru_cache(maxsize=256)
def _fitted(examples: tuple[str, ...]) -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.preprocessing import Normalizer

    def content(text: str) -> str:
        return " ".join(word for word in _WORD.findall(text.casefold()) if word not in ENGLISH_STOP_WORDS)

    words = TfidfVectorizer(preprocessor=content, ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(preprocessor=content, analyzer="char_wb", ngram_range=(4, 5), sublinear_tf=True)
    vectorizer = make_pipeline(make_union(words, letters), Normalizer())
    ordinary = _BACKGROUND.read_text(encoding="utf-8").splitlines()
    vectorizer.fit([*examples, *ordinary])
    return vectorizer, vectorizer.transform(examples)


class EmbeddingLikeness:
    """Cosine of mean token vectors of an encoder model (Reimers and Gurevych, 2019, arXiv:1908.10084)."""

    def __init__(self, name: str, device: str) -> None:
        from transformers import AutoModel, AutoTokenizer

        self.version = f"embedding {name}"
        self._device = device
        self._tokenizer = AutoTokenizer.from_pretrained(name)
        self._model = AutoModel.from_pretrained(name).to(device).eval()
        self._examples = lru_cache(maxsize=256)(self._vectors)

    def scores(self, sentences: Sequence[str], topic: Topic) -> list[float]:
        likeness = self._vectors(tuple(sentences)) @ self._examples(topic.examples).T
        return [min(1.0, max(0.0, float(value))) for value in likeness.max(dim=1).values]

    def _vectors(self, texts: tuple[str, ...]) -> Any:
        """One vector of length 1 a text: (texts, width)."""
        import torch

        batch = self._tokenizer(list(texts), padding=True, truncation=True, return_tensors="pt")
        with torch.inference_mode():
            states = self._model(**batch.to(self._device)).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1).to(states.dtype)
        return torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1).clamp(min=1), dim=1)


class ZeroShotLikeness:
    """How far an entailment model thinks that a sentence is about the topic's name (arXiv:1909.00161)."""

    def __init__(self, name: str, device: str) -> None:
        from transformers import pipeline

        self.version = f"zero-shot {name}"
        self._ask: Any = pipeline("zero-shot-classification", model=name, device=device)

    def scores(self, sentences: Sequence[str], topic: Topic) -> list[float]:
        answers = self._ask(list(sentences), candidate_labels=[topic.name], multi_label=True)
        return [float(answer["scores"][0]) for answer in answers]


def load_likeness(model: str, device: str) -> Likeness:
    """What `moderation.topic_model` asks for; raises ModerationMisconfigured where it cannot be loaded."""
    kind, _, name = model.partition(":")
    if kind == "tfidf":
        return WordLikeness()
    try:
        return EmbeddingLikeness(name, device) if kind == "embedding" else ZeroShotLikeness(name, device)
    except (OSError, ValueError) as error:
        raise ModerationMisconfigured(
            f"moderation.topic_model cannot be loaded: {name}: {str(error).splitlines()[0]}"
        ) from error


# The topics stage: names the rule that a text falls under.


_SENTENCE = re.compile(r"[^.!?…。！？\n]+")
_LONGEST = 400


class TopicFault(Exception):
    """The likeness of a sentence is no number from 0 to 1."""


class Topics:
    """A stage that judges each item under its own topics; the worst sentence counts."""

    name = "topics"

    def __init__(self, topics: Sequence[Topic], likeness: Likeness) -> None:
        self._topics = tuple(topics)
        self._likeness = likeness
        self.version = likeness.version

    def judge(self, items: Sequence[Item]) -> Sequence[StageVerdict]:
        return [
            self._judge(item.text, self._topics if item.policy is None else item.policy.topics)
            for item in items
        ]

    def _judge(self, text: str, topics: Sequence[Topic]) -> StageVerdict:
        nothing = StageVerdict(self.name, classifier=self.name, version=self.version)
        sentences = sentences_of(text) if topics else []
        if not sentences:
            return nothing
        scores = {topic.name: self._scores(sentences, topic) for topic in topics}
        exceptions = [topic for topic in topics if topic.action == "allow"]
        found = [
            self._verdict(topic, best, scores)
            for topic in topics
            if topic.action != "allow" and (best := _worst(topic, exceptions, scores)) > 0.0
        ]
        return max(found, key=lambda one: (one.action.severity, one.score), default=nothing)

    def _verdict(self, topic: Topic, score: float, scores: dict[str, list[float]]) -> StageVerdict:
        over = score >= topic.threshold
        action = Action.BLOCK if topic.action == "deny" else Action.FLAG
        return StageVerdict(
            self.name,
            action if over else Action.ALLOW,
            f"topic:{topic.name}",
            score,
            topic.threshold,
            self.name,
            self.version,
            {f"topic:{name}": max(values) for name, values in scores.items()},
        )

    def _scores(self, sentences: Sequence[str], topic: Topic) -> list[float]:
        """For each sentence how far it is about the topic; a keyword is certain, also in disguise."""
        likeness = self._likeness.scores(sentences, topic) if topic.examples else [0.0] * len(sentences)
        if len(likeness) != len(sentences) or not all(isfinite(one) and 0 <= one <= 1 for one in likeness):
            raise TopicFault(f"the likeness to topic {topic.name} is no number from 0 to 1")
        keywords = _terms(topic.keywords)
        return [
            1.0 if keywords.holds_term(sentence) else score
            for sentence, score in zip(sentences, likeness, strict=True)
        ]


def sentences_of(text: str) -> list[str]:
    """The text, its sentences, and each two that follow one another, so that none hides behind a full stop."""
    sentences = [part.strip() for part in _SENTENCE.findall(text) if part.strip()]
    pairs = [" ".join(pair) for pair in itertools.pairwise(sentences)]
    whole = [" ".join(text.split())] if len(text) <= _LONGEST else []
    return list(dict.fromkeys([*sentences, *pairs, *whole]))


def _worst(topic: Topic, exceptions: Sequence[Topic], scores: dict[str, list[float]]) -> float:
    """The topic's highest score over the sentences that no exception is nearer to."""
    allowed = [
        max(
            (scores[other.name][place] for other in exceptions if _reaches(other, scores, place)),
            default=-1.0,
        )
        for place in range(len(scores[topic.name]))
    ]
    return max(
        (score for score, by in zip(scores[topic.name], allowed, strict=True) if score > by), default=0.0
    )


def _reaches(topic: Topic, scores: dict[str, list[float]], place: int) -> bool:
    return scores[topic.name][place] >= topic.threshold


_terms = lru_cache(maxsize=256)(Blocklist)


def load(settings: ModerationSettings) -> Topics:
    """The stage with the topics and the model of the settings."""
    return Topics(settings.topics, load_likeness(settings.topic_model, settings.device))
