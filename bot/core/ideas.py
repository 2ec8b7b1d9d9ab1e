"""Reads numbered ideas out of text, and writes them back. Knows nothing of models or channels."""

import re

from rapidfuzz import fuzz, utils

from bot.core.domain import Idea

_NUMBERED = re.compile(r"^\s{0,3}(?:\d{1,3}[.):]|[-*•])\s+(?P<rest>\S.*)$")
_BOLD_TITLE = re.compile(r"^\*\*(?P<title>[^*]{1,120}?)\s*[:.]?\*\*\s*[:–—-]?\s*(?P<body>.*)$")
_PLAIN_TITLE = re.compile(r"^(?P<title>[^:.!?]{2,60}):\s+(?P<body>\S.*)$")
_SAME = 90.0


def parse_idea(line: str, position: int) -> Idea | None:
    """The idea in one numbered or bulleted line, or None where the line holds none."""
    numbered = _NUMBERED.match(line)
    if not numbered:
        return None
    rest = numbered["rest"].strip()
    titled = _BOLD_TITLE.match(rest) or _PLAIN_TITLE.match(rest)
    if titled and (titled["title"].strip() or titled["body"].strip()):
        return Idea(position, titled["title"].strip(), titled["body"].strip())
    return Idea(position, "", rest)


def parse_ideas(text: str) -> tuple[Idea, ...]:
    """Every idea in `text`, numbered from 1 in the order of the lines."""
    ideas: list[Idea] = []
    for line in text.splitlines():
        if idea := parse_idea(line, len(ideas) + 1):
            ideas.append(idea)
    return tuple(ideas)


def format_idea(idea: Idea) -> str:
    """The idea as one numbered line of Markdown."""
    title = f"**{idea.title}**" if idea.title else ""
    separator = ": " if idea.title and idea.body else ""
    return f"{idea.position}. {title}{separator}{idea.body}"


def spans(idea: Idea) -> tuple[slice, slice]:
    """Where in its line the idea's title stands, and where its body."""
    line = format_idea(idea)
    title = line.find("**") + 2 if idea.title else 0
    return slice(title, title + len(idea.title)), slice(len(line) - len(idea.body), len(line))


def comparable(idea: Idea, subject: str) -> str:
    """The idea's words without its subject, which all ideas of a list share and which would make them alike."""
    text = f"{idea.title}. {idea.body}"
    named = subject.strip(" .!?")
    return re.sub(rf"(?<!\w){re.escape(named)}", "", text, flags=re.IGNORECASE) if named else text


def is_same(one: Idea, other: Idea) -> bool:
    """Whether two ideas say nearly the same, or go by the same title."""
    if one.title and utils.default_process(one.title) == utils.default_process(other.title):
        return True
    return fuzz.token_sort_ratio(one.body, other.body, processor=utils.default_process) >= _SAME
