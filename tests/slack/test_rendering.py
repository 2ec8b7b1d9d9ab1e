"""Everything that is sent is valid Block Kit, whatever the model wrote; Markdown keeps its meaning."""

from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.handling.assistant_pane import suggested
from adapters.slack.rendering import block_kit
from adapters.slack.rendering.app_home import home_of
from adapters.slack.rendering.idea_cards import cards, with_line
from adapters.slack.rendering.markdown import PART, inert, split, to_mrkdwn
from adapters.slack.rendering.modals import filled, view_of
from adapters.slack.rendering.panels import panel_looks
from bot.core.buttons import Action, ActionKind, Button, Panel, Row
from bot.core.domain import Idea, Outcome, Passed, Profile, Reply
from bot.core.forms import combine_form, favourites_form
from bot.core.ideas import format_idea
from bot.core.notices import Notice
from tests.support.commands import forms_holding
from tests.support.slack_server.blocks import check_message_blocks, check_view

ANY = (
    st.text(max_size=400)
    | st.text("<>&*_~`[]()|#@!-\n abc", max_size=3000)
    | st.integers(1, 9000).map("x".__mul__)
)
LINE = ANY.map(lambda text: " ".join(text.split()))
FEW = settings(max_examples=60, deadline=None)


@FEW
@given(st.lists(st.tuples(LINE, LINE, LINE), min_size=1, max_size=50))
def test_cards_of_any_ideas_are_valid_and_hold_them_all(given: list[tuple[str, str, str]]) -> None:
    ideas = tuple(
        Idea(number, title, body, number, because=because)
        for number, (title, body, because) in enumerate(given, 1)
    )
    text = "\n".join(format_idea(idea) for idea in ideas)
    looks = cards(Reply(Outcome.ANSWERED, text, ideas, message_id=1))
    for look in looks:
        check_message_blocks(list(look.blocks))
        check_message_blocks(with_line(with_line(look.blocks, "Liked: 1."), "Liked: 1 and 2. " + "x" * 400))
        assert with_line(with_line(look.blocks, "Liked: 1."), "") == list(look.blocks)
        assert 0 < len(look.text) <= 400
    menus = [block["accessory"] for look in looks for block in look.blocks if "accessory" in block]
    assert [menu["action_id"] for menu in menus] == [f"riff-idea-{idea.id}" for idea in ideas]
    assert [block["type"] for look in looks for block in look.blocks].count("actions") == 1


@FEW
@given(ANY, st.lists(st.tuples(ANY, st.integers(0, 7)), max_size=30), st.integers(0, 12))
def test_panels_of_any_texts_are_valid_and_keep_every_button(
    heading: str, rows: list[tuple[str, int]], below: int
) -> None:
    def row_of(count: int) -> tuple[Button, ...]:
        return tuple(Button(Action(ActionKind.LIKE, str(number)), "x" * number) for number in range(count))

    panel = Panel(
        Notice(heading),
        tuple(Row(cast("Passed", SimpleNamespace(text=text)), row_of(count)) for text, count in rows),
        row_of(below),
    )
    drawn = 0
    for look in panel_looks(panel):
        check_message_blocks(list(look.blocks))
        assert 0 < len(look.text) <= 400
        drawn += sum(len(block["elements"]) for block in look.blocks if block["type"] == "actions")
        drawn += sum("accessory" in block for block in look.blocks)
    assert drawn == below + sum(count for _, count in rows)


@FEW
@given(st.lists(ANY, max_size=12).map("\n\n".join))
def test_prose_of_any_text_is_valid(text: str) -> None:
    for part in split(inert(text)):
        assert len(part) <= PART
        look = block_kit.prose(part)
        check_message_blocks(list(look.blocks))
        assert 0 < len(look.text) <= 400
    for look in block_kit.notes(text):
        check_message_blocks(list(look.blocks))


@FEW
@given(ANY, ANY, st.lists(LINE, max_size=5))
def test_forms_and_home_are_valid(text: str, line: str, several: list[str]) -> None:
    profile = Profile(
        text, line, "bold", line, "short", text, tuple(several), text, tuple(several), tuple(several)
    )
    others = [(str(number), name or "–") for number, name in enumerate(["a", *several])]
    favourites = favourites_form("1", others, ["0", str(len(several))])
    for form in [*forms_holding(text, several), combine_form("1", line, others), favourites]:
        view = view_of(form, {"channel": "C1", "thread": "1.1", "response_url": "https://hooks.slack.com/x"})
        check_view(view)
        context, _ = filled(view)
        assert (context["form"], context["channel"]) == (form.name, "C1")
    check_view(home_of(profile, (), (), consents=True))
    assert 1 <= len(suggested(profile)) <= 4


@FEW
@given(st.text("ab \n`#*-", max_size=400), st.integers(40, 120))
def test_splitting_keeps_every_word_and_its_limit(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(len(part) <= limit for part in parts)
    letters = [char for char in text if char in "ab"]
    assert [char for part in parts for char in part if char in "ab"] == letters


@FEW
@given(st.lists(st.text("ab c.", min_size=1, max_size=60), min_size=1, max_size=30), st.integers(60, 150))
def test_all_but_the_last_part_stay_when_text_grows(lines: list[str], limit: int) -> None:
    whole, shorter = "\n".join(lines), "\n".join(lines[:-1])
    assert split(whole, limit)[: len(split(shorter, limit)) - 1] == split(shorter, limit)[:-1]


@pytest.mark.parametrize(
    ("markdown", "mrkdwn"),
    [
        ("**bold** and *italic* and ~~gone~~", "*bold* and _italic_ and ~gone~"),
        ("# Title", "*Title*"),
        ("- one\n- two", "• one\n• two"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("- a\n  - b", "• a\n    • b"),
        ("`a < b`", "`a &lt; b`"),
        ("```py\nx < 1\n```", "```\nx &lt; 1\n```"),
        ("[site](https://example.org)", "site (<https://example.org>)"),
        ("<https://example.org>", "<https://example.org>"),
        ("[x](javascript:alert)", "[x](javascript:alert)"),
        ("> quoted", "> quoted"),
        ("a & b < c", "a &amp; b &lt; c"),
        ("<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;"),
    ],
)
def test_markdown_becomes_mrkdwn(markdown: str, mrkdwn: str) -> None:
    assert to_mrkdwn(markdown).replace("\u200b", "") == mrkdwn


def test_a_card_says_why_the_idea_was_chosen() -> None:
    idea = Idea(1, "Stamp Card", "One for each refill.", 7, because="Because you liked <Jars>.")
    (look,) = cards(Reply(Outcome.ANSWERED, format_idea(idea), (idea,), message_id=1))
    assert [block["type"] for block in look.blocks] == ["section", "actions"]
    said = "*1. Stamp Card*: One for each refill.\nBecause you liked &lt;Jars&gt;."
    assert look.blocks[0]["text"]["text"] == said


def test_a_table_becomes_aligned_columns() -> None:
    assert to_mrkdwn("| a | long |\n|---|---|\n| 1 | 2 |").split("\n") == [
        "```",
        "a  long",
        "-  ----",
        "1  2",
        "```",
    ]


@FEW
@given(ANY)
def test_nothing_generated_pings_or_hides_a_link(text: str) -> None:
    for sent in (inert(text), to_mrkdwn(text)):
        assert "<@" not in sent
        assert "<!" not in sent
        assert "@channel" not in sent.lower()
    assert "](" not in inert(text)
