"""At which level of an answer its ideas stand: numbered lines, headings, bold lines, rows, bullets.

Headings with lists below are either ideas with points or categories with ideas. What tells them apart comes with the
next heading at the latest, as a rule; until then nothing is decided, and at the end the number that was asked for is.
"""

from dataclasses import dataclass, field

from genai.answers.ideas.levels import Level, is_alone, is_lead, is_title_line, level_of
from genai.answers.markdown.blocks import Block, Kind
from genai.answers.wording import courtesies, headings

_SECTIONS = {"heading", "strong", "symbol", "label", "plain"}


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
    """Is given blocks in order until it knows the level of ideas; `count` is how many were asked for, if said."""

    def __init__(self, count: int | None) -> None:
        self._count = count
        self._outer: _Run | None = None
        self._inner: _Run | None = None
        self._before: Block | None = None
        self._other_rank: int | None = None

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
        """Whether the block stands under a heading that says it is no idea."""
        is_section = level is not None and (
            level[0] in _SECTIONS or level[-1] in {"strong", "h1", "h2", "h3", "h4"}
        )
        if is_section or (level and self._other_rank == 8 and level[0] == "number"):
            is_other = (
                is_alone(block) and level[0] != "number" and headings.is_other(block.mark.rest)
                if level
                else False
            )
            self._other_rank = (block.mark.level or 7) if is_other else None
            return is_other
        if is_lead(block) and (
            headings.is_other(block.line)
            or (block.line.rstrip().endswith(":") and courtesies.asks(block.line))
        ):
            self._other_rank = 8
            return True
        return self._other_rank is not None

    def _first(self, block: Block, level: Level | None) -> Level | None:
        if level is None:
            return None
        if (
            level[0] in {"number", "bullet"}
            and self._before
            and is_title_line(self._before)
            and level[-1] in {"plain", block.mark.bullet}
        ):
            self._outer = _Run(("plain",), 1, 1)
            self._inner = _Run(level)
            self._inner.add(block)
            return None
        if level[0] == "bullet" and self._before and self._is_of_something_else(self._before, block):
            self._outer = _Run(("lead",), 1, 1)
            self._inner = _Run(level)
            self._inner.add(block)
            return None
        is_sure = level[0] in {"bullet", "row"} or (level[0] == "number" and not is_alone(block))
        if is_sure and not (level[1:2] in {("letter",), ("roman",), ("(a)",)} and block.mark.number != 1):
            return level
        self._outer = _Run(
            level, is_about_all=headings.is_about_all(block.mark.rest) or courtesies.opens(block.mark.rest)
        )
        self._outer.add(block)
        self._outer.has_text = not is_alone(block)
        return None

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
        if level[0] in _SECTIONS and headings.is_detail(block.mark.rest.strip("*_")):
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
        is_outer = level == outer.level or (
            outer.level == ("plain",) and level is None and is_title_line(block)
        )
        if is_outer:
            outer.add(block)
            if outer.seen == 2 and not outer.is_about_all and inner.seen >= (self._count or 99):
                return inner.level
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
        """What a block of the inner level decides."""
        is_nested = outer.level[0] == "number"
        if outer.level == ("lead",):
            return None
        if inner.goes_on or (outer.seen == 1 and inner.seen >= (self._count or 99)):
            return inner.level
        if outer.is_about_all and outer.seen == 1:
            return inner.level
        are_titled = inner.level[0] == "number" and not is_nested and inner.bold >= 2
        return inner.level if are_titled and outer.seen == 1 and not outer.has_text else None

    def _at_outer(self, outer: _Run, inner: _Run) -> Level | None:
        """What another block of the outer level decides about those before it."""
        if (outer.has_text and outer.seen == 2) or 2 * inner.details >= inner.seen or inner.repeats:
            return outer.level
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


def _rank(level: Level) -> int:
    """How deep a level of sections stands: headings by their own, others below them."""
    return int(level[1]) if level[0] == "heading" else 7
