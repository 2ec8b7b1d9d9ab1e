"""The toxicity stage: asks every classifier about every window and holds the scores to thresholds.

Every text is judged as it is written and, where it wears a disguise, as it is meant.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from statistics import fmean

from genai.moderation.borders import windows
from genai.moderation.classifiers import CLOSE_CHARACTERS, CLOSE_OVERLAP, Classifier, Scores
from genai.moderation.classifiers import load as load_classifier
from genai.moderation.policy import Item
from genai.moderation.reading import Reader
from genai.moderation.reading import load as load_reader
from genai.moderation.settings import ModerationSettings
from genai.moderation.verdict import Action, StageVerdict


class ClassifierFault(Exception):
    """A classifier answered with something that is not a probability for each text."""


class Toxicity:
    """A stage over one or more classifiers; the highest score over all readings and windows counts."""

    name = "toxicity"

    def __init__(
        self, classifiers: Sequence[Classifier], settings: ModerationSettings, reader: Reader | None = None
    ) -> None:
        self._classifiers = classifiers
        self._reader = reader
        self._settings = settings
        self._label = ", ".join(classifier.name for classifier in classifiers)
        self.version = ", ".join(f"{classifier.name} {classifier.version}" for classifier in classifiers)

    def without_reader(self) -> "Toxicity":
        """The same stage that takes every text as it is written."""
        return Toxicity(self._classifiers, self._settings)

    def judge(self, items: Sequence[Item]) -> Sequence[StageVerdict]:
        return [self._verdict(scores) for scores in self.scores([item.text for item in items])]

    def scores(self, texts: Sequence[str]) -> list[Scores]:
        """For each text the joined score of each category."""
        wide = [self._windows(text) for text in texts]
        close = [[*of, *_close(of)] for of in wide]
        columns = [
            self._highest(classifier, wide if getattr(classifier, "reads_closely", False) else close)
            for classifier in self._classifiers
        ]
        return [join(rows, self._settings.combine) for rows in zip(*columns, strict=True)]

    def _windows(self, text: str) -> list[str]:
        """Windows of every reading; those of a growing text stay."""
        size, overlap = self._settings.window_characters, self._settings.window_overlap
        return self._reader.windows(text, size, overlap) if self._reader else windows(text, size, overlap)

    def _highest(self, classifier: Classifier, cut: Sequence[Sequence[str]]) -> list[Scores]:
        """What a classifier says of each text: the highest score of its windows, each of which is read once."""
        different = list(dict.fromkeys(window for of_text in cut for window in of_text))
        by_window = dict(zip(different, checked(classifier, different), strict=True))
        return [highest([by_window[window] for window in of_text]) for of_text in cut]

    def _verdict(self, scores: Scores) -> StageVerdict:
        category = max(scores, key=self._nearness_to_block(scores).__getitem__)
        thresholds, score = self._settings.thresholds_of(category), scores[category]
        blocked = score >= thresholds.block
        flagged = any(value >= self._settings.thresholds_of(name).flag for name, value in scores.items())
        return StageVerdict(
            stage=self.name,
            action=Action.BLOCK if blocked else Action.FLAG if flagged else Action.ALLOW,
            category=category,
            score=score,
            threshold=thresholds.block if blocked else thresholds.flag,
            classifier=self._label,
            version=self.version,
            scores=scores,
        )

    def _nearness_to_block(self, scores: Scores) -> dict[str, float]:
        """Each category's score less its block threshold, so that the worst one is named."""
        return {name: score - self._settings.thresholds_of(name).block for name, score in scores.items()}


def _close(wide: Sequence[str]) -> Iterator[str]:
    """Parts of the windows that are not windows themselves."""
    parts = (part for window in wide for part in windows(window, CLOSE_CHARACTERS, CLOSE_OVERLAP))
    return (part for part in dict.fromkeys(parts) if part not in wide)


def checked(classifier: Classifier, texts: Sequence[str]) -> Sequence[Scores]:
    """The classifier's scores; raises ClassifierFault unless there is a probability for every text."""
    rows = classifier.score(texts)
    if len(rows) != len(texts):
        raise ClassifierFault(f"{classifier.name} answered {len(rows)} of {len(texts)} texts")
    for row in rows:
        if not row or not all(isfinite(score) and 0.0 <= score <= 1.0 for score in row.values()):
            raise ClassifierFault(f"{classifier.name} answered something that is no probability: {dict(row)}")
    return rows


def join(rows: Iterable[Scores], how: str) -> Scores:
    """One score a category from several classifiers; those that lack a category do not count for it."""
    together: dict[str, list[float]] = {}
    for row in rows:
        for category, score in row.items():
            together.setdefault(category, []).append(score)
    of = max if how == "max" else fmean
    return {category: of(scores) for category, scores in together.items()}


def highest(rows: Iterable[Mapping[str, float]]) -> Scores:
    """The highest score of each category."""
    return join(rows, "max")


def load(settings: ModerationSettings) -> Toxicity:
    """The stage with its classifiers loaded."""
    classifiers = [load_classifier(name, settings) for name in settings.classifier]
    return Toxicity(classifiers, settings, load_reader())
