"""The board in its thread: as a panel, and as pictures and files."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.board.export import author_names, to_csv, to_json, to_markdown
from bot.board.origins import origins_told
from bot.board.view import Board, Conclusion, Entry, view
from bot.core.buttons import Action, ActionKind, Button, Panel, Row
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
            notes.append(ngettext("{count} vote", "{count} votes", card.votes) + self._voters(card))
        origins = [str(self._numbers[origin]) for origin in card.origins if origin in self._numbers]
        if origins:
            notes.append(_("made of {numbers}", numbers=listed(origins)))
        return f"{card.number}. **{card.title}**{body} ({'; '.join(notes)})"

    def _voters(self, card: CardOnBoard) -> str:
        if self.brainstorm.plan.is_anonymous:
            return ""
        names = [self.names[voter] for voter in sorted(card.voters) if voter in self.names]
        return f" ({listed(names)})" if names else ""

    def buttons(self, entry: Entry) -> tuple[Button, ...]:
        """What can be done with an idea in this phase."""
        target = str(entry.card.id)
        if self.brainstorm.phase is Phase.VOTE:
            return (Button(Action(ActionKind.VOTE, target), _("Vote {number}", number=entry.number)),)
        if self.brainstorm.phase is Phase.CONVERGE:
            label = _("Improve {number}", number=entry.number)
            return (Button(Action(ActionKind.IMPROVE, target), label),)
        return ()


async def show(
    repositories: Repositories,
    speech: Speech,
    brainstorm: StoredBrainstorm,
    *,
    hide_votes: bool | None = None,
) -> Shown:
    """The board as it may be shown; nobody sees how a vote goes before it has ended."""
    cards = await speech.readable(await repositories.boards.cards(brainstorm.id))
    if brainstorm.phase is Phase.VOTE if hide_votes is None else hide_votes:
        cards = [replace(card, voters=frozenset()) for card in cards]
    names = await speech.names(await repositories.boards.participants(brainstorm.id))
    themes = await speech.themes(brainstorm.themes)
    board = await asyncio.to_thread(view, brainstorm.plan.topic, cards, themes)
    return Shown(brainstorm, board, names)


async def board_panel(speech: Speech, shown: Shown, heading: str) -> Panel:
    """Every idea under its theme."""
    lines: list[tuple[str, tuple[Button, ...]]] = []
    for theme in shown.board.themes:
        lines.append((f"**{theme.heading}**", ()))
        lines += [(shown.line(entry), shown.buttons(entry)) for entry in theme.entries]
    if origins := origins_told(shown.board):
        lines.append((" · ".join(origins), ()))
    return await panel(speech, heading, lines)


async def ideas_panel(speech: Speech, shown: Shown, heading: str, entries: Sequence[Entry]) -> Panel:
    """Some ideas in the given order."""
    return await panel(speech, heading, [(shown.line(entry), shown.buttons(entry)) for entry in entries])


async def panel(
    speech: Speech,
    heading: str,
    lines: Sequence[tuple[str, tuple[Button, ...]]],
    buttons: tuple[Button, ...] = (),
) -> Panel:
    """A panel whose heading is one of Riff's own sentences, of lines that are moderated."""
    texts = await speech.shown([text for text, _buttons in lines])
    rows = (Row(text, of_row) for text, (_line, of_row) in zip(texts, lines, strict=True))
    return Panel(Notice(heading, private=False), tuple(rows), buttons)


# A board as files: pictures of it, and exports.


FORMATS = ("markdown", "csv", "json")


async def map_of(shown: Shown, *, dark: bool = False) -> Document:
    """The idea map."""
    return await asyncio.to_thread(_picture, shown, "ideas", _("Idea map"), dark)


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
