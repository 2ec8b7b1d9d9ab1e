"""What a model writes reaches each platform whole, in signs that it draws, and nothing in it is obeyed.

Each platform's rules are read here a second time, as a parser of what the platform would make of a text.
"""

import html
import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from adapters.common.markdown_renderer import BREAK
from adapters.common.splitting import split
from adapters.discord.rendering.markdown import readable
from adapters.slack.rendering.markdown import escape, inert, to_mrkdwn

MARKS = st.sampled_from(
    """@everyone @here @channel @Everyone <@ <@! <@& <# <! !here> !channel> |name> > 123456789012345678
    <@U012AB3CD> <#C012> <!here> <!channel> <!subteam^S1> <!date^1^{date}|x> <http://evil.example|bank.com>
    <t: 1700000000 :R> <a:x:1> <:x:1> </ask:1> <id:guide> [bank.com] (https://evil.example) || |
    [bank.com](https://evil.example) [x][1] [1]: ]( [ ] ( ) ` `` ``` ```py ~~~ &lt;!here&gt; &#96; & ; amp; lt;
    <https://a.example> ![x](http://b.example) $ $$ \\( \\) \\[ \\] \\ \\` # #### - 1. -# --- === **
    \u202e \u200b @ every one he re < ! t : a""".split()  # noqa: SIM905
)
TEXT = st.lists(MARKS | st.sampled_from([" ", "\n", "\n\n", "    ", "x"]) | st.text(max_size=5), max_size=16)
TEXTS = TEXT.map("".join)
thorough = settings(max_examples=400, deadline=None)
some = settings(max_examples=150, deadline=None)

RENDERERS: dict[str, Callable[[str], str]] = {
    "discord": readable,
    "slack-markdown": inert,
    "slack": to_mrkdwn,
}
platforms = pytest.mark.parametrize("platform", RENDERERS)


def prose_on_discord(text: str) -> str:
    """What is left of a message when Discord has taken its code out; an escaped character keeps its backslash."""
    rules = (
        r"\\[^0-9A-Za-z\s]",
        r"```(?:[a-z0-9_+\-.#]+?\n)?\n*[^\n][\s\S]*?\n*```",
        r"(`+)[\s\S]*?[^`]\1(?!`)",
        r"[\s\S]",
    )
    found = re.finditer(
        "|".join(f"({rule.replace(chr(92) + '1', chr(92) + '4')})" for rule in rules), text, re.I
    )
    return "".join(match[0] for match in found if match[1] or match[5])


def read_by_discord(text: str) -> Iterator[str]:
    """The mentions, links, spoilers and marks that Discord would make of a text."""
    prose = prose_on_discord(text)
    yield from (word for word in ("@everyone", "@here", "||") if word in prose.casefold())
    yield from re.findall(r"(?m)^\s*-# .*", prose)
    for start, char in enumerate(prose):
        rest = prose[start:]
        if char == "<" and re.match(r"<(@[!&]?\d|#\d|a?:\w+:\d|/[\w ]+:\d|t:-?\d|id:\w)", rest):
            yield rest
        if char == "]" and rest[1:].lstrip(" \t").startswith("("):
            yield rest


def prose_in_markdown(text: str) -> str:
    """A text without its fenced and inline code."""
    text = re.sub(r"(?ms)^```[^`\n]*\n.*?^```$", " ", text)
    return re.sub(r"(?s)(?<!\\)(`+)(?!`)(?:(?!\n\n).)*?(?<!`)\1(?!`)", " ", text)


def read_by_slack_markdown(text: str) -> Iterator[str]:
    """What calls people, wherever it stands; links, references, autolinks, HTML and mentions of the prose."""
    yield from re.findall(r"<(?:!(?:here|channel|everyone|subteam\^\w+)|@[UW]\w+)(?:\|[^<>]*)?>", text)
    prose = prose_in_markdown(text)
    yield from re.findall(r"<[@#!/:\w][^<>]*>", prose)
    yield from re.findall(r"\][ \t]*[(\[:]", prose)
    yield from (word for word in ("@everyone", "@here", "@channel") if word in prose.casefold())


