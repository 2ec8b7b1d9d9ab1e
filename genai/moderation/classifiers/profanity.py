"""alt-profanity-check: a linear model on words whose weights lie in the package.

https://github.com/dimitrismistriotis/alt-profanity-check
"""

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata, util
from pathlib import Path
from typing import Any

from genai.moderation.classifiers import Scores, digest
from genai.moderation.errors import ModerationMisconfigured
from genai.moderation.settings import ModerationSettings

_RELEASE = "1.9.1"
KNOWN_DIGESTS = {
    "vectorizer.joblib": "19c5200dc6a41f026e0558e2f164f5fe8d8f58e502b46b37e4385037fcfa4831",
    "model.joblib": "aeafc04849d4d93db4721cf30a86ebf22085595294b8a07d51918e7fa98f538b",
}
"""SHA-256 of the files of the release: reading a pickle runs what is in it, so only these are read."""


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
    files = tuple(map(_file, KNOWN_DIGESTS))
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
    """What is in a file of the package; raises ModerationMisconfigured for one that is not as released."""
    import joblib  # type: ignore[import-untyped]

    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != KNOWN_DIGESTS[file.name]:
        raise ModerationMisconfigured(
            f"{file} is not the file that was released; install alt-profanity-check=={_RELEASE} again"
        )
    return joblib.load(io.BytesIO(content))


def _file(name: str) -> Path:
    """Found without importing the package, which would read its pickles itself."""
    spec = util.find_spec("profanity_check")
    if spec is None or not spec.submodule_search_locations:
        raise ModerationMisconfigured(f"install alt-profanity-check=={_RELEASE}")
    return Path(spec.submodule_search_locations[0]) / "data" / name
