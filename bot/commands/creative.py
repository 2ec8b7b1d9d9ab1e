"""Builds a creative brief out of a command's words and options; shared by the creative commands."""

import re
from collections.abc import Awaitable, Callable

from rapidfuzz import process

from bot.commands.base import Answer, Call, Command
from bot.domain import Brief, Preferences, Task
from bot.errors import CommandError
from genai.prompts import LENGTHS, LIST_TASKS, TECHNIQUES, TONES

_LEADING_COUNT = re.compile(r"^(?P<count>\d{1,3})\s+(?:ideas?\s+(?:for|about|on)\s+)?(?P<subject>\S.*)$", re.DOTALL)
OPTIONS = "[--tone T] [--audience \"A\"] [--length short|medium|long] [--use W,W] [--avoid W,W]"
_SHARED = frozenset({"tone", "audience", "length", "use", "avoid"})


def creative_command(
    task: Task, summary: str, usage: str, example: str, *, count: int = 5, options: frozenset[str] = frozenset()
) -> Command:
    """A command whose answer is a brief for `task`; `options` are those it takes beside the shared ones."""
    name = task.value

    async def run(call: Call) -> Answer:
        return build_brief(task, call, default_count=count, allowed=options | _SHARED)

    runner: Callable[[Call], Awaitable[Answer]] = run
    return Command(name, summary, f"/{name} {usage} {OPTIONS}", example, runner)


def build_brief(task: Task, call: Call, *, default_count: int, allowed: frozenset[str]) -> Brief:
    """The brief; raises CommandError where an option is unknown or a number is out of range."""
    if task in LIST_TASKS:
        allowed = allowed | {"count"}
    _refuse_unknown(call, allowed)
    subject, count = call.words, default_count
    leading = _LEADING_COUNT.match(subject) if task in LIST_TASKS else None
    if leading:
        subject, count = leading["subject"], int(leading["count"])
    if "count" in call.options:
        count = _number(call.options["count"], "count")
    if not subject.strip():
        raise CommandError(f"What about? For example: /{task.value} a reading corner for the office")
    if not 1 <= count <= call.limits.ideas:
        raise CommandError(f"I can give 1 to {call.limits.ideas} at a time; ask for a number in that range.")
    return Brief(
        task=task,
        subject=subject.strip(),
        count=count,
        technique=_choice(call.options.get("technique", ""), TECHNIQUES, "technique"),
        max_characters=_number(call.options["characters"], "characters") if "characters" in call.options else None,
        preferences=Preferences(
            tone=_choice(call.options.get("tone", ""), TONES, "tone"),
            length=_choice(call.options.get("length", ""), LENGTHS, "length"),
            audience=call.options.get("audience", ""),
            use_words=split_list(call.options.get("use", "")),
            avoid_words=split_list(call.options.get("avoid", "")),
        ),
    )


def split_list(value: str) -> tuple[str, ...]:
    """A comma-separated list as a person types it."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _refuse_unknown(call: Call, allowed: frozenset[str]) -> None:
    for key in call.options:
        if key not in allowed:
            nearest = process.extractOne(key, sorted(allowed), score_cutoff=60)
            hint = f"did you mean --{nearest[0]}?" if nearest else "there are: " + ", ".join(f"--{k}" for k in sorted(allowed))
            raise CommandError(f"That option is not one of this command's; {hint}")


def _number(value: str, name: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value[:7]) < 1:
        raise CommandError(f"--{name} takes a whole number of at least 1.")
    return int(value[:7])


def _choice(value: str, choices: tuple[str, ...], name: str) -> str:
    """The choice a person meant; a near miss is taken as the nearest."""
    if not value:
        return ""
    nearest = process.extractOne(value.lower(), [choice.lower() for choice in choices], score_cutoff=75)
    if not nearest:
        raise CommandError(f"--{name} can be: {', '.join(choices)}.")
    return choices[nearest[2]]