def read_by_slack(text: str) -> Iterator[str]:
    """The `<...>` sequences of mrkdwn that are no plain links, and names that `link_names` would link."""
    yield from (
        found for found in re.findall(r"<([^>]*)>", text) if not re.match(r"(?:https?://|mailto:)", found)
    )
    yield from (found for found in re.findall(r"<([^>]*)>", text) if "|" in found)
    shown = html.unescape(re.sub(r"(?s)```.*?(?:```|\Z)|`[^`\n]*`", " ", text)).casefold()
    yield from (word for word in ("@everyone", "@here", "@channel") if word in shown)


READERS = {"discord": read_by_discord, "slack-markdown": read_by_slack_markdown, "slack": read_by_slack}


@platforms
@thorough
@given(text=TEXTS, limit=st.integers(60, 300) | st.just(2000))
@example(text="`@everyone", limit=2000)
@example(text="~~~\n```\n<@123456789012345678> [x](http://evil.example)\n~~~", limit=2000)
@example(text="&#96;&#96;&#96;\n```\n[x](http://evil.example) ||x|| <@1>\n```", limit=2000)
@example(text="```\n \n```\n@x\n```\n||x|| <@1>\n```", limit=2000)
@example(text="`" + "<@123456789012345678> " * 20 + "`", limit=60)
@example(text="```py\n" + "<@123456789012345678>\n" * 20 + "```", limit=60)
def test_nothing_is_obeyed_in_any_part(platform: str, text: str, limit: int) -> None:
    for part in split(RENDERERS[platform](text), limit):
        assert len(part) <= limit
        assert list(READERS[platform](part)) == []


CODE_LINE = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n\0\u2028"), max_size=40
) | st.sampled_from(
    ["print('<!-- x -->')", "@everyone", "[a](b)", "||", "<@!1>", "if a < b & c:", "\tx", "  y", "$x$", "\\("]
)
CODE = st.lists(CODE_LINE, min_size=1, max_size=6).map("\n".join)
PROSE = st.text("ab @*_[]()<>#-|$", max_size=60).map(str.strip)


def shown_code(platform: str, rendered: str) -> str:
    """The rendered text with entities as people read them."""
    if platform == "slack":
        return rendered.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return rendered


@platforms
@some
@given(before=PROSE, code=CODE, after=PROSE, fence=st.sampled_from(["```", "~~~", "````py", "```c++"]))
@example(before="- a\n  - b", code="\n  x\n\ny", after="c", fence="```")
def test_fenced_code_is_shown_byte_for_byte(
    platform: str, before: str, code: str, after: str, fence: str
) -> None:
    assume(code.strip() and "```" not in code and "~~~" not in code)
    assume(not re.search(r"<(@[UW]|!)", code))
    closing = fence.rstrip("py+c")
    rendered = RENDERERS[platform](f"{before}\n\n{fence}\n{code}\n{closing}\n\n{after}")
    language = fence.strip("`~") if platform != "slack" else ""
    assert f"```{language}\n{code}\n```" in shown_code(platform, rendered)
    assert rendered.count("```") % 2 == 0


@platforms
@some
@given(code=CODE_LINE, before=PROSE)
def test_code_in_a_line_is_shown_byte_for_byte(platform: str, code: str, before: str) -> None:
    assume(code.strip() and "`" not in code and "\\" not in before and before.isascii())
    assume(not re.search(r"<(@[UW]|!)", code) and not code.startswith(" ") and not code.endswith(" "))
    rendered = RENDERERS[platform](f"word {before.replace('$', '')} `{code}` word")
    assert f"`{code}`" in shown_code(platform, rendered)


def code_in(text: str) -> str:
    """All that stands in code on any platform."""
    fenced = re.findall(r"(?ms)^```[^`\n]*\n.*?^```$", text)
    rest = re.sub(r"(?ms)^```[^`\n]*\n.*?^```$", " ", text)
    spans = (match[0] for match in re.finditer(r"(?s)(?<!\\)(`+)(?!`)(?:(?!\n\n).)*?(?<!`)\1(?!`)", rest))
    return "".join([*fenced, *spans])


