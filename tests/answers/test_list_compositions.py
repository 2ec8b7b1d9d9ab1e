"""Lists put together at random: any enumerator with any title, separator, points and words around are read right."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from genai.answers.lists import ListedIdea, read_list
from tests.answers.shapes import CHINESE, ENGLISH, Sample, filled

MARKS = [
    *(
        "{n}. ",
        "{n}) ",
        "({n}) ",
        "{n}\\. ",
        "**{n}.** ",
        "- ",
        "* ",
        "+ ",
        "• ",
        "{k} ",
        "{n}、",
        "（{n}）",
        "#{n}: ",
    ),
    *(
        "{n} - ",
        "{e} ",
        "### {n}. ",
        "## {n}) ",
        "### ",
        "## {e} ",
        "Idea {n}: ",
        "{w}. ",
        "",
        "**{n}. ",
        "**Idea {n}: ",
        "**",
    ),
]
TITLES = ["{t}", "**{t}**", "*{t}*", "“{t}”", "__{t}__"]
SEPARATORS = [
    *(": ", " – ", " — ", " - ", ":\n   ", "\n   ", "\n\n   ", "\n", "\n\n"),
    *(": **Description:** ", "\n   - ", "\n- "),
]
POINTS = [
    *(
        "",
        "\n   - {p}\n   - {q}",
        "\n\n   * {p}\n   * {q}",
        "\n- {p}\n- {q}",
        "\n   - **Why it works:** {p}\n   - **Cost:** {q}",
    ),
    *("\n\n*Why it works:* {p}", "\n\n**Cost:** {p}"),
]
BETWEEN = ["\n", "\n\n", "\n\n---\n\n"]
BEFORE = [
    *(
        "",
        "Sure! Here are five ideas:\n\n",
        "# Five Ideas for the Library\n\n",
        "Okay!\n\n",
        "好的！以下是五个点子：\n\n",
    ),
    "I'd be happy to help. Here are some ideas:\n\n---\n\n",
]
BEHIND = [
    *("", "\n\nLet me know if you want more!", "\n\nWould you like me to expand on one of these?"),
    *("\n\n---\n\nThese ideas are cheap and simple.", "\n\n**Tips:**\n- Start small\n- Ask around"),
    *("\n\n如果您需要更多细节，请告诉我！", "\n\n## Conclusion\n\nAll of these can start soon."),
]


def is_ambiguous(mark: str, title: str, separator: str, points: str, between: str) -> bool:
    """Whether a reader cannot tell where an idea begins, or nobody writes so."""
    is_heading = mark.startswith("##")
    is_bare = mark == "" and (title != "**{t}**" and title != "__{t}__")
    is_flat = (
        mark == "- "
        and title in {"{t}", "“{t}”"}
        and (separator.startswith("\n- ") or points.startswith("\n- "))
    )
    is_below = separator.startswith("\n") or points != ""
    return (
        (is_heading and not separator.startswith(("\n", ":\n")))
        or is_bare
        or is_flat
        or (between == "\n" and is_below)
        or (mark == "{e} " and title == "{t}" and separator in {"\n", "\n\n"})
    )


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(MARKS),
    st.sampled_from(TITLES),
    st.sampled_from(SEPARATORS),
    st.sampled_from(POINTS),
    st.sampled_from(BETWEEN),
    st.sampled_from(BEFORE),
    st.sampled_from(BEHIND),
    st.sampled_from([ENGLISH, CHINESE]),
)
def test_five_ideas_are_five_ideas(
    mark: str,
    title: str,
    separator: str,
    points: str,
    between: str,
    before: str,
    behind: str,
    samples: tuple[Sample, ...],
) -> None:
    if mark.startswith("**") and mark != "**{n}.** ":
        title = "{t}**"
    assume(not is_ambiguous(mark, title, separator, points, between))
    text = before + filled(samples, f"{mark}{title}{separator}{{b}}{points}", between) + behind
    parts = read_list(text, 5)
    found = [part for part in parts if isinstance(part, ListedIdea)]
    assert [idea.title for idea in found] == [sample.title for sample in samples]
    for idea, sample in zip(found, samples, strict=True):
        assert sample.body[:12] in "\n".join((idea.body, *idea.points))
    said = "\n".join((found[-1].body, *found[-1].points))
    assert not behind.strip() or behind.strip().splitlines()[-1][:14] not in said
    assert "".join(part.raw for part in parts) == text


@pytest.mark.parametrize("count", [None, 3, 5, 8])
def test_the_number_that_was_asked_for_changes_nothing_where_the_shape_is_plain(count: int | None) -> None:
    for form in (
        "{n}. **{t}**: {b}",
        "### {n}. {t}\n{b}\n- {p}\n- {q}",
        "**{n}. {t}**\n\n{b}",
        "- **{t}**: {b}\n  - {p}",
    ):
        parts = read_list(filled(ENGLISH, form, "\n\n"), count)
        assert [part.title for part in parts if isinstance(part, ListedIdea)] == [
            one.title for one in ENGLISH
        ]
