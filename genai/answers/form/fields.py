"""Reads a form that was answered as JSON or as a table."""

import re

from genai.answers.form.labels import LabelNames
from genai.answers.ideas.json_ideas import loaded
from genai.answers.ideas.table_rows import cells

_OBJECT = re.compile(r"(?:^|\n)[ \t]*(?P<json>\{\s*\".*)", re.DOTALL)
_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*\r?$", re.MULTILINE)
_DASHES = re.compile(r"[\s|:-]+")


def read(text: str, names: LabelNames) -> dict[str, str]:
    """The texts by the names of their labels; {} where the answer is neither, or says nothing of the form."""
    return _in_json(text, names) or _in_table(text, names)


def _in_json(text: str, names: LabelNames) -> dict[str, str]:
    found = _OBJECT.search(text)
    if not found:
        return {}
    begin = found.start("json")
    value = loaded(text[begin : text.rfind("}") + 1]) or loaded(text[begin:])
    if not isinstance(value, dict):
        return {}
    while len(value) == 1 and isinstance(inner := next(iter(value.values())), dict):
        value = inner
    named = ((names.find(name.replace("_", " ")), inner) for name, inner in value.items())
    return {label.name: text for label, inner in named if label and (text := _as_text(inner))}


def _as_text(value: object) -> str:
    """A value as Markdown: a list as points."""
    match value:
        case str():
            return value.strip()
        case list():
            return "\n".join(f"- {_as_text(one)}" for one in value if _as_text(one))
        case dict():
            return "\n".join(f"- {name}: {_as_text(one)}" for name, one in value.items())
        case bool() | None:
            return ""
        case _:
            return str(value)


def _in_table(text: str, names: LabelNames) -> dict[str, str]:
    rows = [cells(row) for row in _ROW.findall(text) if not _DASHES.fullmatch(row)]
    down = {label.name: row[1] for row in rows if len(row) >= 2 and row[1] and (label := names.find(row[0]))}
    if len(down) >= 2 or len(rows) < 2:
        return down if len(down) >= 2 else {}
    head, first = rows[0], rows[1]
    across = {
        label.name: cell
        for name, cell in zip(head, first, strict=False)
        if cell and (label := names.find(name))
    }
    return across if len(across) >= 2 else {}
