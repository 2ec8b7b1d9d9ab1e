"""Answers in their form, whatever the model writes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.domain import Brief, Idea, Preferences, Task
from bot.core.ideas import format_idea
from bot.generation.applications.composer import ATTEMPTS, Composer
from bot.generation.applications.feature_table import split_features
from bot.generation.applications.formats import AD_FORMATS, COPY_CHANNELS, layout_of
from bot.generation.applications.shortening import Counting, is_complete, length

LABELS = ("Headline", "Body", "Call to action", "Problem", "Text", "Title")
LINE = re.compile(r"^(?P<name>(?P<label>[A-Za-z ]+?)(?: \d)?) \((?P<used>\d+)/(?P<most>\d+)\): (?P<text>.+)$")
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.tuples(st.sampled_from(LABELS), st.text(max_size=150)), max_size=5).map(
        lambda lines: "\n".join(f"{label}: {text}" for label, text in lines)
    ),
)
SUBJECTS = st.one_of(st.just("a weekend pottery class"), st.text(min_size=1, max_size=120).filter(str.strip))


async def written(brief: Brief, *texts: str) -> tuple[str, tuple[str, ...], list[Brief]]:
    """The answer when the model writes these texts in turn, the last one again and again; what is missing of it, and
    what the model was asked."""
    asked: list[Brief] = []
    left = list(texts)

    async def ask(brief: Brief, count: int) -> list[str]:
        asked.append(brief)
        return [left.pop(0) if len(left) > 1 else left[0] for _ in range(count)]

    layout = layout_of(brief)
    assert layout is not None
    composer = Composer(brief, layout, ask)
    pieces = [f"{format_idea(one)}\n" if isinstance(one, Idea) else one async for one in composer.pieces()]
    return "".join(pieces), composer.missing, asked


async def composed(brief: Brief, *texts: str) -> tuple[str, list[Brief]]:
    """The answer, and what the model was asked."""
    said, _missing, asked = await written(brief, *texts)
    return said, asked


@given(TEXTS, SUBJECTS, st.sampled_from(["search", "social", "banner"]), st.integers(1, 3))
async def test_an_ad_has_its_parts_within_their_limits_and_says_which_are_missing(
    text: str, subject: str, kind: str, variants: int
) -> None:
    said, missing, asked = await written(Brief(Task.AD, subject, layout=kind, variants=variants), text)
    lines = [found for line in said.split("\n") if (found := LINE.match(line))]
    parts = {part.label: part for part in AD_FORMATS[kind].parts}
    names = {name for part in parts.values() for name in part.names}
    shown = {found["name"].strip() for found in lines}
    assert shown | set(missing) == names or not said
    assert len(asked) <= ATTEMPTS
    for line in lines:
        part = parts[line["label"]]
        assert int(line["most"]) == part.most
        assert length(line["text"], part.counting) == int(line["used"]) <= part.most
        assert is_complete(line["text"])


@given(TEXTS, SUBJECTS, st.sampled_from(sorted(COPY_CHANNELS)), st.sampled_from(["", "Come by on Saturday."]))
async def test_copy_keeps_to_its_channel_and_ends_with_the_call_to_action(
    text: str, subject: str, channel: str, ending: str
) -> None:
    said, _asked = await composed(Brief(Task.COPY, subject, layout=channel, ending=ending), text)
    limit = {"post": (280, Counting.POST), "sms": (160, Counting.SMS)}.get(channel, (10_000, Counting.PLAIN))
    assert length(said, limit[1]) <= limit[0]
    if said:
        assert said.rstrip(" .!").endswith(ending.rstrip(" ."))


@given(TEXTS, st.integers(100, 400))
async def test_an_ad_with_a_limit_of_its_own_keeps_it_with_labels_and_all(text: str, most: int) -> None:
    said, _asked = await composed(Brief(Task.AD, "a tea shop", max_characters=most), text)
    assert len(said) <= most


async def test_what_is_too_long_is_written_again_before_it_is_shortened() -> None:
    long = "Headline: Tea\nBody: " + "A very long sentence about tea and about jars and about stamps " * 3
    whole = "Headline: Fresh tea\nBody: Tea for all.\nCall to action: Come in."
    said, asked = await composed(Brief(Task.AD, "tea", layout="social"), long, whole)
    assert "Body (12/200): Tea for all." in said
    assert len([brief for brief in asked if brief.task is Task.AD]) == 2


async def test_the_model_is_asked_only_so_often() -> None:
    _said, asked = await composed(Brief(Task.CRITIQUE, "tea"), "Strength: It is warm.")
    assert len(asked) == ATTEMPTS


async def test_only_what_is_missing_or_too_long_is_asked_for_again() -> None:
    long = (
        "Headline: Tea with stamps for neighbours and guests at noon\nLong headline: Tea\nDescription: Drink."
    )
    again = "Headline: Tea with stamps at noon\nButton: Go"
    said, missing, asked = await written(Brief(Task.AD, "tea", layout="banner"), long, again)
    assert "Headline (23/30): Tea with stamps at noon" in said
    assert "Button (2/20): Go" in said
    assert asked[0].sections == ("Headline", "Long headline", "Description", "Button")
    assert asked[1].sections == ("Headline", "Button")
    assert dict(asked[1].notes)["Written already"] == "Long headline: Tea; Description: Drink."
    assert missing == ()


async def test_what_is_missing_is_said_and_not_made_up() -> None:
    said, missing, _asked = await written(Brief(Task.CRITIQUE, "tea"), "Strength: It is warm.")
    assert (said, missing) == ("Strength: It is warm.", ("Risk", "Test"))


async def test_dont_words_are_in_no_part() -> None:
    brief = Brief(Task.AD, "tea", layout="search", preferences=Preferences(avoid_words=("tea", "see")))
    said, _asked = await composed(
        brief, "Headline: Tea for all\nBody: See our tea.\nCall to action: Drink tea."
    )
    assert said == ""


async def test_a_call_to_action_that_was_given_is_the_ad_s_own() -> None:
    brief = Brief(Task.AD, "tea", layout="banner", ending="Taste it now")
    said, _asked = await composed(
        brief, "Headline: Tea for all\nBody: See our tea.\nCall to action: Drink tea."
    )
    assert "Button (12/20): Taste it now" in said


async def test_do_words_decide_which_draft_is_shown() -> None:
    brief = Brief(Task.COPY, "tea", preferences=Preferences(use_words=("stamps",)))
    said, _asked = await composed(brief, "Jars for everybody.", "Tea and stamps for everybody.")
    assert said == "Tea and stamps for everybody."


async def test_versions_differ_and_are_numbered() -> None:
    texts = ("Jars for everybody at noon.", "Stamps for nobody at night.", "Kettles and walks, all day long.")
    said, _asked = await composed(Brief(Task.COPY, "tea", variants=3), *texts)
    assert said == "".join(f"{number}. {text}\n" for number, text in enumerate(texts, 1))


DESIGN = (
    "Problem: Tea gets cold.\nUsers: Walkers.\nConstraints: Light.\nConcept: A lid.\n"
    "Features: A clock, a strap, and a second lid.\nRisks: It leaks."
)


async def test_a_design_has_its_sections_and_a_table_of_its_features() -> None:
    judged = "Strength: It helps.\nRisk: It breaks | falls.\nTest: Lend one."
    brief = Brief(Task.DESIGN, "a pot", details=("Constraints: under 40 euros",))
    said, _asked = await composed(brief, DESIGN, judged)
    sections, table = said.split("\n\n")
    assert [line.partition(":")[0] for line in sections.split("\n")] == [
        "Problem", "Users", "Constraints", "Concept", "Features", "Risks",
    ]  # fmt: skip
    assert "Constraints: under 40 euros" in sections
    rows = table.split("\n")
    assert rows[0] == "| Feature | Strength | Risk | Test |"
    assert rows[2:] == [
        f"| {feature} | It helps. | It breaks / falls. | Lend one. |"
        for feature in ("A clock", "A strap", "A second lid")
    ]


def test_features_are_read_off_a_sentence() -> None:
    assert split_features("Three sizes, one lid for all, and a colour code for cups.") == (
        "Three sizes",
        "one lid for all",
        "a colour code for cups",
    )


@pytest.mark.parametrize(
    "written",
    [
        "Strength: It is warm.\nRisk: It is hot.\nTest: Drink.",
        "**Strength:** It is warm.\n\n**Risk:** It is hot.\n\n**Test:** Drink.",
        "1. Strength: It is warm.\n2. Risk: It is hot.\n3. Test: Drink.",
        "### Strength\n: It is warm.\nStrength: It is warm.\nRisk：It is hot.\nTest: Drink.",
    ],
)
async def test_labels_are_read_as_models_write_them(written: str) -> None:
    said, asked = await composed(Brief(Task.CRITIQUE, "tea"), written)
    assert said == "Strength: It is warm.\nRisk: It is hot.\nTest: Drink."
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [("", ""), ("A pot has to be round.\n\nAnd warm.", "A pot has to be round.\n\nAnd warm.")],
)
async def test_an_answer_without_the_form_is_shown_as_it_is(text: str, shown: str) -> None:
    said, missing, _asked = await written(Brief(Task.DESIGN, "a pot"), text)
    assert said == shown
    assert len(missing) == (6 if shown else 0)


STOOL = """## Problem
Stools take too much room on trains.

