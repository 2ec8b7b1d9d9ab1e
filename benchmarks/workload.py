"""Who asks what, when, and how long the answer is to be: the same for every way that is measured."""

from dataclasses import dataclass
from random import Random

from genai.prompts import Brief, Task, build_turns
from genai.request import Turn

_PACE_SECONDS = 0.003
"""Mean time between two people's questions: everybody asks at nearly the same moment, nobody at the same."""
_PROMPT_CHARACTERS = (16, 76)
"""With the 18 characters of a plain transcript around them, 34 to 94 tokens, 64 in the mean."""
_ANSWER_TOKENS = (48, 80)
_SUBJECTS = (
    "a bicycle repair shop in a small town",
    "more visitors for a school library",
    "a bakery that opens at night",
    "less waste in an office kitchen",
    "a festival of old board games",
    "rain barrels for city gardens",
    "a newsletter that people read",
    "first aid courses for teenagers",
)


@dataclass(frozen=True, slots=True)
class Person:
    """`arrives` seconds after the start with one question, for an answer of at most `tokens` tokens."""

    arrives: float
    turns: tuple[Turn, ...]
    tokens: int


def gathering(people: int, *, seed: int, briefs: bool) -> list[Person]:
    """`people` who arrive one after another; letters at random, or (`briefs`) what Riff asks its model."""
    chance = Random(seed)
    arrives, found = 0.0, []
    for tokens in _lengths(people, chance):
        found.append(Person(arrives, _brief(chance) if briefs else _letters(chance), tokens))
        arrives += chance.expovariate(1 / _PACE_SECONDS)
    return found


def _lengths(people: int, chance: Random) -> list[int]:
    """Lengths of answers in pairs of the same sum, so that their mean does not depend on chance."""
    shortest, longest = _ANSWER_TOKENS
    if people == 1:
        return [(shortest + longest) // 2]
    halves = [chance.randint(shortest, longest) for _ in range((people + 1) // 2)]
    return [length for half in halves for length in (half, shortest + longest - half)][:people]


def _letters(chance: Random) -> tuple[Turn, ...]:
    text = "".join(chance.choices("abcdefgh ", k=chance.randint(*_PROMPT_CHARACTERS)))
    return (Turn("user", text),)


def _brief(chance: Random) -> tuple[Turn, ...]:
    return build_turns(
        Brief(Task.BRAINSTORM, chance.choice(_SUBJECTS), count=chance.randint(2, 6)), style="plain"
    )
