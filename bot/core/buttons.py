"""A panel: lines with buttons of their own, such as the ideas of a board that can be voted for."""

from dataclasses import dataclass

from bot.core.domain import Passed
from bot.core.notices import Notice
from bot.interactions.actions import Button


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a panel: text that passed moderation, and what can be done with it."""

    text: Passed
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """One of Riff's own sentences over any number of rows; `buttons` concern the whole.

    An adapter shows all of it, in as many messages as its platform's limits take.
    """

    heading: Notice
    rows: tuple[Row, ...] = ()
    buttons: tuple[Button, ...] = ()
