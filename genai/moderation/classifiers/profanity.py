"""alt-profanity-check: a linear model on words whose weights lie in the package.

https://github.com/dimitrismistriotis/alt-profanity-check
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from genai.moderation.classifiers.base import Scores
from genai.moderation.classifiers.digest import digest
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
    import joblib  # type: ignore[import-untyped]

    data = Path(str(resources.files("profanity_check"))) / "data"
    files = data / "vectorizer.joblib", data / "model.joblib"
    vectorizer, model = (joblib.load(file) for file in files)

    def predict(texts: list[str]) -> Any:
        return model.predict_proba(vectorizer.transform(texts))[:, 1]

    version = f"{metadata.version('alt-profanity-check')}+{digest(*files)}"
    return ProfanityCheck(version=version, predict=predict)
