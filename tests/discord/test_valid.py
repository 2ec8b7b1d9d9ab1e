"""Whatever a model writes, what goes to Discord is valid, complete, and harmless."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.discord.commands.definitions import definitions
from adapters.discord.rendering import components, modals, returned_forms
from adapters.discord.rendering.cards import idea_card
from adapters.discord.rendering.markdown import MESSAGE_CHARACTERS, readable, split
from adapters.discord.rendering.modals import ModalKey
from adapters.discord.rendering.panels import panel_payloads
from adapters.discord.rendering.sending import plain
from bot.config.settings import LimitSettings
from bot.core.buttons import Action, ActionKind, Button, Panel, Row, idea_buttons
from bot.core.commands import all_commands
from bot.core.domain import Idea, Outcome, Reply
from bot.core.forms import combine_form
from bot.core.notices import Notice
from genai.moderation import Action as Decision
from genai.moderation import Passed, Verdict
from genai.moderation.verdict import pass_text
from tests.support.commands import forms_holding
from tests.support.discord_server import buttons, text_of
from tests.support.discord_server.commands import check_commands
from tests.support.discord_server.validation import CREATE, check_message, check_modal

_PIECES = st.sampled_from(
    ["```", "```python\n", "~~~", "||", "**", "`", "\n", "\n\n", "[a](http://b.example)", "@everyone", "<@1>",
     "<@&2>", "<#3>", "# ", "- ", "](", "x" * 700, "word ", ". ", "🙂", "\u202e", "![i](<http://c.example/d>)"]
)  # fmt: skip
markdown = st.lists(_PIECES | st.text(max_size=30), max_size=60).map("".join)
ideas = st.lists(
    st.builds(Idea, st.integers(1, 50), st.text(max_size=200), st.text(max_size=400), st.integers(1, 10**18)),
    max_size=50,
    unique_by=lambda idea: idea.id,
)


@settings(max_examples=150, deadline=None)
@given(markdown)
@example("```\n" + "code\n" * 900 + "```\nend")
@example("||" * 2500)
def test_every_message_of_a_split_text_is_valid_and_none_is_lost(text: str) -> None:
    shown = readable(text)
    parts = split(shown)
    for part in parts:
        assert len(part) <= MESSAGE_CHARACTERS
        check_message(plain(part, [components.stop_row("1574840626036342826")]), CREATE)
    fences = re.compile(r"^ {0,3}[`~]{3,}[^`\n]{0,60}$", re.MULTILINE)
    kept = "".join("".join(fences.sub("", part) for part in parts).split())
    assert kept == "".join(fences.sub("", shown).split())


@settings(max_examples=150, deadline=None)
@example("``````\u202e```@everyone```")
@given(markdown)
@example("~~~```python\n```@everyone```")
@example("`\n`@everyone`")
def test_nothing_outside_of_code_pings_hides_or_disguises(text: str) -> None:
    shown = readable(text)
    prose = re.sub(r"(`+)(?!`)(?:[^`]|(?!\1(?!`))`)*?\1(?!`)", " ", _without_fences(shown))
    assert "||" not in prose
    assert not re.search(r"\]\(", prose)
    assert not re.search(r"@(everyone|here)\b|<@[!&]?\d|<#\d", prose)


@settings(max_examples=100, deadline=None)
@given(ideas, st.text(min_size=1, max_size=100))
def test_buttons_and_selects_are_valid_for_any_ideas(found: list[Idea], text: str) -> None:
    reply = Reply(Outcome.ANSWERED, text, ideas=tuple(found), message_id=10**18)
    rows = components.rows_for(reply)
    assert bool(rows) == bool(found)
    check_message({**plain("ideas"), "components": rows}, CREATE)
    for kind in (button.action.kind for button in idea_buttons(Idea(1, "", "", id=1))):
        if found:
            check_message(
                {**plain("which?"), "components": [components.which_row(kind, "1" * 19, found)]}, CREATE
            )


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=3000), st.lists(st.text(max_size=300), max_size=30, unique=True))
def test_forms_are_valid_whatever_they_hold(text: str, names: list[str]) -> None:
    others = [(str(number), name) for number, name in enumerate(names, 1)]
    forms = forms_holding(text, names)
    assert {"brainstorm/", "profile/edit", "voice/edit", "template/add"} <= {form.name for form in forms}
    for form in [*forms, *([combine_form("1", text, others)] if others else [])]:
        shown = 0
        for start in range(0, len(form.fields), modals.MOST_FIELDS):
            check_modal(modals.modal(form, start))
            shown += len(modals.modal(form, start)["components"])
        assert shown == len(form.fields)
        given = {field.name: field.default for field in form.fields}
        check_message(returned_forms.returned(form, ModalKey(form.name), given, {"": "No."}), CREATE)


def test_the_commands_are_valid() -> None:
    commands = definitions(LimitSettings())
    check_commands(commands)
    assert len({command["name"] for command in commands}) == len(commands) > 15
    known = {"like", "dislike", "save"} ^ set(all_commands())
    assert known <= {command["name"] for command in commands}


@settings(max_examples=100, deadline=None)
@given(markdown, st.lists(st.text(min_size=1, max_size=80), max_size=3), ideas)
@example(
    "\n".join(f"{number}. **Idea {number}**: " + "x" * 60 for number in range(1, 31)), ["Shortened."], []
)
def test_an_idea_card_is_valid_and_loses_nothing(text: str, remarks: list[str], found: list[Idea]) -> None:
    reply = Reply(Outcome.ANSWERED, text, ideas=tuple(found), message_id=10**18)
    shown = readable(text).strip()
    card = idea_card(shown, remarks, components.rows_for(reply))
    if card is None:
        assert not shown or len(shown) + sum(map(len, remarks)) > 3000
        return
    check_message(card, CREATE)
    assert "".join(shown.split()) == "".join(text_of({"components": card["components"][:1]}).split())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(markdown, st.integers(0, 7)), max_size=40))
def test_a_panel_is_valid_in_every_message_and_shows_every_row_and_button(
    rows: list[tuple[str, int]],
) -> None:
    number = iter(range(10**6))

    def some(count: int) -> tuple[Button, ...]:
        return tuple(Button(Action(ActionKind.VOTE, str(next(number))), "👍 3") for _ in range(count))

    panel = Panel(Notice("Vote."), tuple(Row(passed(text), some(count)) for text, count in rows), some(3))
    payloads = panel_payloads(panel)
    for payload in payloads:
        check_message(payload, CREATE)
    wanted = [each.action.value for row in panel.rows for each in row.buttons]
    wanted += [each.action.value for each in panel.buttons]
    assert [part["custom_id"] for payload in payloads for part in buttons(payload)] == wanted


def passed(text: str) -> Passed:
    return pass_text(text, Verdict(Decision.ALLOW, redacted_text=text))


def _without_fences(text: str) -> str:
    kept, fence = [], ""
    for line in text.split("\n"):
        found = re.match(r"^ {0,3}(`{3,}|~{3,})([^`\n]{0,60})$", line)
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence) and not found[2].strip():
            fence = ""
        elif not fence:
            kept.append(line)
    return "\n".join(kept)
