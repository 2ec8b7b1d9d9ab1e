"""At which level of an answer its ideas stand: numbered lines, headings, bold lines, rows, bullets.

Headings with lists below are either ideas with points or categories with ideas. What tells them apart comes with the
next heading at the latest, as a rule; until then nothing is decided, and at the end the number that was asked for is.
"""

from dataclasses import dataclass, field

from genai.answers.ideas.levels import Level, is_alone, is_detail, is_lead, is_title_line, level_of
from genai.answers.markdown.block_tokens import Block, Kind
from genai.answers.wording import courtesies, headings

_SECTIONS = {"heading", "strong", "symbol", "label", "plain"}
_HEADED = {"strong", "h1", "h2", "h3", "h4", "h5", "h6"}


@dataclass(slots=True)
class _Run:
    """The blocks of one level so far."""

    level: Level
    seen: int = 0
    here: int = 0
    """How many since the last block of the outer level."""
    last: int = 0
    bold: int = 0
    details: int = 0
    repeats: int = 0
    goes_on: bool = False
    """Whether its numbers went on over a block of the outer level."""
    titles: set[str] = field(default_factory=set)
    has_text: bool = False
    is_about_all: bool = False

    def add(self, block: Block) -> None:
        label, _text = headings.labelled(block.mark.rest)
        title = headings.bare(label or block.mark.rest)[:80]
        if self.here == 0 and self.seen and block.mark.number == self.last + 1:
            self.goes_on = True
        self.repeats += title in self.titles
        self.titles.add(title)
        self.seen += 1
        self.here += 1
        self.last = block.mark.number
        self.bold += block.mark.rest.startswith(("**", "__"))
        self.details += bool(label) and headings.is_detail(label)


