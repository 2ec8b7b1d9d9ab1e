"""The board in its thread: as a panel, and as pictures and files."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.board.export import author_names, to_csv, to_json, to_markdown
from bot.board.origins import origins_told
from bot.board.view import Board, Conclusion, Entry, Theme, view
from bot.core.buttons import Action, ActionKind, Button, Choice, Panel, Row
from bot.core.domain import Document
from bot.core.notices import Notice
from bot.language import _, listed, ngettext
from bot.session.checked_text import Speech
from storage.repositories import Repositories
from storage.values.brainstorms import CardOnBoard, Phase, StoredBrainstorm


class Shown:
    """The board of one brainstorm as it may be shown now: readable texts, names, and votes once they count."""

    def __init__(self, brainstorm: StoredBrainstorm, board: Board, names: Mapping[int, str]) -> None:
        self.brainstorm = brainstorm
        self.board = board
        self.names = names
        self._numbers = {entry.card.id: entry.number for entry in board.entries}

    def line(self, entry: Entry) -> str:
        """An idea with its number, authors, votes and what it was made of."""
        card = entry.card
        body = f": {card.body}" if card.body else ""
        notes = [listed(author_names(entry, self.names))]
        if card.votes:
            notes.append(ngettext("{count} vote", "{count} votes", card.votes) + self.voters(card))
        origins = [str(self._numbers[origin]) for origin in card.origins if origin in self._numbers]
        if origins:
            notes.append(_("made of {numbers}", numbers=listed(origins)))
        return f"{card.number}. **{card.title}**{body} ({'; '.join(notes)})"

    def voters(self, card: CardOnBoard) -> str:
        """Who voted for it, in brackets; "" where votes are secret."""
        if self.brainstorm.plan.is_anonymous:
            return ""
        names = [self.names[voter] for voter in sorted(card.voters) if voter in self.names]
        return f" ({listed(names)})" if names else ""

    def buttons(self, entry: Entry) -> tuple[Button, ...]:
        """What can be done with an idea in this phase, beside voting and the menu of the board."""
        if self.brainstorm.phase is not Phase.CONVERGE:
            return ()
        label = _("Improve {number}", number=entry.number)
        return (Button(Action(ActionKind.IMPROVE, str(entry.card.id)), label),)


async def show(
    repositories: Repositories,
    speech: Speech,
    brainstorm: StoredBrainstorm,
    *,
    hide_votes: bool | None = None,
) -> Shown:
    """The board as it may be shown; nobody sees how a vote goes before it has ended."""
    cards = await repositories.boards.cards(brainstorm.id)
    names = await repositories.boards.participants(brainstorm.id)
    return await shown_of(speech, brainstorm, cards, names, hide_votes=hide_votes)


async def shown_of(
    speech: Speech,
    brainstorm: StoredBrainstorm,
    stored: Sequence[CardOnBoard],
    participants: Mapping[int, str],
    *,
    hide_votes: bool | None = None,
) -> Shown:
    """As `show`, of what was read already."""
    cards = await speech.readable(stored)
    if brainstorm.phase is Phase.VOTE if hide_votes is None else hide_votes:
        cards = [replace(card, voters=frozenset()) for card in cards]
    names = await speech.names(participants)
    themes = await speech.themes(brainstorm.themes)
    board = await asyncio.to_thread(view, brainstorm.plan.topic, cards, themes)
    return Shown(brainstorm, board, names)


async def board_panel(speech: Speech, shown: Shown, heading: str) -> Panel:
    """Every idea under its theme, with the menu of ideas while the brainstorm runs."""
    rows: list[Row] = []
    for theme in shown.board.themes:
        rows += await _theme_rows(speech, shown, theme)
    if origins := origins_told(shown.board):
        rows += [Row(text) for text in await speech.shown([" · ".join(origins)])]
    choices = () if shown.brainstorm.phase is Phase.ENDED else idea_choices(shown, ActionKind.PICK)
    return Panel(Notice(heading, private=False), tuple(rows), choices=choices)


async def _theme_rows(speech: Speech, shown: Shown, theme: Theme) -> list[Row]:
    """One row where nothing is to press and all of it passes as one text, else a row for each idea."""
    told = [(f"**{theme.heading}**", ()), *((shown.line(one), shown.buttons(one)) for one in theme.entries)]
    if not any(buttons for _line, buttons in told):
        (whole,) = await speech.passed(["\n".join(line for line, _buttons in told)])
        if whole is not None:
            return [Row(whole)]
    texts = await speech.shown([line for line, _buttons in told])
    return [Row(text, buttons) for text, (_line, buttons) in zip(texts, told, strict=True)]


_AT_ONCE = 25
"""Options of a menu: as many as one of Discord takes."""


def idea_choices(
    shown: Shown,
    kind: ActionKind,
    *,
    chosen: frozenset[int] = frozenset(),
    most: int = 1,
    without: int | None = None,
    target: str = "",
) -> tuple[Choice, ...]:
    """Menus of the board's ideas; each names between which numbers it stands, as `IDS:FIRST-LAST`."""
    entries = [entry for entry in shown.board.entries if entry.card.id != without]
    menus = []
    for start in range(0, len(entries), _AT_ONCE):
        page = entries[start : start + _AT_ONCE]
        first, last = page[0].number, page[-1].number
        options = tuple((str(one.card.id), f"{one.number}. {one.card.title}") for one in page)
        among = frozenset(str(one.card.id) for one in page if one.card.id in chosen)
        label = (
            _("Pick an idea")
            if len(entries) <= _AT_ONCE
            else _("Ideas {first} to {last}", first=first, last=last)
        )
        action = Action(kind, f"{target or shown.brainstorm.id}:{first}-{last}")
        menus.append(Choice(action, label, options, among, min(most, len(page))))
    return tuple(menus)


