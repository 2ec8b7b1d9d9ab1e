"""alt-profanity-check: a linear model on words whose weights lie in the package.

https://github.com/dimitrismistriotis/alt-profanity-check
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from genai.moderation.classifiers import Scores, digest
from genai.moderation.settings import ModerationSettings


@dataclass(frozen=True, slots=True)
class ProfanityCheck:
    """Scores `toxicity`; knows English words, in any order."""

    version: str
    predict: Callable[[list[str]], Any]
    name: str = "profanity-check"

    def score(self, texts: Sequence[str]) -> Sequence[Scores]:
        return [{"toxicity": float(score)} for score in self.predict(list(texts))]


def load(_settings: ModerationSettings, _variant: str) -> ProfanityCheck:
    """The classifier of the installed package; takes about two seconds the first time."""
    files = _file("vectorizer.joblib"), _file("model.joblib")
    vectorizer, model = map(_loaded, files)

    def predict(texts: list[str]) -> Any:
        return model.predict_proba(vectorizer.transform(texts))[:, 1]

    version = f"{metadata.version('alt-profanity-check')}+{digest(*files)}"
    return ProfanityCheck(version=version, predict=predict)


COMMONEST = -1.0
"""Log of the share of texts that hold a stop word, which the vocabulary leaves out."""


def vocabulary() -> dict[str, float]:
    """The words that the classifier knows, each with the log of the share of texts that hold it."""
    vectorizer = _loaded(_file("vectorizer.joblib"))
    known = {word: 1.0 - float(vectorizer.idf_[column]) for word, column in vectorizer.vocabulary_.items()}
    return known | dict.fromkeys(vectorizer.get_stop_words(), COMMONEST)


@cache
def _loaded(file: Path) -> Any:
    import joblib  # type: ignore[import-untyped]

    return joblib.load(file)


def _file(name: str) -> Path:
    return Path(str(resources.files("profanity_check"))) / "data" / name
