"""Turns a creative brief into the turns that a language model is given.

The same wording asks a model and trains one, so it is written once, here.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from genai.request import Turn


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


_INTRODUCTION = "You are Riff, a brainstorming partner."

_REQUEST = {
    Task.CHAT: "{subject}",
    Task.BRAINSTORM: "Brainstorm {count} ideas about {subject}.",
    Task.SLOGAN: "Write {count} slogans for {subject}.",
    Task.NAME: "Suggest {count} names for {subject}.",
    Task.RECOMMEND: "Recommend {count} things about {subject}.",
    Task.COPY: "Write brand copy for {subject}.",
    Task.AD: "Write an ad for {subject}.",
    Task.DESIGN: "Write a product design brief for {subject}.",
    Task.IMPROVE: "Improve this idea: {subject}",
    Task.COMBINE: "Combine these ideas into one: {subject}",
    Task.CRITIQUE: "Critique this idea: {subject}",
}

_FORMAT = {
    Task.CHAT: "Answer in plain sentences.",
    Task.BRAINSTORM: "Format: a numbered list of {count} lines, each **Title**: one or two sentences.",
    Task.SLOGAN: "Format: a numbered list of {count} lines.",
    Task.NAME: "Format: a numbered list of {count} lines, each **Name**: why it fits.",
    Task.RECOMMEND: "Format: a numbered list of {count} lines, each **Title**: what and why.",
    Task.COPY: "Format: one paragraph.",
    Task.AD: "Format: Headline, Body and Call to action, one line each.",
    Task.DESIGN: "Format: Problem, Users, Constraints, Concept, Features and Risks, one line each.",
    Task.IMPROVE: "Format: one line, **Title**: the better idea, then one line on what changed.",
    Task.COMBINE: "Format: one line, **Title**: the combined idea.",
    Task.CRITIQUE: "Format: Strength, Risk and Test, one line each.",
}


def system_text(brief: Brief) -> str:
    """The instruction: who answers, in what form, and what the answer should fit; never trimmed."""
    wanted = brief.preferences
    labelled = (
        ("Technique", brief.technique),
        ("Tone", wanted.tone),
        ("Length", wanted.length),
        ("Audience", wanted.audience),
        ("Person's role", wanted.role),
        ("Interests", ", ".join(wanted.interests)),
        ("Brand voice", wanted.brand_voice),
        ("Example of the voice", " ".join(wanted.voice_examples)),
        ("Use the words", ", ".join(wanted.use_words)),
        ("Never use the words", ", ".join(wanted.avoid_words)),
        ("At most characters", str(brief.max_characters or "")),
        ("Language", wanted.language),
        ("Do not repeat", "; ".join(brief.already)),
        ("End with", brief.ending),
    )
    lines = [instructions(brief)]
    lines += [f"{label}: {value}" for label, value in (*labelled, *brief.notes) if value]
    return "\n".join([*lines, *brief.details])


def instructions(brief: Brief) -> str:
    """Riff's own part of the instruction, which is nobody's to read; the rest is what people chose."""
    if brief.sections:
        return f"{_INTRODUCTION} Format: {_listed(brief.sections)}, one line each."
    return f"{_INTRODUCTION} {_FORMAT[brief.task].format(count=brief.count)}"


def _listed(labels: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(labels[:-1]), labels[-1])))


def request_text(brief: Brief) -> str:
    """The person's request as one line of text."""
    subject = brief.subject.strip()
    if brief.task not in {Task.CHAT, Task.IMPROVE, Task.COMBINE, Task.CRITIQUE}:
        subject = subject.rstrip(".!?")
    return _REQUEST[brief.task].format(count=brief.count, subject=subject)


def build_turns(brief: Brief, history: tuple[Turn, ...] = ()) -> tuple[Turn, ...]:
    """The instruction, the earlier turns (oldest first) and the request."""
    return (Turn("system", system_text(brief)), *history, Turn("user", request_text(brief)))
