"""What a person asked for in their own words, as a value."""

from dataclasses import dataclass
from enum import StrEnum

from genai.prompts import Task


class Intent(StrEnum):
    """What is wanted. All but MAKE, RECALL, OTHERS and SMALL_TALK speak of a list that stands before."""

    MAKE = "make"
    """Something by a task: `items` of the list are its subject where it names any."""
    MORE = "more"
    ALIKE = "alike"
    CHANGE = "change"
    ABOUT = "about"
    """A question about items of the list, to be answered as chat."""
    RECALL = "recall"
    OTHERS = "others"
    """What other people were given about the subject; "" is what was spoken of last."""
    SMALL_TALK = "small talk"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for.

    `count` is None where no number was said. `items` are numbers in the list before, -1 its last; () are all of them.
    `wish` is how it should be, in the person's words: "cheaper", "for children". `language` is a code: the one asked
    for by name, or the one that was written in, where that is not English.
    """

    intent: Intent
    task: Task | None = None
    count: int | None = None
    subject: str = ""
    items: tuple[int, ...] = ()
    wish: str = ""
    language: str = ""

    @property
    def is_about_list(self) -> bool:
        """Whether it can only be understood with the list before it."""
        alone = {Intent.MAKE, Intent.RECALL, Intent.OTHERS, Intent.SMALL_TALK}
        return self.intent not in alone or bool(self.items)