class LevelFinder:
    """Is given blocks in order until it knows the level of ideas.

    `count` is how many were asked for, if said; `have_points` is False of names and slogans, which have none.
    """

    def __init__(self, count: int | None, have_points: bool = True) -> None:
        self._count = count
        self._have_points = have_points
        self._outer: _Run | None = None
        self._inner: _Run | None = None
        self._before: Block | None = None
        self._is_below_other = False
        self._is_below_lead = False

    def add(self, block: Block) -> Level | None:
        """The level, as soon as it is certain."""
        level = level_of(block)
        found = self._add(block, level)
        if block.kind is not Kind.RULE:
            self._before = block
        return found

    def _add(self, block: Block, level: Level | None) -> Level | None:
        if self._is_beside(block, level):
            return None
        if self._outer is None:
            return self._first(block, level)
        if self._inner is None:
            return self._second(block, level, self._outer)
        return self._further(block, level, self._outer, self._inner)

    def _is_beside(self, block: Block, level: Level | None) -> bool:
        """Whether the block stands under a heading, or words before a list, that say it is no idea."""
        if level and (
            level[0] in _SECTIONS or level[-1] in _HEADED or (level[0] == "number" and self._is_below_lead)
        ):
            is_other = level[0] != "number" and is_alone(block) and headings.is_other(block.mark.rest)
            self._is_below_other, self._is_below_lead = is_other, False
            return is_other
        if is_lead(block) and (headings.is_other(block.line) or _asks(block)):
            self._is_below_lead = True
        return self._is_below_other or self._is_below_lead

    def _first(self, block: Block, level: Level | None) -> Level | None:
        if level is None:
            return None
        if above := self._level_above(block, level):
            self._outer, self._inner = _Run(above, 1, 1), _Run(level)
            self._inner.add(block)
            return None
        is_first = level[1:2] not in {("letter",), ("roman",), ("(a)",)} or block.mark.number == 1
        if is_first and (level[0] in {"bullet", "row"} or (level[0] == "number" and not is_alone(block))):
            return level
        words = block.mark.rest
        self._outer = _Run(level, is_about_all=headings.is_about_all(words) or courtesies.opens(words))
        self._outer.add(block)
        self._outer.has_text = not is_alone(block)
        return None

    def _level_above(self, block: Block, level: Level) -> Level | None:
        """The level of an unmarked line above a list: a title whose points the list may be, or other words."""
        if self._before is None or level[0] not in {"number", "bullet"}:
            return None
        if is_title_line(self._before) and level[-1] in {"plain", block.mark.bullet}:
            return ("plain",)
        is_other = level[0] == "bullet" and self._is_of_something_else(self._before, block)
        return ("lead",) if is_other else None

    def _is_of_something_else(self, lead: Block, block: Block) -> bool:
        """Whether points stand below words that do not announce ideas; numbered lines may still follow."""
        text = lead.line.strip()
        is_announced = headings.is_about_all(text) or courtesies.opens(text)
        return is_lead(lead) and not is_announced and not block.mark.rest.startswith("**")

    def _second(self, block: Block, level: Level | None, outer: _Run) -> Level | None:
        if outer.level[0] == "number":
            is_nested = level and level[0] == "number" and level != outer.level and not outer.has_text
            if not is_nested:
                return outer.level
        if level is None or (level[0] == "label" and outer.level[0] != "label"):
            if block.kind is not Kind.RULE:
                outer.has_text = outer.has_text or not is_lead(block)
            return None
        if level == outer.level:
            return level
        if level[0] == "row" or (
            level[0] == "number" and level[-1] != "plain" and outer.level[0] != "number"
        ):
            return level
        if level[0] in _SECTIONS and is_detail(block):
            outer.has_text = True
            return None
        if level[0] in _SECTIONS and (
            _rank(level) < _rank(outer.level) or not outer.has_text or outer.is_about_all
        ):
            self._outer = None
            return self._first(block, level)
        self._inner = _Run(level)
        self._inner.add(block)
        return self._weigh(outer, self._inner)

    def _further(self, block: Block, level: Level | None, outer: _Run, inner: _Run) -> Level | None:
        is_plain = outer.level == ("plain",) and level is None and is_title_line(block)
        if is_plain or (level == outer.level and not is_detail(block)):
            outer.add(block)
            found = self._at_outer(outer, inner)
            inner.here = 0
            return found
        if level == inner.level:
            inner.add(block)
            return self._weigh(outer, inner)
        if (
            outer.level == ("lead",)
            and level
            and level[0] == "number"
            and self._before
            and not level_of(self._before)
        ):
            return level
        return None

    def _weigh(self, outer: _Run, inner: _Run) -> Level | None:
        """What a block of the inner level decides: that it is an idea, where numbers or words above say so."""
        if outer.level == ("lead",):
            return None
        if inner.goes_on or (outer.is_about_all and outer.seen == 1):
            return inner.level
        is_list = inner.level[0] == "number" and outer.level[0] != "number" and outer.seen == 1
        return inner.level if is_list and inner.bold >= 2 and not outer.has_text else None

    def _at_outer(self, outer: _Run, inner: _Run) -> Level | None:
        """What another block of the outer level decides about those before it."""
        if (outer.has_text and outer.seen == 2) or 2 * inner.details >= inner.seen or inner.repeats:
            return outer.level
        if not self._have_points:
            return inner.level
        if outer.seen >= 3 and inner.bold == inner.seen and not inner.repeats and inner.seen > outer.seen:
            return inner.level
        return None

    def finish(self) -> Level | None:
        """The level by what is known at the end; None where there are no ideas that a mark begins."""
        outer, inner = self._outer, self._inner
        if outer is None:
            return None
        if inner is None:
            is_one = outer.seen == 1 and (outer.is_about_all or (self._count or 2) > 1)
            return None if is_one and outer.level[0] != "number" else outer.level
        if outer.seen == 1:
            return outer.level if self._count == 1 and not outer.is_about_all else inner.level
        if 2 * inner.details >= inner.seen:
            return outer.level
        if self._count is None:
            return outer.level if outer.seen >= 3 else inner.level
        return outer.level if abs(outer.seen - self._count) <= abs(inner.seen - self._count) else inner.level


def _asks(block: Block) -> bool:
    """Whether a paragraph asks the person for what the list below it names."""
    return block.line.rstrip().endswith((":", "：")) and courtesies.asks(block.line)


def _rank(level: Level) -> int:
    """How deep a level of sections stands: headings by their own, others below them."""
    return int(level[1]) if level[0] == "heading" else 7