@platforms
@some
@given(before=PROSE, code=CODE, after=PROSE)
@example(before="", code="say('<!here>')\npost('<@U012AB3CD>', x < y)", after="`<!channel|x>` and `a<b`")
@example(before="`<@U012AB3CD> ```x``` `", code="x", after="")
def test_nothing_is_put_into_code(platform: str, before: str, code: str, after: str) -> None:
    assume(BREAK not in before + code + after)
    assume(platform != "slack" or "```" not in before)  # mrkdwn has no code with three backticks in it
    rendered = RENDERERS[platform](f"{before}\n\n~~~~~~\n{code}\n~~~~~~\n\n{after}")
    assert BREAK not in code_in(rendered)
    assert list(READERS[platform](rendered)) == []


@platforms
def test_only_a_line_that_calls_people_leaves_its_code(platform: str) -> None:
    code = "def call():\n    post('<!here> and <@U012AB3CD>')\n    return List<Int>()"
    rendered = shown_code(platform, RENDERERS[platform](f"```\n{code}\n```"))
    for line in (code.split("\n")[0], code.split("\n")[2]):
        assert line in rendered
    assert ("'<!here>" in rendered) == (platform != "slack-markdown")


@pytest.mark.parametrize("platform", ["discord", "slack-markdown"])
def test_code_about_code_keeps_its_bytes_and_ends_nothing(platform: str) -> None:
    text = "````md\nBefore:\n```py\n<@1> [x](http://evil.example)\n```\n````\nEnd. ``a ` b``"
    rendered = RENDERERS[platform](text)
    for line in ("Before:", "\\`\\`\\`py", "<@1> [x](http://evil.example)", "``a ` b``"):
        assert line in rendered
    assert list(READERS[platform](rendered)) == []


