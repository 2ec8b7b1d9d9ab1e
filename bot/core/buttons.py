"""Buttons, and panels of lines with buttons of their own: platform-neutral values that adapters draw.

A button's value is a short text that names the action and its target, so that it works after a restart. What a
press comes to is in `bot.interactions.actions`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Self

from bot.core.domain import Idea, Passed, Reply
from bot.core.notices import Notice
from bot.language import N_, _

_PREFIX = "riff"


class ActionKind(StrEnum):
    """What a button does; the target is an idea's id, an answer's id (SHUFFLE, GO_ON) or an event's id (STOP).

    REMEMBER and DECLINE answer the question with that id whether a wish shall be remembered, CONFIRM_LINK and
    REFUSE_LINK the one whether two accounts shall be linked. ERASE, EXPORT and KEEP answer the question to
    the person with that id whether to erase all that is held on them. TAKE adds the ready template of that number.
    CALL_OFF has the number of a planned brainstorm.
    APPROVE, UPHOLD and RULE have the number of a decision that moderators look at.
    Of a brainstorm: VOTE and IMPROVE have the id of an idea on its board, BOARD, SKIP and EXTEND the
    brainstorm's own. VOTE comes to a private notice, the others to an `Ask` in the brainstorm's thread.
    OPEN has a command's name, whose form it opens.
    """

    LIKE = "like"
    DISLIKE = "dislike"
    MORE = "more"
    SAVE = "save"
    COMBINE = "combine"
    SHUFFLE = "shuffle"
    GO_ON = "go-on"
    STOP = "stop"
    SHARE = "share"
    VOTE = "vote"
    IMPROVE = "improve"
    BOARD = "board"
    SKIP = "skip"
    REMEMBER = "remember"
    DECLINE = "decline"
    EXTEND = "extend"
    CONFIRM_LINK = "confirm-link"
    REFUSE_LINK = "refuse-link"
    ERASE = "erase"
    EXPORT = "export"
    KEEP = "keep"
    OPEN = "open"
    TAKE = "take"
    CALL_OFF = "call-off"
    APPROVE = "approve"
    UPHOLD = "uphold"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Action:
    """One action on one target."""

    kind: ActionKind
    target: str

    @property
    def value(self) -> str:
        """The action as a text of at most 100 characters for usual targets, for a button to carry."""
        return f"{_PREFIX}:{self.kind.value}:{self.target}"

    @classmethod
    def parse(cls, value: str) -> Self | None:
        """The action in a button's value; None when it is not one of Riff's."""
        prefix, _colon, rest = value.partition(":")
        kind, _colon, target = rest.partition(":")
        if prefix != _PREFIX or kind not in {known.value for known in ActionKind} or not target:
            return None
        return cls(ActionKind(kind), target)


@dataclass(frozen=True, slots=True)
class Button:
    """A button to draw; `label` is short and safe to show anywhere."""

    action: Action
    label: str
    style: Literal["", "primary", "danger"] = ""


REVIEWS = frozenset({ActionKind.APPROVE, ActionKind.UPHOLD, ActionKind.RULE})
"""What moderators press."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A text that moderation stopped, "" where it may not be shown or was not kept, and the channel that it was for.

    Whoever makes one knows that moderators alone read it; adapters draw it as it is, inert, covered where they can.
    """

    text: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a panel: text that passed moderation or Riff's own, and what can be done with it.

    `at` is a moment that its text is about, which adapters show in each reader's own time where the platform can.
    """

    text: Passed | Notice
    buttons: tuple[Button, ...] = ()
    at: datetime | None = None
    withheld: Withheld | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One of Riff's own sentences over any number of rows; `buttons` concern the whole.

    An adapter shows all of it, in as many messages as its platform's limits take.
    """

    heading: Notice
    rows: tuple[Row, ...] = ()
    buttons: tuple[Button, ...] = ()


def idea_buttons(idea: Idea) -> tuple[Button, ...]:
    """What can be done with one idea; nothing with one that was not kept."""
    if idea.id is None:
        return ()
    target = str(idea.id)
    return (
        Button(Action(ActionKind.LIKE, target), _("Like")),
        Button(Action(ActionKind.DISLIKE, target), _("Not for me")),
        Button(Action(ActionKind.MORE, target), _("More like this")),
        Button(Action(ActionKind.SAVE, target), _("Save")),
        Button(Action(ActionKind.COMBINE, target), _("Combine")),
    )


def set_buttons(reply: Reply) -> tuple[Button, ...]:
    """What can be done with all ideas of a reply."""
    if not reply.ideas or reply.message_id is None:
        return ()
    return (Button(Action(ActionKind.SHUFFLE, str(reply.message_id)), _("Shuffle")),)


_OPENED = {
    "brainstorm": N_("Ideas"),
    "name": N_("Names"),
    "copy": N_("Copy"),
    "ad": N_("Ad"),
    "session": N_("Team session"),
    "profile": N_("My profile"),
}


def opening_buttons() -> tuple[Button, ...]:
    """What Riff is asked for most, each with the form that asks for the rest."""
    return tuple(Button(Action(ActionKind.OPEN, name), _(label)) for name, label in _OPENED.items())


def go_on_panel(why: Notice, answer_id: int) -> Panel:
    """Says that an answer was cut, and offers the rest of it."""
    return Panel(why, (), (Button(Action(ActionKind.GO_ON, str(answer_id)), _("Go on")),))


def stop_button(event_id: str) -> Button:
    """Ends the answer to an event that is being written."""
    return Button(Action(ActionKind.STOP, event_id), _("Stop"), "danger")
