"""Turns commands, menus and presses into prompts: the words that are kept, and the brief that is meant."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from adapters.discord.commands import core_verbs, session_options
from adapters.discord.commands.definitions import BRAINSTORM_MENU
from bot.config.settings import LimitSettings
from bot.core.commands import Command, all_commands
from bot.core.domain import Brief, Task
from bot.core.errors import CommandError
from bot.language import N_, _

Options = Mapping[str, Any]

_ABOUT_IDEAS = frozenset({"improve", "combine", "critique"})
_NOT_OF_BRIEF = frozenset({"topic", "words", "voice", "thread"})
NO_TEXT = N_("That message has no text that I may read.")


def flatten(options: Sequence[Mapping[str, Any]]) -> tuple[str, dict[str, Any], str]:
    """Of a command's options: the sub-command's name, the values by name, and which one is being typed."""
    if options and options[0].get("type") in {1, 2}:
        sub, values, focused = flatten(options[0].get("options", ()))
        return f"{options[0]['name']} {sub}".strip(), values, focused
    values = {option["name"]: option["value"] for option in options}
    return "", values, next((option["name"] for option in options if option.get("focused")), "")


def command_prompt(name: str, sub: str, options: Options, limits: LimitSettings) -> tuple[str, Brief | None]:
    """The text and the brief of a command; raises CommandError for one that says too little."""
    command = all_commands().get(name)
    if command is None:
        raise CommandError(_("I don't know that command any more. Type / to see what there is."))
    if name == session_options.NAME:
        return session_options.as_typed(sub, options), None
    if name in core_verbs.VERBS or name == core_verbs.USE:
        return core_verbs.as_typed(name, sub, options), None
    words = str(options.get("topic") or options.get("words") or "").strip()
    if command.brief is None:
        return " ".join(part for part in (f"/{name}", sub, words) if part), None
    given = {key: str(value) for key, value in options.items() if key not in _NOT_OF_BRIEF}
    if name in _ABOUT_IDEAS:
        return _as_text(command, words, given), None
    brief = command.brief(words, given, limits)
    voice = str(options.get("voice") or "").strip()
    if voice:
        brief = replace(brief, preferences=replace(brief.preferences, brand_voice=voice))
    return _as_text(command, words, given | ({"voice": voice} if voice else {})), brief


def menu_prompt(name: str, content: str, limits: LimitSettings) -> tuple[str, Brief]:
    """The text and the brief of a context menu on a message; raises CommandError for one without text."""
    if not content.strip():
        raise CommandError(_(NO_TEXT))
    if name == BRAINSTORM_MENU:
        make = all_commands()["brainstorm"].brief
        if make is None:
            raise CommandError(_("I can't brainstorm here."))
        return f"{_(name)}: {content}", make(content, {}, limits)
    return f"{_(name)}: {content}", Brief(Task.IMPROVE, content)


def as_kept(brief: Brief | None) -> dict[str, Any] | None:
    """The brief as the inbox keeps it."""
    return None if brief is None else asdict(brief)


def _as_text(command: Command, words: str, given: Mapping[str, str]) -> str:
    """The command as people would type it: what moderation reads and the history keeps."""
    return " ".join([f"/{command.name} {words}", *(f'--{key} "{value}"' for key, value in given.items())])
