"""What came of a brainstorm in words: written by the model within its means, else made of the board."""

import logging
import re
from collections.abc import Sequence

from rapidfuzz import fuzz, utils

from bot.board.view import Conclusion, Entry
from bot.core.domain import Brief, Task
from bot.language import _, listed, ngettext
from bot.session.board_panel import Shown
from bot.session.checked_text import Speech, Write, neatly, quotes_truly
from genai.errors import GenerationError

log = logging.getLogger("riff.session")

_CRITICISED = 2
_LINES = 3
_SHORTEST, _LONGEST = 80, 900
_LABEL = re.compile(r"^\**(?P<label>Risk|Test)\**\s*:\**\s*(?P<text>\S.*)$", re.IGNORECASE | re.MULTILINE)


async def outcome_of(shown: Shown, participants: int, write: Write, speech: Speech) -> Conclusion:
    """The outcome, each part of it moderated. A model that is away or writes nothing of use is done without."""
    if not shown.board.entries:
        nothing = _("There were no ideas this time.")
        return Conclusion(nothing, (), ())
    summary = await _summary(shown, participants, write, speech)
    steps, questions = await _criticism(shown, write)
    return Conclusion(
        summary,
        await _some(speech, steps, _steps(shown)),
        await _some(speech, questions, _questions(shown)),
    )


async def _summary(shown: Shown, participants: int, write: Write, speech: Speech) -> str:
    leading = _leading(shown)
    told = "; ".join(f"{_title(entry)} ({entry.card.votes})" for entry in leading)
    asked = (
        f"Summarise in one paragraph what a team found about {shown.board.topic}. Ideas with votes: {told}."
    )
    written = await _asked(write, Brief(Task.CHAT, asked))
    of_board = _summary_of_board(shown, participants)
    if is_summary(written, leading):
        (passed,) = await speech.written([written])
        if passed is not None:
            return passed.text
    (passed,) = await speech.passed([of_board])
    return passed.text if passed else _("The ideas are on the board.")


def is_summary(text: str, leading: Sequence[Entry]) -> bool:
    """Whether the text is one paragraph that tells of at least half of the leading ideas."""
    if not _SHORTEST <= len(text) <= _LONGEST or "\n" in text or text[-1] not in ".!":
        return False
    told = [
        fuzz.partial_ratio(_title(entry), text, processor=utils.default_process) >= 85 for entry in leading
    ]
    return sum(told) * 2 >= len(told)


def _summary_of_board(shown: Shown, participants: int) -> str:
    board, leading = shown.board, _leading(shown)
    parts = [_found(shown, participants)]
    if board.shortlist():
        first = leading[0]
        parts.append(
            _(
                "“{idea}” leads with {votes}{body}.",
                idea=_title(first),
                votes=_votes(first),
                body=f": {first.card.body.rstrip('.!')}" if first.card.body else "",
            )
        )
        others = [f"“{_title(entry)}” ({_votes(entry)})" for entry in leading[1:_LINES]]
        parts += [_("It is followed by {ideas}.", ideas=listed(others))] if others else []
    else:
        parts.append(_("Nobody voted, so all of them are still open."))
    built = sum(1 for entry in board.entries if entry.card.origins)
    if built:
        parts.append(ngettext("{count} idea builds on others.", "{count} ideas build on others.", built))
    return " ".join(parts)


def _found(shown: Shown, participants: int) -> str:
    """How many ideas there are, of how many people, and what they are about where that can be said."""
    people = ngettext("{count} person", "{count} people", participants)
    ideas = ngettext("{count} idea", "{count} ideas", len(shown.board.entries))
    named = [f"“{theme.name}”" for theme in shown.board.themes if not theme.is_other][:_LINES]
    topic = shown.board.topic
    if not named:
        return _("On “{topic}”, {people} and Riff found {ideas}.", topic=topic, people=people, ideas=ideas)
    return _(
        "On “{topic}”, {people} and Riff found {ideas}, which are about {themes}.",
        topic=topic,
        people=people,
        ideas=ideas,
        themes=listed(named),
    )


async def _criticism(shown: Shown, write: Write) -> tuple[list[str], list[str]]:
    """Tests of the leading ideas as next steps, their risks as questions."""
    steps: dict[str, str] = {}
    questions: dict[str, str] = {}
    for entry in shown.board.shortlist(_CRITICISED):
        subject = f"{entry.card.title}: {entry.card.body}".strip(": ")
        written = await _asked(write, Brief(Task.CRITIQUE, subject))
        found = {match["label"].lower(): match["text"].strip() for match in _LABEL.finditer(written)}
        found = {label: neatly(text) for label, text in found.items() if quotes_truly(text, subject)}
        if test := found.get("test"):
            steps.setdefault(test, _("“{idea}”: {step}", idea=_title(entry), step=test))
        if risk := found.get("risk"):
            asked = _("“{idea}”: {risk} How do we deal with that?", idea=_title(entry), risk=risk)
            questions.setdefault(risk, asked)
    return list(steps.values()), list(questions.values())


def _steps(shown: Shown) -> list[str]:
    leading = _leading(shown)
    steps = [_("Decide who takes on “{idea}”, and by when.", idea=_title(leading[0]))]
    if len(leading) > 1:
        names = listed(f"“{_title(entry)}”" for entry in leading[:_LINES])
        steps.append(_("Try {ideas} with a few people before choosing one.", ideas=names))
    return [*steps, _("Show the result to who was not here: share it, or pass on the board as a file.")]


def _questions(shown: Shown) -> list[str]:
    ranked = shown.board.shortlist()
    questions = []
    if len(ranked) > 1 and ranked[0].card.votes == ranked[1].card.votes:
        questions.append(
            _(
                "“{one}” and “{other}” are level: which comes first?",
                one=_title(ranked[0]),
                other=_title(ranked[1]),
            )
        )
    named = [theme for theme in shown.board.themes if not theme.is_other]
    unloved = [f"“{theme.name}”" for theme in named if not any(e.card.votes for e in theme.entries)]
    if ranked and unloved:
        questions.append(_("Nobody voted for {theme}: is that out, or not ripe yet?", theme=unloved[0]))
    best = _title(_leading(shown)[0])
    return [*questions, _("What would have to be true for “{idea}” to work?", idea=best)]


async def _asked(write: Write, brief: Brief) -> str:
    try:
        return (await write(brief)).strip()
    except GenerationError as error:
        log.warning("the outcome is made without the model: %s", error)
        return ""


async def _some(speech: Speech, written: Sequence[str], of_board: Sequence[str]) -> tuple[str, ...]:
    """What passes, the model's first."""
    passed = [*await speech.written(written), *await speech.passed(of_board)]
    return tuple(one.text for one in passed if one)[:_LINES]


def _leading(shown: Shown) -> tuple[Entry, ...]:
    return shown.board.shortlist() or shown.board.entries[:_LINES]


def _title(entry: Entry) -> str:
    return entry.card.title.rstrip(".")


def _votes(entry: Entry) -> str:
    return ngettext("{count} vote", "{count} votes", entry.card.votes)