WORDS = st.lists(
    st.sampled_from(
        ["alpha", "beta gamma", "*delta*", "**epsilon**", "`zeta`", "\n", "\n\n", "\n- eta", "\n1. theta",
         "\n# iota\n", "\n##### kappa\n", "\n> lambda\n", "\n```py\nmu\n\nnu < 1\n```\n", "\n\n---\n\n", "~~xi~~",
         "$x_1$", "\\(omicron^2\\)", "\n\\[\npi = 1\n\\]\n", "\\*rho\\*", "sigma_tau", "||", " ", ". ", "\n===\n",
         "\n\n    upsilon\n\n", "\n| phi | chi |\n|---|---|\n| psi | omega |\n\n", "@here", "[1]: x", "<b>"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


def letters(text: str) -> str:
    return "".join(char for char in html.unescape(text) if char.isalnum())


@platforms
@some
@given(WORDS, st.integers(60, 200))
def test_no_word_is_lost_or_doubled_by_rendering_and_splitting(platform: str, text: str, limit: int) -> None:
    rendered = RENDERERS[platform](text)
    if "|---|" not in text:  # a table's headings are named with every row
        assert letters(re.sub("```py", "```", rendered)) == letters(re.sub("```py", "```", text))
    parts = split(rendered, limit)
    assert letters(re.sub("```py", "```", "".join(parts))) == letters(re.sub("```py", "```", rendered))
    for part in parts:
        assert part.strip()
        assert part.count("```") % 2 == 0


@some
@given(WORDS, st.integers(60, 200))
def test_code_that_is_cut_keeps_its_lines(text: str, limit: int) -> None:
    lines = [f"value_{number} = [{number}] * 2" for number in range(40)]
    parts = split(readable(f"{text}\n```py\n" + "\n".join(lines) + "\n```"), limit)
    for line in lines:
        assert any(line in part.split("\n") for part in parts)
    assert all(part.count("```") % 2 == 0 for part in parts)


ANSWER = """## Plan

Here is what I would do. It has **three parts. They are short.** See [the guide](https://a.example/x).

1. **Stamp card**: one for each refill. `stamps > 9` gives a cup.
2. *Jar loan*: lend jars.
   - for a week
   - at no cost

```python
def total(jars: list[int]) -> int:
    return sum(jars)  # <b>

print(total([1]))
```

---

> Think of it. Then begin.

Ask me for `more` of it.
"""


@pytest.mark.parametrize("end", [mark.end() for mark in re.finditer(r"[.:)]\s|\n", ANSWER)])
def test_what_a_stream_shows_only_grows(end: int) -> None:
    whole = inert(ANSWER, growing=True)
    assert whole.startswith(inert(ANSWER[:end], growing=True).rstrip())


def test_all_but_the_last_part_stay_the_same_while_code_grows() -> None:
    text = "```\n" + "\n".join(f"line {number}" for number in range(60))
    shorter, longer = (split(inert(shown, growing=True), 150, growing=True) for shown in (text[:400], text))
    assert len(shorter) > 2
    assert longer[: len(shorter) - 1] == shorter[:-1]
    assert not longer[-1].endswith("```")
    assert split(inert(text), 150)[-1].endswith("\n```")


@pytest.mark.parametrize(
    ("markdown", "discord", "slack_markdown", "mrkdwn"),
    [
        ("#### Deep `x`", "**Deep `x`**", "#### Deep `x`", "*Deep `x`*"),
        ("## **Half** bold", "## **Half** bold", "## **Half** bold", "*Half bold*"),
        ("a\n\n---\n\nb", "a\n\n———\n\nb", "a\n\n---\n\nb", "a\n\n———\n\nb"),
        ("a\n---", "a\n\n———", "a\n\n---", "a\n\n———"),
        ("so $x^2$ and \\(y_1\\)", *["so `x^2` and `y_1`"] * 3),
        ("\\[\nE = mc^2\n\\]", *["```\nE = mc^2\n```"] * 3),
        ("$$a+b$$", *["```\na+b\n```"] * 3),
        ("$5 and $6, $HOME/$PATH", *["$5 and $6, $HOME/$PATH"] * 3),
        ("[www.x.example](http://www.x.example)", *["http://www.x.example"] * 2, "<http://www.x.example>"),
        ("[x.example](https://www.x.example/)", *["https://www.x.example/"] * 2, "<https://www.x.example/>"),
        ("[a@b.example](mailto:a@b.example)", *["a@b.example"] * 3),
        (
            "[bank.example](https://evil.example)",
            *["bank.example (https://evil.example)"] * 2,
            "bank.example (<https://evil.example>)",
        ),
        ("__strong__ _em_", "**strong** _em_", "__strong__ _em_", "*strong* _em_"),
        ("1) a\n2) b", *["1. a\n2. b"] * 3),
        ("~~~js\nx\n~~~", "```js\nx\n```", "```js\nx\n```", "```\nx\n```"),
        ("``` My digits\nx\n```", "My digits\n```My\nx\n```", "My digits\n```My\nx\n```", "My digits\n```\nx\n```"),
        ("-# small", "\\-# small", "-# small", "-# small"),
        ("3 < 4, a > b", "3 < 4, a > b", "3 < 4, a > b", "3 &lt; 4, a &gt; b"),
        ("write to first@example.com", *["write to first@example.com"] * 3),
        ("1. **Cup**: use `code` and [notes]", *["1. **Cup**: use `code` and [notes]"] * 2,
         "1. *Cup*: use `code` and [notes]"),
        ("- [x] done\n- [ ] not", *["- [x] done\n- [ ] not"] * 2, "• [x] done\n• [ ] not"),
    ],
)  # fmt: skip
def test_each_kind_is_shown_in_the_platforms_own_way(
    markdown: str, discord: str, slack_markdown: str, mrkdwn: str
) -> None:
    assert readable(markdown) == discord
    assert inert(markdown) == slack_markdown
    assert to_mrkdwn(markdown) == mrkdwn


def test_a_table_is_a_list_where_a_phone_has_no_room_for_it() -> None:
    table = "| Feature | For whom it is made | What might go wrong |\n|---|---|---|\n| Lid | all of us | it leaks |"
    item = "**Lid** · For whom it is made: all of us · What might go wrong: it leaks"
    assert readable(table) == f"- {item}"
    assert to_mrkdwn(table) == f"• {item.replace('**', '*')}"
    assert inert(table).split("\n")[0] == "| Feature | For whom it is made | What might go wrong |"


def test_what_is_nested_too_deep_to_be_read_is_still_shown() -> None:
    for render in RENDERERS.values():
        assert "bottom" in render("> " * 500 + "bottom")
        assert "bottom" in render("- " * 500 + "bottom")


@thorough
@given(text=TEXTS)
def test_plain_text_for_slack_reads_as_it_was_written(text: str) -> None:
    assert (
        html.unescape(escape(text)).replace(BREAK, "") == html.unescape(text).replace(BREAK, "")
        or "&" in text
    )
    assert list(read_by_slack(escape(text))) == []
