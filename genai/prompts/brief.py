"""What is asked of a language model, as a value: the task, what it is about, and what the answer should fit."""

from dataclasses import dataclass, field
from enum import StrEnum


class Task(StrEnum):
    """What a person asks for."""

    CHAT = "chat"
    BRAINSTORM = "brainstorm"
    SLOGAN = "slogan"
    NAME = "name"
    RECOMMEND = "recommend"
    COPY = "copy"
    AD = "ad"
    DESIGN = "design"
    IMPROVE = "improve"
    COMBINE = "combine"
    CRITIQUE = "critique"


LIST_TASKS = frozenset({Task.BRAINSTORM, Task.SLOGAN, Task.NAME, Task.RECOMMEND})
"""Tasks answered with a numbered list of separate ideas."""

TECHNIQUES = ("SCAMPER", "six hats", "reverse thinking", "analogy", "how might we", "crazy eights")
TONES = ("plain", "playful", "formal", "bold")
LENGTHS = ("short", "medium", "long")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the answer should fit: the person, the audience and the brand."""

    tone: str = ""
    length: str = ""
    audience: str = ""
    role: str = ""
    language: str = ""
    interests: tuple[str, ...] = ()
    brand_voice: str = ""
    voice_examples: tuple[str, ...] = ()
    use_words: tuple[str, ...] = ()
    avoid_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """One request: the task, what it is about, and what it should fit."""

    task: Task
    subject: str
    count: int = 5
    technique: str = ""
    max_characters: int | None = None
    preferences: Preferences = field(default_factory=Preferences)
    already: tuple[str, ...] = ()
    """Titles of ideas that exist and must not be repeated."""
    notes: tuple[tuple[str, str], ...] = ()
    """Further lines of the instruction: what each is, and what it says."""
    angle: str = ""
    """From which side ideas are looked for this time, where others were asked for from other sides."""
    layout: str = ""
    """The name of the form that the answer is brought into, such as "search"; it is not told to the model."""
    variants: int = 1
    """How many answers are wanted, each a whole one."""
    sections: tuple[str, ...] = ()
    """Labels of the lines that the answer has; the task's own where there are none."""
    ending: str = ""
    """The call to action that the answer ends with."""
    details: tuple[str, ...] = ()
    """Further lines of the instruction, each "Label: value"."""