## Users
- Anglers
- Concert queues

## Concept
A stool that folds to the size of a book.

## Constraints
- Under 700 g

## Features
- One-hand latch
- Felt feet

## Risks
- Pinched fingers
"""


async def test_sections_under_headings_keep_their_lists_and_their_order() -> None:
    judged = "Strength: It helps.\nRisk: It breaks.\nTest: Lend one."
    said, missing, asked = await written(Brief(Task.DESIGN, "a folding stool"), STOOL, judged)
    sections, _break, table = said.partition("\n\n| ")
    assert sections.split("\n\n") == [
        "Problem: Stools take too much room on trains.",
        "Users:\n- Anglers\n- Concert queues",
        "Constraints: Under 700 g\nConcept: A stool that folds to the size of a book.",
        "Features:\n- One-hand latch\n- Felt feet",
        "Risks: Pinched fingers",
    ]
    assert "| One-hand latch | It helps. | It breaks. | Lend one. |" in table
    assert (missing, len(asked)) == ((), 3)


@pytest.mark.parametrize(
    ("task", "text", "shown"),
    [
        (
            Task.CRITIQUE,
            "**Strengths:**\n1. Saves every household a drill.\n2. Brings neighbours together.\n\n**Risks:**\n"
            "1. Broken tools.\n\n**Test:**\nLend ten tools in one street for a month.",
            "Strength:\n1. Saves every household a drill.\n2. Brings neighbours together.\n\nRisk: Broken tools.\n"
            "Test: Lend ten tools in one street for a month.",
        ),
        (
            Task.AD,
            "### Headline\nSit Anywhere\n\n### Body\nFolds flat, holds 120 kilos.\n\n### CTA\nTry one today",
            "Headline: Sit Anywhere\nBody: Folds flat, holds 120 kilos.\nCall to action: Try one today",
        ),
        (
            Task.COPY,
            'Sure! Here is your copy:\n\n"A seat that waits in your bag. Sit down."\n\nLet me know if you want more!',
            "A seat that waits in your bag. Sit down.",
        ),
        (
            Task.IMPROVE,
            "Certainly! Here's an improved version:\n\n**Title: Swap Crate with a Log**\n\nA crate with a card on which"
            " people write what they took.\n\n*What changed*: the log shows what is wanted.",
            "**Swap Crate with a Log**: A crate with a card on which people write what they took.\n"
            "What changed: the log shows what is wanted.",
        ),
    ],
)
async def test_labels_are_known_in_every_form_and_courtesies_are_left_out(
    task: Task, text: str, shown: str
) -> None:
    said, missing, asked = await written(Brief(task, "a folding stool"), text)
    assert (said, missing, len(asked)) == (shown, (), 1)


async def test_what_the_model_adds_under_headings_of_its_own_stays() -> None:
    text = "## Strength\nIt is warm.\n## Risk\nIt is hot.\n## Test\nDrink.\n## Price\nTwo euros."
    said, _missing, _asked = await written(Brief(Task.CRITIQUE, "tea"), text)
    assert said.endswith("**Price**\nTwo euros.")
