"""A board as a file: no cell that a spreadsheet runs, and nothing active in Markdown."""

import csv
import io
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.board.export import to_csv, to_markdown
from bot.board.view import Board, Conclusion, view
from tests.board.test_board import board, card

NAMES = {1: "=member()", 2: "@a [b](http://c)"}
FORMULAS = (
    "=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\ufeff=1",
    "\u200b=1", "\u2060\n\ufeff=1", "＝1+1", "＋1", "－1", "＠SUM", "﹦1", "﹢1", "﹣1", "﹫x", "⁼1", "₊1",
    "a;=1+1", 'a";=1', "a\t=1", "a\n=1", "a|=1", "x; \u200b＝1", "\u0301=1",
)  # fmt: skip


def cells(shown: Board, separator: str) -> list[str]:
    """As a spreadsheet reads the file that takes another sign than commas to part cells."""
    text = to_csv(shown, NAMES)
    if separator == ",":
        return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    return [cell for line in text.splitlines() for cell in line.split(separator)]


def runs(cell: str) -> bool:
    """Whether a spreadsheet could take the cell for a formula."""
    seen = "".join(
        char for char in cell if not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf", "Mn"}
    )
    return unicodedata.normalize("NFKC", seen).strip('"')[:1] in {"=", "+", "-", "@"}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_no_cell_is_a_formula(text: str, separator: str) -> None:
    shown = board(card(1, text, "body"), card(2, "title", text), card(3, f"a {text}", authors=(1, 2)))
    assert not [cell for cell in cells(shown, separator) if runs(cell)]


@example("", "\x0c=")
@given(st.text(alphabet="=+-@＝ \n\t;|,\"'a1\ufeff", max_size=20), st.text(max_size=20))
def test_no_text_makes_a_formula(title: str, body: str) -> None:
    shown = board(card(1, title, body))
    for separator in ",;\t|":
        assert not [cell for cell in cells(shown, separator) if runs(cell)]


def test_words_stay_as_they_are() -> None:
    assert "it's 3-4 cups, a+b = c" in to_csv(board(card(1, "it's 3-4 cups, a+b = c")), {})


ACTIVE = (
    "[x](http://evil.example)", "<http://evil.example>", "![x](http://evil.example/a.png)",
    "<script>alert(1)</script>", "&lt;b&gt; &copy; &#91;x&#93;", "[x]: http://evil.example", "`code`",
    "# heading", "- item", "+ item", "1. item", "2) item", "> quote", "***", "---", "===", "~~~", "```",
    "a\\", "\\[x](y)", "| a | b |", "~~gone~~", "$x$", "a\n\n# b", "a  \nb", "[^1]", "^x^", "*a*", "_a_",
    "__a__", ": term",
)  # fmt: skip


def read(markdown: str) -> tuple[set[str], str]:
    """The kinds of what stands in a document, and its words."""
    kinds, words = set(), []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        for part in token.children or [token]:
            kinds.add(part.type)
            words.append(part.content if not token.children or part.type.startswith("text") else "")
    return kinds, " ".join(" ".join(words).split())


OURS = {
    "heading_open", "heading_close", "bullet_list_open", "bullet_list_close", "list_item_open",
    "list_item_close", "paragraph_open", "paragraph_close", "text", "strong_open", "strong_close",
    "ordered_list_open", "ordered_list_close",
}  # fmt: skip


@pytest.mark.parametrize("text", ACTIVE)
def test_markdown_says_what_people_wrote_and_does_nothing(text: str) -> None:
    outcome = Conclusion(text, (text,), (text,))
    shown = view(text, [card(1, text, text, authors=(2,))])
    kinds, words = read(to_markdown(shown, NAMES, outcome))
    assert kinds <= OURS
    assert words.replace(" ", "").count("".join(text.split())) >= 5


@pytest.mark.parametrize(
    "text", ["http://evil.example", "HTTPS://x.y", "www.evil.example", "a@evil.example", "ftp://x.y"]
)
def test_no_reader_makes_a_link_of_an_address(text: str) -> None:
    markdown = to_markdown(board(card(1, text, text)), {})
    assert text not in markdown
    assert text in read(markdown)[1]
