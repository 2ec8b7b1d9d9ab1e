"""Reads ideas out of JSON, also where it was cut off in the middle."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from genai.answers.ideas.idea_text import IdeaText, ListKind, split_lead
from genai.answers.wording import headings

_BEGIN = re.compile(r"(?:^|\n)[ \t]*(?P<json>\[(?=\s*[\[{\"])|\{(?=\s*\"))")
_SIGNS = re.compile(r'["\[\]{},]')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*(?P<end>"?)', re.DOTALL)
_DEEPEST = 40
_DEEPEST_IDEAS = 3
_BODIES = (
    "description",
    "body",
    "text",
    "details",
    "summary",
    "explanation",
    "pitch",
    "what",
    "concept",
    "描述",
    "说明",
    "内容",
    "简介",
)


@dataclass(frozen=True, slots=True)
class Found:
    """An idea and where its text stands."""

    start: int
    end: int
    text: IdeaText


@dataclass(slots=True)
class _Container:
    """A list or an object: its bracket, how deep it is, where its present element begins, and those before it."""

    sign: str
    depth: int
    element: int
    elements: list[tuple[int, int]] = field(default_factory=list)


def read_json(text: str, kind: ListKind = "ideas") -> list[Found]:
    """The ideas in the first JSON value of `text`; [] where there are none."""
    begin = _BEGIN.search(text)
    if not begin:
        return []
    containers = sorted(_containers(text, begin.start("json")), key=lambda one: (_rank(text, one), one.depth))
    for container in containers:
        found = [
            Found(start, end, idea)
            for start, end in container.elements
            if (idea := _idea(loaded(text[start:end]), text[start:end], kind, container.depth == 0))
            is not None
        ]
        if found:
            return found
    return []


def _rank(text: str, container: _Container) -> int:
    """How likely the elements are the ideas: objects of a list, then of an object, then the whole, then strings."""
    is_list = container.sign == "["
    objects = sum(text[end - 1] == "}" or text[start] == "{" for start, end in container.elements)
    if container.depth == 0:
        return 2
    if 2 * objects >= len(container.elements):
        return 0 if is_list else 1
    return 3 if is_list else 4


def _containers(text: str, begin: int) -> list[_Container]:
    """The lists and objects of a value with the places of their elements, and the whole value as one element."""
    stack: list[_Container] = []
    done: list[_Container] = []
    place = begin
    while found := _SIGNS.search(text, place):
        sign, place = found[0], found.end()
        if sign == '"':
            place = _string_end(text, found.start())
        elif sign in "[{":
            if len(stack) == _DEEPEST:
                break
            stack.append(_Container(sign, len(stack) + 1, place))
        elif stack:
            _end_element(text, stack[-1], found.start())
            stack[-1].element = place
            if sign != ",":
                done.append(stack.pop())
        if not stack:
            break
    for container in stack:
        _end_element(text, container, len(text))
    whole = _Container("", 0, 0, [(begin, len(text) if stack else place)])
    return [one for one in (*done, *stack, whole) if one.elements and one.depth <= _DEEPEST_IDEAS]


def _string_end(text: str, begin: int) -> int:
    found = _STRING.match(text, begin)
    return found.end() if found else len(text)


def _end_element(text: str, container: _Container, end: int) -> None:
    element = text[container.element : end]
    if element.strip():
        begin = container.element + len(element) - len(element.lstrip())
        container.elements.append((begin, container.element + len(element.rstrip())))


def loaded(element: str) -> Any:
    """The value of an element, a member of an object as one of its own; what is open at its end is closed."""
    for whole in (element, f"{{{element}}}", *_mended(element), *(f"{{{one}}}" for one in _mended(element))):
        try:
            return json.loads(whole, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _mended(element: str) -> list[str]:
    """The element with its open string and brackets closed."""
    closing: list[str] = []
    place, is_open = 0, False
    while found := _SIGNS.search(element, place):
        place = found.end()
        if found[0] == '"':
            string = _STRING.match(element, found.start())
            is_open = string is not None and not string["end"]
            place = string.end() if string else len(element)
        elif found[0] in "[{":
            closing.append("]" if found[0] == "[" else "}")
        elif closing and found[0] != ",":
            closing.pop()
    ends = "".join(reversed(closing))
    base = element + '"' if is_open else element.rstrip().rstrip(",")
    return [base + ends, f'{base}: ""{ends}', base.rpartition(",")[0] + ends]


def _idea(value: Any, source: str, kind: ListKind, is_whole: bool) -> IdeaText | None:
    if isinstance(value, str) and value.strip():
        title, body, link = split_lead(value, kind, has_more=False)
        return IdeaText(title, body, (), link)
    if not isinstance(value, dict) or not value:
        return None
    if len(value) == 1 and not source.startswith("{"):
        ((name, inner),) = value.items()
        if isinstance(inner, dict):
            return _record(inner)
        is_field = headings.is_title(name) or headings.is_detail(name)
        return IdeaText(name, _said(inner)) if isinstance(inner, str) and not is_field else None
    return None if is_whole and not any(map(headings.is_title, value)) else _record(value)


def _record(value: dict[str, Any]) -> IdeaText | None:
    """An object with fields: which is the title, which the text, and what else there is."""
    fields = {name: text for name, inner in value.items() if (text := _said(inner))}
    texts = {name: text for name, text in fields.items() if isinstance(value[name], str)}
    named = [name for name in texts if headings.is_title(name)]
    named += [name for name in texts if re.search(r"title|name|idea", name, re.IGNORECASE)]
    title = named[0] if named else next(iter(texts), None)
    if title is None:
        return None
    said = [name for name in texts if name != title]
    body = next(
        (name for known in _BODIES for name in said if name.casefold() == known), said[0] if said else None
    )
    others = [
        name for name in fields if name not in {title, body} and isinstance(value[name], str | list | dict)
    ]
    points = [point for name in others for point in _points(name, value[name])]
    return IdeaText(fields[title], fields[body] if body else "", tuple(points))


def _points(name: str, value: Any) -> list[str]:
    if isinstance(value, list):
        return [_said(one) for one in value if _said(one)]
    return [f"{name.replace('_', ' ').capitalize()}: {_said(value)}"]


def _said(value: Any) -> str:
    match value:
        case str():
            return value.strip()
        case bool() | None:
            return ""
        case int() | float():
            return str(value)
        case list():
            return ", ".join(filter(None, map(_said, value)))
        case dict():
            return ", ".join(f"{name}: {_said(inner)}" for name, inner in value.items())
        case _:
            return ""
