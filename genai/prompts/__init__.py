"""Turns a creative brief into the turns that a language model is given: the one place where it is told anything.

`brief` has the values; the wording is beside it, in two styles. `instruct` tells an ordinary instruct model its task,
the form of the answer, what makes it good and what it should fit. `plain` asks in one sentence, as the small models
do that Riff brings along or trains; the same sentence asks a model and trains one.
"""

from genai.prompts import instruct, one_sentence
from genai.prompts.asked_forms import example_titles
from genai.prompts.brief import (
    LENGTHS,
    LIST_TASKS,
    TECHNIQUES,
    TONES,
    Brief,
    Preferences,
    Task,
)
from genai.request import PromptStyle, Turn

__all__ = [
    "LENGTHS",
    "LIST_TASKS",
    "TECHNIQUES",
    "TONES",
    "Brief",
    "Preferences",
    "Task",
    "build_turns",
    "example_titles",
    "instructions",
    "prompt_version",
]

_VERSIONS = {"instruct": instruct.VERSION, "plain": one_sentence.VERSION}


def prompt_version(style: PromptStyle) -> str:
    """What an answer is kept with, so that it is known which wording it came from."""
    return f"{style}/{_VERSIONS[style]}"


def build_turns(
    brief: Brief, history: tuple[Turn, ...] = (), style: PromptStyle = "instruct"
) -> tuple[Turn, ...]:
    """The instruction, where there is one, the earlier turns (oldest first) and the request."""
    wording = one_sentence if style == "plain" else instruct
    system = wording.system_text(brief)
    opening = (Turn("system", system),) if system else ()
    return (*opening, *history, Turn("user", wording.request_text(brief)))


def instructions(brief: Brief, style: PromptStyle = "instruct") -> str:
    """Riff's own part of the instruction, which is nobody's to read; the rest is what people chose."""
    return "" if style == "plain" else instruct.instructions(brief)
