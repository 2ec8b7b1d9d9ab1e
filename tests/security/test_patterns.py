"""No text makes a pattern slow: the time of every regular expression of the project grows with the text's length."""

import re
from collections.abc import Callable

import pytest

from bot.personalization import preference_prompts
from genai.answers.form import labels as form_labels
from genai.moderation.personal_data import account_numbers, presidio
from tests.support.growth import MOST_GROWTH, growth
from tests.support.patterns import Found, project_patterns, pumps

MAKERS = {
    "genai.answers.form.labels:__init__": lambda: [
        re.compile("|".join(names), re.IGNORECASE) for names in form_labels.labels().values()
    ],
    "bot.personalization.preference_prompts:_CUES": lambda: [cue for _, cue in preference_prompts._CUES],
    "genai.moderation.personal_data.account_numbers:characters": lambda: [account_numbers.characters(34)],
    "genai.moderation.personal_data.presidio:national_id_spans": lambda: [
        re.compile(words, re.IGNORECASE) for words in presidio._ANNOUNCED.values()
    ],
}
PATTERNS = project_patterns(MAKERS)


def _runs(found: Found) -> list[Callable[[str], object]]:
    if found.scans:
        return [lambda text: sum(1 for _ in found.pattern.finditer(text))]
    return [getattr(found.pattern, method) for method in sorted(found.methods)]


@pytest.mark.parametrize("found", PATTERNS, ids=lambda found: found.place)
def test_the_time_of_a_pattern_grows_with_the_length_of_the_text(found: Found) -> None:
    slow = [
        (pump.before[:20], pump.part[:20], pump.after, round(times, 1))
        for pump in pumps(found.pattern)
        for run in _runs(found)
        if (times := growth(run, pump.text)) > MOST_GROWTH
    ]
    assert not slow, found.pattern.pattern


@pytest.mark.parametrize("careless", [r"[a-z]+\d", r"\s*,", r"(?:a|b)*c", r"\s+$", r"“[^”]+”"])
def test_a_careless_pattern_would_be_found(careless: str) -> None:
    run = re.compile(careless).findall
    assert any(growth(run, pump.text) > MOST_GROWTH for pump in pumps(re.compile(careless)))
