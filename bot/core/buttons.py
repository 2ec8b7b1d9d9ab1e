"""Buttons, and panels of lines with buttons of their own: platform-neutral values that adapters draw.

A button's value is a short text that names the action and its target, so that it works after a restart. What a
press comes to is in `bot.interactions.actions`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Self

from bot.core.domain import Document, Idea, Outcome, Passed, Reply, Task
from bot.core.notices import Notice
from bot.language import N_, _

_PREFIX = "riff"


class ActionKind(StrEnum):
    """What a button does; the target is an idea's id, an answer's id or an event's id (STOP).

    SHUFFLE, FURTHER, FAVOURITES and GO_ON concern a whole answer, as TO_IDEAS, HELPFUL, UNHELPFUL and SAVE_ANSWER do
    one that is no list. THREAD begins a conversation about one idea.
    REMEMBER and DECLINE answer the question with that id whether a wish shall be remembered, CONFIRM_LINK and
    REFUSE_LINK the one whether two accounts shall be linked. ERASE, EXPORT and KEEP answer the question to
    the person with that id whether to erase all that is held on them. TAKE adds the ready template of that number.
    CALL_OFF has the number of a planned brainstorm. HELP lists all commands.
    APPROVE, UPHOLD and RULE have the number of a decision that moderators look at.
    Of a brainstorm, and what they come to in `bot.session.session_presses`: BOARD, BALLOT, PICK, HOST, SKIP, EXTEND and
    SHARE_TO have its id, CHOOSE that and the numbers of ideas between which was chosen; the others the id of an idea
    on its board.
    OPEN has a command's name, whose form it opens.
    """

    LIKE = "like"
    DISLIKE = "dislike"
    MORE = "more"
    SAVE = "save"
    COMBINE = "combine"
    UNSAVE = "unsave"
    THREAD = "thread"
    SHUFFLE = "shuffle"
    FURTHER = "further"
    FAVOURITES = "favourites"
    TO_IDEAS = "to-ideas"
    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"
    SAVE_ANSWER = "save-answer"
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
    BALLOT = "ballot"
    CHOOSE = "choose"
    HOST = "host"
    PICK = "pick-idea"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    PUT_BACK = "put-back"
    MERGE = "merge"
    MERGE_INTO = "merge-into"
    OWNER = "owner"
    SOURCE = "source"
    SHARE_TO = "share-to"
    OPEN = "open"
    HELP = "help"
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

    `until` is a moment that the text ends with, which a platform shows in the reader's own time.

    `at` is a moment that its text is about, which adapters show in each reader's own time where the platform can.
    """

    text: Passed | Notice
    buttons: tuple[Button, ...] = ()
    at: datetime | None = None
    withheld: Withheld | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A menu under a panel: of `options` (value, name) some can be chosen, and come with the action as its values.

    Those in `chosen` are when it opens; with `most` above 1 several can be. With `channels` it is one of the
    platform's own, and its options are the channels that the reader knows.
    """

    action: Action
    label: str
    options: tuple[tuple[str, str], ...] = ()
    chosen: frozenset[str] = frozenset()
    most: int = 1
    channels: bool = False


class Done(StrEnum):
    """How far a step is."""

    AHEAD = "pending"
    NOW = "in_progress"
    OVER = "complete"


CARD = "card"
"""The name of the panel that stands in the channel for what goes on in a thread of it."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One of Riff's own sentences over any number of rows; `buttons` and `choices` concern the whole.

    An adapter shows all of it, in as many messages as its platform's limits take. A panel with a `name` takes the
    place of the one of that name that was shown in the thread before; the CARD stands above the thread, where that
    hangs on a message of Riff's, and leads into it under the words `link`. `steps` are phases (name, how far), and
    `people` the platform's ids of those whom it calls.
    """

    heading: Notice
    rows: tuple[Row, ...] = ()
    buttons: tuple[Button, ...] = ()
    choices: tuple[Choice, ...] = ()
    pictures: tuple[Document, ...] = ()
    file: Document | None = None
    name: str = ""
    link: str = ""
    steps: tuple[tuple[str, Done], ...] = ()
    people: tuple[str, ...] = ()


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


def idea_menu(idea: Idea) -> tuple[Button, ...]:
    """What can be done with one idea, where five entries are all that a menu holds: several are combined by picking."""
    if idea.id is None:
        return ()
    talk = Button(Action(ActionKind.THREAD, str(idea.id)), _("Start a thread"))
    return (*idea_buttons(idea)[:4], talk)


def set_menu(reply: Reply) -> tuple[Button, ...]:
    """What can be done with all ideas of a reply, where each has a menu of its own."""
    shuffle = set_buttons(reply)
    if not shuffle:
        return ()
    target = str(reply.message_id)
    return (
        Button(Action(ActionKind.FAVOURITES, target), _("Pick favourites…")),
        *shuffle,
        Button(Action(ActionKind.FURTHER, target), _("More")),
    )


@dataclass(frozen=True, slots=True)
class AnswerButtons:
    """What can be done with an answer that is no list of ideas."""

    use: tuple[Button, ...]
    helpful: Button
    unhelpful: Button


def answer_buttons(reply: Reply) -> AnswerButtons | None:
    """For what the model wrote and people can read; None for ideas and for Riff's own texts."""
    if reply.task is None or reply.ideas or reply.message_id is None or reply.outcome is not Outcome.ANSWERED:
        return None
    target = str(reply.message_id)
    turn = Button(Action(ActionKind.TO_IDEAS, target), _("Turn into ideas"))
    save = Button(Action(ActionKind.SAVE_ANSWER, target), _("Save"))
    return AnswerButtons(
        (turn, save) if reply.task is Task.CHAT else (save,),
        Button(Action(ActionKind.HELPFUL, target), _("Helpful")),
        Button(Action(ActionKind.UNHELPFUL, target), _("Not helpful")),
    )


def go_on_panel(why: Notice, answer_id: int) -> Panel:
    """Says that an answer was cut, and offers the rest of it."""
    return Panel(why, (), (Button(Action(ActionKind.GO_ON, str(answer_id)), _("Go on")),))


def stop_button(event_id: str) -> Button:
    """Ends the answer to an event that is being written."""
    return Button(Action(ActionKind.STOP, event_id), _("Stop"), "danger")
