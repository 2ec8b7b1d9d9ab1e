"""alt-profanity-check: a linear model on words whose weights lie in the package.

https://github.com/dimitrismistriotis/alt-profanity-check
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata, util
from pathlib import Path

from genai.moderation.classifiers import Scores, digest
from genai.moderation.classifiers.word_list import WordList, read
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
    words: WordList
    name: str = "profanity-check"

    def score(self, texts: Sequence[str]) -> Sequence[Scores]:
        return [{"toxicity": score} for score in self.words.probabilities(texts)]


def load(_settings: ModerationSettings, _variant: str) -> ProfanityCheck:
    """The classifier of the installed package."""
    version = f"{metadata.version('alt-profanity-check')}+{digest(*map(_file, KNOWN_DIGESTS))}"
    return ProfanityCheck(version=version, words=_words())


COMMONEST = -1.0
"""Log of the share of texts that hold one of the commonest words, which the list leaves out."""
_COMMON = """a about above across after again against all almost alone along already also although always am
    among an and another any anybody anyone anything anywhere are around as at back be became
    because become been before behind being below between both but by can cannot could did do does
    doing done down during each either else enough even ever every everybody everyone everything
    everywhere few find first for four from full further get give go had has have having he hence
    her here hers herself him himself his how however i if in indeed into is it its itself just keep
    last least less made many may me might mine more most mostly much must my myself name neither
    never next nine no nobody none nor not nothing now nowhere of off often on once one only onto or
    other others our ours ourselves out over own part perhaps please put rather same see seem seemed
    seems several she should show side since six so some somebody someone something sometimes
    somewhere still such take ten than that the their theirs them themselves then there therefore
    these they this those though three through thus to together too toward towards two under until
    up upon us very was we well were what whatever when where whether which while who whoever whole
    whom whose why will with within without would yet you your yours yourself yourselves"""


def vocabulary() -> dict[str, float]:
    """The words that the classifier knows, each with the log of the share of texts that hold it."""
    words = _words()
    known = {word: 1.0 - float(words.rarity[column]) for word, column in words.columns.items()}
    return known | dict.fromkeys(_COMMON.split(), COMMONEST)


@cache
def _words() -> WordList:
    return read(*(_content(_file(name)) for name in KNOWN_DIGESTS))


def _content(file: Path) -> bytes:
    """The bytes; raises ModerationMisconfigured for a file that is not as released."""
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != KNOWN_DIGESTS[file.name]:
        raise ModerationMisconfigured(
            f"{file} is not the file that was released; install alt-profanity-check=={_RELEASE} again"
        )
    return content


def _file(name: str) -> Path:
    """Found without importing the package, which would read its pickles itself."""
    spec = util.find_spec("profanity_check")
    if spec is None or not spec.submodule_search_locations:
        raise ModerationMisconfigured(f"install alt-profanity-check=={_RELEASE}")
    return Path(spec.submodule_search_locations[0]) / "data" / name