async def ideas_panel(speech: Speech, shown: Shown, heading: str, entries: Sequence[Entry]) -> Panel:
    """Some ideas in the given order."""
    return await panel(speech, heading, [(shown.line(entry), shown.buttons(entry)) for entry in entries])


async def panel(
    speech: Speech,
    heading: str,
    lines: Sequence[tuple[str, tuple[Button, ...]]],
    buttons: tuple[Button, ...] = (),
    *,
    ends: datetime | None = None,
    private: bool = False,
) -> Panel:
    """A panel whose heading is one of Riff's own sentences, of lines that are moderated; the last says when it ends."""
    told = [*lines, *([(_("Ends:"), ())] if ends else [])]
    texts = await speech.shown([text for text, _buttons in told])
    rows = [Row(text, of_row) for text, (_line, of_row) in zip(texts, told, strict=True)]
    if ends:
        rows[-1] = replace(rows[-1], until=ends)
    return Panel(Notice(heading, private=private), tuple(rows), buttons)


# A board as files: pictures of it, and exports.


FORMATS = ("markdown", "csv", "json")


async def map_of(shown: Shown, *, dark: bool = False) -> Document:
    """The idea map."""
    return await asyncio.to_thread(_picture, shown, "ideas", _("Idea map"), dark)


async def map_pdf_of(shown: Shown) -> Document:
    """The idea map, for print."""
    from bot.board import picture as pictures

    drawn = await asyncio.to_thread(pictures.map_pdf, shown.board)
    return Document(f"brainstorm-{shown.brainstorm.id}.pdf", "application/pdf", drawn, _("Idea map"))


async def chart_of(shown: Shown, *, dark: bool = False) -> Document:
    """The bars of the votes."""
    return await asyncio.to_thread(_picture, shown, "votes", _("Votes"), dark)


def export_of(shown: Shown, form: str, outcome: Conclusion | None = None) -> Document:
    """The whole board in one of FORMATS, with what came of it."""
    outcome = outcome or Conclusion.read(shown.brainstorm.outcome)
    match form:
        case "csv":
            ending, media_type, text = "csv", "text/csv", to_csv(shown.board, shown.names)
        case "json":
            ending, media_type = "json", "application/json"
            text = to_json(shown.board, shown.names, outcome)
        case _:
            ending, media_type = "md", "text/markdown"
            text = to_markdown(shown.board, shown.names, outcome)
    name = f"brainstorm-{shown.brainstorm.id}.{ending}"
    return Document(name, media_type, text.encode(), _("The board"))


def _picture(shown: Shown, kind: str, title: str, dark: bool) -> Document:
    from bot.board import picture as pictures  # matplotlib takes long to import, and much memory

    draw = pictures.draw_map if kind == "ideas" else pictures.draw_votes
    picture = draw(shown.board, pictures.DARK if dark else pictures.LIGHT)
    name = f"brainstorm-{shown.brainstorm.id}-{kind}.png"
    return Document(name, "image/png", picture.png, title, picture.alt_text)
