"""The list of words says what the package that it comes from says, and nothing in its files is run."""

import pickle

import pytest

from genai.moderation import ModerationSettings
from genai.moderation.classifiers import profanity
from genai.moderation.classifiers.word_list import read

TEXTS = [
    "you fucking idiot",
    "Five names for a bakery by the sea",
    "",
    "I hate, hate, HATE this shit shit",
    "naïve café 你好 123 a",
    "die die die",
]


def test_it_says_what_the_package_says() -> None:
    joblib = pytest.importorskip("joblib")
    vectorizer, model = (joblib.load(profanity._file(name)) for name in profanity.KNOWN_DIGESTS)
    wanted = model.predict_proba(vectorizer.transform(TEXTS))[:, 1]
    found = [row["toxicity"] for row in profanity.load(ModerationSettings(), "").score(TEXTS)]
    assert found == pytest.approx(list(wanted), abs=1e-9)


class _RunsCode:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("this must not be printed",)


def test_nothing_in_a_file_is_run(capsys: pytest.CaptureFixture[str]) -> None:
    content = pickle.dumps(_RunsCode())
    with pytest.raises(ValueError, match="does not belong"):
        read(content, content)
    assert capsys.readouterr().out == ""
