"""`/improve`: a better version of an idea."""

from dataclasses import replace

from bot.commands.creative import TOPIC, creative_command
from bot.core.commands.declaration import Option
from bot.core.domain import Brief, Invocation, Task
from bot.language import N_


def _refined(brief: Brief, asked: Invocation) -> Brief:
    focus = asked.text("focus")
    return replace(brief, details=(f"Focus: {focus}",)) if focus else brief


COMMAND = creative_command(
    Task.IMPROVE,
    N_("a better version of an idea"),
    N_('/improve a swap shelf for plants in the lobby --focus "cheaper to run"'),
    Option("focus", N_("What shall get better?"), placeholder='"F"'),
    topic=replace(
        TOPIC,
        label=N_("Which idea?"),
        hint=N_("In your words, or its number in the last list."),
        placeholder=N_("IDEA|NUMBER"),
    ),
    form=("topic", "focus", "audience"),
    title=N_("Improve an idea"),
    refine=_refined,
)
