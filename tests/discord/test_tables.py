"""Discord draws no tables: their rows are shown as lists."""

from adapters.discord.rendering.markdown import readable

TABLE = """Here it is:

| Feature | For whom | Risk |
|---|---|---|
| **Lid** | all | it leaks \\| drips |
| Cup |  | @everyone |

Tell me more."""


def test_each_row_is_an_item_that_names_its_cells() -> None:
    lines = readable(TABLE).split("\n")

    assert "- **Lid** · For whom: all · Risk: it leaks | drips" in lines
    assert lines[0] == "Here it is:"
    assert lines[-1] == "Tell me more."
    assert "---" not in readable(TABLE)


def test_what_a_cell_holds_is_made_harmless_too() -> None:
    assert "@everyone" in TABLE
    assert "@everyone" not in readable(TABLE)


def test_a_table_in_code_stays_as_it_is() -> None:
    code = f"```\n{TABLE}\n```"

    assert readable(code) == code
