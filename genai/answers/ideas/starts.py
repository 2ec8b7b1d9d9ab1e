"""Where ideas begin, once their level is known, and where their raw text begins: at a category above them, if any."""

from dataclasses import dataclass

from genai.answers.ideas.levels import Level, is_alone, is_detail, is_lead, is_title_line, is_titled, level_of
from genai.answers.markdown.block_tokens import Block, Kind
from genai.answers.wording import courtesies, headings


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of an idea: its block, and at which character its own raw text begins."""

    offset: int
    block: Block
    category: str = ""


@dataclass(frozen=True, slots=True)
class _Steps:
    """A numbered list within an idea."""

    level: Level
    last: int
    is_bold: bool


class IdeaStarts:
    """Says of each block in order whether it begins an idea; `count` is how many were asked for, if said."""

    def __init__(self, level: Level, count: int | None) -> None:
        self._level = level
        self._most = count or 10_000
        self.seen = 0
        self._first: Block | None = None
        self._last = 0
        self._steps: _Steps | None = None
        self._above: tuple[Block, ...] = ()
        """Blocks since the last idea that may be the category of the next."""
        self._is_apart = False
        """Whether text of its own stands since the last idea."""
        self._is_bare = False
        """Whether the idea so far is a title alone."""
        self._is_number_only = False
        self._category = ""
        self._has_text_before = False
        self._outline: Level | None = None
        """The level of the category above the first idea."""
        self._has_ended = False

    def add(self, block: Block) -> Start | None:
        """The idea that the block begins, if any."""
        if not self._begins(block, level_of(block)):
            self._look_above(block)
            return None
        above, self._above = self._above, ()
        self.seen += 1
        self._first = self._first or block
        self._last = block.mark.number
        self._steps, self._is_apart, self._is_bare = None, False, is_alone(block)
        self._is_number_only = not block.mark.rest
        sections = [one for one in above if one.is_marked or is_lead(one) or is_title_line(one)]
        if sections and self.seen == 1:
            self._outline = level_of(sections[-1])
        if sections:
            self._category = headings.clean(sections[-1].mark.rest)
        return Start(above[0].start if above else block.start, block, self._category)

    def is_certain(self, block: Block) -> bool:
        """Whether the block, of whose line only the beginning is known, begins the next idea."""
        return (
            self._steps is None
            and self.seen > 0
            and self._level[0] == "number"
            and level_of(block) == self._level
            and block.mark.number == self._last + 1
        )

    @property
    def begin_of_above(self) -> int | None:
        """Where the category begins that an idea beginning now would have."""
        return self._above[0].start if self._above else None

    def _begins(self, block: Block, level: Level | None) -> bool:
        match self._level[0]:
            case "number":
                return self._is_next(block, level)
            case "plain":
                return is_title_line(block) and not self._has_ended
            case "bullet":
                return level is not None and level[0] == "bullet" and self._is_bullet(block, level)
            case "row":
                return level == self._level and not (self._is_apart and self.seen >= self._most)
            case _:
                return level == self._level and self._is_section(block)

    def _is_section(self, block: Block) -> bool:
        """Whether a heading, a bold line or the like is an idea's title, as the first was."""
        if self._has_ended or is_detail(block):
            return False
        if headings.is_other(block.mark.rest):
            self._has_ended = self.seen > 0
            return False
        return self._first is None or is_alone(self._first) == is_alone(block)

    def _is_bullet(self, block: Block, level: Level) -> bool:
        if self._first is None:
            return level == self._level
        is_point = self._first.mark.rest[:1] in {"*", "_"} and not is_titled(block)
        if self._has_ended or is_point or block.mark.indent > self._first.mark.indent:
            return False
        if self._is_apart and self.seen >= self._most and not self._is_next_category:
            self._has_ended = True
            return False
        return level == self._level or bool(self._above)

    def _is_next(self, block: Block, level: Level | None) -> bool:
        """Whether a numbered line carries the ideas on, and not the steps within one."""
        if level is None or level[0] != "number":
            return False
        number = block.mark.number
        if level != self._level:
            return self.seen > 0 and self._is_other_style(block, level)
        if self._first is None:
            return True
        if (
            self._steps
            and self._steps.level == level
            and number == self._steps.last + 1
            and not self._looks_like_first(block)
        ):
            self._steps = _Steps(level, number, block.mark.rest.startswith("**"))
            return False
        if number > self._last or (
            number in {self._last, self._last - 1} and number > 0 and not self._is_apart
        ):
            return True
        return self._is_restart(block, level)

    def _looks_like_first(self, block: Block) -> bool:
        """Whether the next number looks like an idea rather than like the steps before it."""
        is_bold = block.mark.rest.startswith("**")
        is_next = block.mark.number == self._last + 1
        return bool(is_next and self._steps and is_bold and not self._steps.is_bold)

    def _is_restart(self, block: Block, level: Level) -> bool:
        is_category = (
            bool(self._above) and self._last > 1 and (self.seen < self._most or self._is_next_category)
        )
        if block.mark.number <= 1 and is_category and not self._has_ended:
            return True
        self._has_ended = self._has_ended or self.seen >= self._most
        self._steps = _Steps(level, block.mark.number, block.mark.rest.startswith("**"))
        return False

    def _is_other_style(self, block: Block, level: Level) -> bool:
        """A line numbered in another way: a step within an idea, unless it just carries the numbers on."""
        number = block.mark.number
        if number != self._last + 1 or number == 1 or (self._steps and self._steps.level == level):
            self._steps = _Steps(level, number, block.mark.rest.startswith("**"))
            return False
        return self._steps is None and self._first is not None and is_alone(self._first) == is_alone(block)

    def _look_above(self, block: Block) -> None:
        """Note what may be a category of the next idea, and what stands between ideas."""
        if block.kind is Kind.RULE:
            return
        self._is_apart = self._is_apart or block.kind is not Kind.ITEM
        if self._is_number_only:
            self._is_number_only = False
        elif self._is_category(block):
            self._above = (*self._above, block) if len(self._above) < 3 else (block,)
        elif (
            self._above and block.kind is Kind.PARAGRAPH and self._above[-1].is_marked and not block.is_marked
        ):
            self._above = (*self._above, block)
        else:
            self._above = ()
        self._has_text_before = True

    @property
    def _is_next_category(self) -> bool:
        """Whether the ideas so far stood under categories and another begins."""
        return bool(self._category) and bool(self._above)

    def _is_category(self, block: Block) -> bool:
        level = level_of(block)
        text = headings.labelled(block.mark.rest)[0] or block.mark.rest
        if is_detail(block) or headings.is_other(text):
            return False
        if self.seen == 0:
            is_section = (
                level is not None and level[0] != "row" and is_alone(block) and not courtesies.opens(text)
            )
            return is_section and (self._has_text_before or not headings.is_about_all(text))
        if level is not None and (level[0] in {"heading", "strong", "symbol"} or level == self._outline):
            is_deeper = level[0] == "heading" and self._level[0] == "heading" and level > self._level
            return is_alone(block) and not is_deeper
        return is_lead(block) or (is_title_line(block) and not self._is_bare)
