"""The console: a real terminal session, and what each channel call writes."""

import io
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pexpect
import pytest
from rich.console import Console

from adapters.console.channel import ConsoleChannel
from bot.core import notices
from bot.core.buttons import Action, ActionKind, Button, Panel, Row
from bot.core.notices import Notice
from genai.moderation import ModerationSettings, Moderator

RIFF = Path(sys.executable).with_name("riff")


@pytest.fixture
def terminal(tmp_path: Path, chosen_model: None) -> pexpect.spawn:
    environment = os.environ | {
        "RIFF_STORAGE__URL": f"sqlite:///{tmp_path}/riff.db",
        "RIFF_GENERATOR__SEED": "1",
        "RIFF_LOG__LEVEL": "info",
        "XDG_STATE_HOME": str(tmp_path),
        "TERM": "xterm",
        "COLUMNS": "100",
    }
    child = pexpect.spawn(
        str(RIFF), ["chat"], env=environment, encoding="utf-8", timeout=120, dimensions=(40, 100)
    )
    yield child
    child.close(force=True)


@pytest.mark.embedded
def test_a_person_brainstorms_cancels_and_leaves(terminal: pexpect.spawn) -> None:
    terminal.expect("Ctrl-D leaves")
    terminal.expect("a small model to begin with")
    terminal.sendline("/brainstorm 3 kite workshops")
    terminal.expect("1\\. .*2\\. .*3\\. ")
    terminal.sendline("/design a kite")
    terminal.expect("Problem|thinking")
    terminal.sendintr()
    terminal.sendline("/help")
    terminal.expect("/brainstorm: ideas about a topic")
    terminal.sendline("/profile set tone bold")
    terminal.expect("change your wishes with(.|\n)*you")  # Ctrl-D means leaving only at the prompt
    terminal.sendeof()
    terminal.expect("Bye")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


def test_a_command_its_verb_and_its_value_are_completed_while_they_are_typed(terminal: pexpect.spawn) -> None:
    terminal.expect("Ctrl-D leaves")
    for typed, offered in (("/sess", "/session"), (" sk", "skip"), (" conv", "converge")):
        terminal.send(typed)
        terminal.expect(f"{offered} ")  # in the menu
        terminal.send("\t")
    terminal.send("\r")
    terminal.expect("No brainstorm runs here")


def test_a_command_without_words_is_asked_for_and_nothing_is_erased_by_a_slip(
    terminal: pexpect.spawn,
) -> None:
    terminal.expect("Ctrl-D leaves")
    for typed, told in (
        ("/session", "What about"),
        ("quieter lids", "How long"),
        ("2", "A whole number from 4 to 480"),
        ("12", "six hats: Six points of view"),
        ("3", "For later"),
        ("", "How many votes"),
        ("", "Technique: six hats"),
        ("/profile", "What shall I call you"),
        ("cancel", "Nothing was changed"),
        ("/privacy forget", "To erase by typing: /privacy forget erase"),
        ("/privacy forget eraze", "Nothing was erased"),
    ):
        terminal.sendline(typed)
        terminal.expect(told)


def test_a_greeting_is_answered_with_what_to_type_and_the_log_goes_into_a_file(
    terminal: pexpect.spawn, tmp_path: Path
) -> None:
    terminal.logfile_read = io.StringIO()
    terminal.expect("Ctrl-D leaves")
    terminal.sendline("hello")
    for line in ("brainstorming partner", "Ideas: /brainstorm", "My profile: /profile"):
        terminal.expect(line)
    terminal.expect("you")
    assert "outcome=answered" in (tmp_path / "riff" / "log" / "riff.log").read_text(encoding="utf-8")
    assert " INFO " not in terminal.logfile_read.getvalue()


async def test_a_panel_says_what_to_type_and_gives_the_day_only_where_it_is_another(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = Notice("Ends:")
    now = datetime.now(UTC).astimezone()
    later = now + timedelta(days=2)
    buttons = (
        Button(Action(ActionKind.OPEN, "name"), "Names"),
        Button(Action(ActionKind.EXPORT, "1"), "Download first"),
        Button(Action(ActionKind.KEEP, "1"), "Cancel"),
    )
    rows = tuple(Row(told, until=until) for until in (now, later))
    await ConsoleChannel(Console(highlight=False)).panel(
        Panel(Notice("/name: names for a thing"), rows, buttons)
    )
    shown = capsys.readouterr().out
    assert f"Ends: {now:%H:%M}\nEnds: {later:%Y-%m-%d %H:%M}\nDownload first: /privacy export\n" in shown
    assert "Cancel:" not in shown
    assert "Names:" not in shown, "what the heading told is not told again"


async def test_pieces_notices_and_withdrawal(capsys: pytest.CaptureFixture[str]) -> None:
    moderator = Moderator(ModerationSettings(isolation="thread", classifier=("profanity-check",)))
    await moderator.start()
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=40, color_system=None)
    channel = ConsoleChannel(console)
    for text in ("1. **Stamp", " Card**: give stamps.\n", "2. [red]Not markup[/red]"):
        piece, _ = await moderator.passed(text)
        assert piece is not None
        await channel.show(piece)
    assert "1. Stamp Card: give stamps.\n2. [red]Not markup[/red]" in written.getvalue()
    await channel.withdraw()
    assert written.getvalue().endswith("\x1b[1F\x1b[J")
    await channel.notice(notices.WITHDRAWN)
    assert written.getvalue().endswith(notices.WITHDRAWN.text + "\n")
    await moderator.close()
