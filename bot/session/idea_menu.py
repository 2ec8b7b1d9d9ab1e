"""The menu of one idea on a board: change it, take it off, merge it, say whose it is. For its owner and the host."""

from dataclasses import dataclass
from urllib.parse import urlencode

from bot.board.export import author_names
from bot.board.view import Entry
from bot.core.buttons import Action, ActionKind, Button, Panel, Row
from bot.core.commands.declaration import Kind, Option
from bot.core.errors import CommandError
from bot.core.forms import BETWEEN, Form
from bot.core.notices import Notice
from bot.language import _, listed
from bot.session.arguments import SESSION
from bot.session.board_panel import Shown, idea_choices
from bot.session.checked_text import Speech
from storage.repositories import Repositories
from storage.values.brainstorms import Phase

_EDIT_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class IdeaMenu:
    """What one person may do with one idea; `steers` says that they lead the brainstorm or the workspace."""

    repositories: Repositories
    speech: Speech
    shown: Shown
    entry: Entry
    person_id: int
    steers: bool

    @property
    def _may(self) -> bool:
        is_over = self.shown.brainstorm.phase is Phase.ENDED
        return not is_over and (self.steers or self.person_id in self.entry.card.authors)

    @property
    def _target(self) -> str:
        return str(self.entry.card.id)

    async def panel(self) -> Panel:
        """The idea, and what this person can do with it."""
        own = (
            (ActionKind.EDIT, _("Edit")),
            (ActionKind.WITHDRAW, _("Withdraw")),
            (ActionKind.MERGE, _("Merge with…")),
        )
        all_may = ((ActionKind.SOURCE, _("Thread")), (ActionKind.OWNER, _("Owner")))
        kinds = (*(own if self._may else ()), *all_may)
        buttons = tuple(Button(Action(kind, self._target), label) for kind, label in kinds)
        rows = [Row(text) for text in await self.speech.shown([self.shown.line(self.entry)])]
        heading = Notice(_("Idea {number}", number=self.entry.number))
        return Panel(heading, tuple(rows), buttons)

    def edit(self) -> Form:
        """A form with what it says; raises CommandError for who may not."""
        self._check()
        card = self.entry.card
        said = (
            f"{card.title}: {card.body}"
            if card.body and not card.body.startswith(card.title[:20])
            else card.body
        )
        text = Option(
            "text",
            _("What it says now"),
            Kind.LINES,
            required=True,
            most_characters=_EDIT_CHARACTERS,
            default=(said or card.title)[:_EDIT_CHARACTERS],
        )
        hidden = urlencode({"idea": str(card.number)})
        return Form(f"{SESSION}{BETWEEN}edit", _("Edit the idea"), _("Save"), (text,), hidden)

    async def withdraw(self) -> Panel:
        """It is off the board, and can be put back for two minutes; raises CommandError for who may not."""
        self._check()
        number = self.entry.number
        await self.repositories.own_ideas.withdraw(self.shown.brainstorm.id, None, number)
        return withdrawn(self._target, number)

    def merge(self) -> Panel:
        """Asks which idea it says the same as; raises CommandError for who may not."""
        self._check()
        others = idea_choices(
            self.shown, ActionKind.MERGE_INTO, without=self.entry.card.id, target=self._target
        )
        if not others:
            raise CommandError(_("There is no other idea to merge it with."))
        heading = _("Which idea does {number} join? Both keep their authors.", number=self.entry.number)
        return Panel(Notice(heading), choices=others)

    async def merge_into(self, other: Entry) -> Notice:
        """It is part of the other now; raises CommandError for who may not."""
        self._check()
        if not await self.repositories.boards.merge(self.entry.card.id, other.card.id):
            raise CommandError(_("That idea is no longer on the board."))
        return Notice(
            _("Idea {number} is part of {other} now.", number=self.entry.number, other=other.number)
        )

    async def owner(self) -> Panel:
        """Whose it is, by the names that the board says."""
        rows = await self.speech.shown([listed(author_names(self.entry, self.shown.names))])
        return Panel(
            Notice(_("Idea {number} is of:", number=self.entry.number)), tuple(Row(text) for text in rows)
        )

    def _check(self) -> None:
        if not self._may:
            raise CommandError(_("Only whose idea it is, or the host, can do that."))


def withdrawn(idea_id: str, number: int) -> Panel:
    """That it is off, with a way back."""
    told = _("Idea {number} is off the board. For two minutes you can put it back.", number=number)
    return Panel(Notice(told), buttons=(Button(Action(ActionKind.PUT_BACK, idea_id), _("Put it back")),))
