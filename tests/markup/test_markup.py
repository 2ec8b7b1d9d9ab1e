"""No text, however cut, reaches a platform as a ping, a disguised link or a control sequence.

Each platform's rules are read here a second time, as a parser of what the platform would make of a text.
"""

import html
import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.safe_text import BREAK, neutralise_slack, neutralise_slack_markdown, neutralise_terminal

MARKS = st.sampled_from(
    """@everyone @here @channel @Everyone <@ <@! <@& <# <! !here> !channel> |name> > 123456789012345678
    <@U012AB3CD> <#C012> <!here> <!channel> <!subteam^S1> <!date^1^{date}|x> <http://evil.example|bank.com>
    <t: 1700000000 :R> <a:x:1> <:x:1> </ask:1> <id:guide> [bank.com] (https://evil.example)
    [bank.com](https://evil.example) [x][1] [1]: ]( [ ] ( ) ` `` ``` ```py &lt;!here&gt; & ; amp; lt;
    \x1b[31m \x1b]8;;http://evil\x07 \x9b2J \x1bc \u202e \u200b @ every one he re < ! t : a""".split()  # noqa: SIM905
)
TEXT = st.lists(MARKS | st.sampled_from([" ", "\n", "x"]) | st.text(max_size=5), max_size=14).map("".join)
thorough = settings(max_examples=400, deadline=None)

PLATFORMS: dict[str, Callable[[str], str]] = {
    "slack": neutralise_slack,
    "slack-markdown": neutralise_slack_markdown,
    "console": neutralise_terminal,
}


def read_by_slack(text: str) -> Iterator[str]:
    """The `<...>` sequences of mrkdwn, and names that `link_names` would link."""
    inside: str | None = None
    for char in text:
        if char == "<":
            inside = ""
        elif char == ">" and inside is not None:
            yield inside
            inside = None
        elif inside is not None:
            inside += char
    shown = html.unescape(text).casefold()
    yield from (word for word in ("@everyone", "@here", "@channel") if word in shown)


def read_by_slack_markdown(text: str) -> Iterator[str]:
    """Links, references, autolinks, HTML and mentions of a markdown block."""
    yield from re.findall(r"<[@#!/:\w][^<>]*>", text)
    yield from re.findall(r"\]\s*[(\[:]", text)
    yield from (word for word in ("@everyone", "@here", "@channel") if word in text.casefold())


def read_by_terminal(text: str) -> Iterator[str]:
    """Whatever a terminal would not just print."""
    yield from (char for char in text if char not in "\n\t" and (ord(char) < 32 or 127 <= ord(char) < 160))
    yield from (char for char in text if char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


READERS = {
    "slack": read_by_slack,
    "slack-markdown": read_by_slack_markdown,
    "console": read_by_terminal,
}


@pytest.mark.parametrize("platform", PLATFORMS)
@thorough
@given(text=TEXT, there=st.integers(0, 200))
@example(text="@everyone", there=9)
@example(text="[bank.com](https://evil.example)", there=32)
@example(text="[bank.com](https://evil.example)", there=12)
@example(text="<@123456789012345678>", there=2)
def test_nothing_is_obeyed_however_much_of_a_text_is_there(platform: str, text: str, there: int) -> None:
    shown = PLATFORMS[platform](text[:there])
    assert list(READERS[platform](shown)) == []


@pytest.mark.parametrize("platform", PLATFORMS)
@thorough
@given(text=TEXT)
def test_people_read_the_same_words(platform: str, text: str) -> None:
    shown = PLATFORMS[platform](text)
    if platform == "slack":
        shown = html.unescape(shown)
    if platform == "console":
        printable = {char for char in text if char.isprintable()}
        assert set(shown) <= printable | set(text)
        assert neutralise_terminal(shown) == shown
        return
    assert shown.replace(BREAK, "") == text.replace(BREAK, "")
    if platform != "slack":
        assert PLATFORMS[platform](shown) == shown


def test_slack_shows_what_was_written() -> None:
    assert neutralise_slack("a < b & <EMAIL>") == "a &lt; b &amp; &lt;EMAIL&gt;"


def test_a_sequence_goes_whole_from_a_terminal() -> None:
    assert neutralise_terminal("a\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x1b\\b") == "ared b"
