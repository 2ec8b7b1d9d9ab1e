"""Turns a creative brief into the turns that a language model is given: the one place where it is told anything.

`brief` has the values; the wording is beside it, in two styles. `instruct` tells an ordinary instruct model its task,
the form of the answer, what makes it good and what it should fit. `plain` asks in one sentence, as the small models
do that Riff brings along or trains; the same sentence asks a model and trains one.
"""

from genai.prompts.asked_forms import EXAMPLE_TITLES
from genai.prompts.brief import LENGTHS, LIST_TASKS, TECHNIQUES, TONES, Brief, Preferences, Task
from genai.prompts.leaving_out import REWRITING_VERSION, going_on, leaving_out
from genai.prompts.one_sentence import line_openings
from genai.prompts.turns import PROMPT_VERSIONS, build_turns, instructions, unasked_turns

__all__ = [
    "EXAMPLE_TITLES",
    "LENGTHS",
    "LIST_TASKS",
    "PROMPT_VERSIONS",
    "REWRITING_VERSION",
    "TECHNIQUES",
    "TONES",
    "Brief",
    "Preferences",
    "Task",
    "build_turns",
    "going_on",
    "instructions",
    "leaving_out",
    "line_openings",
    "unasked_turns",
]
