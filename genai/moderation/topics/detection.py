"""The topics stage: names the rule that a text falls under."""

import itertools
import re
from collections.abc import Sequence
from functools import lru_cache
from math import isfinite

from genai.moderation.blocklist import Blocklist
from genai.moderation.settings import ModerationSettings
from genai.moderation.stage import Item
from genai.moderation.topics.example_similarity import Likeness
from genai.moderation.topics.example_similarity import load_likeness
from genai.moderation.topics.topic import Topic
from genai.moderation.verdict import Action, StageVerdict

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
