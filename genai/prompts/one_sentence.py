"""Asks as people do: one sentence, and nothing around it but what they chose. For small models trained on just that."""

from collections.abc import Sequence

from genai.prompts.brief import Brief, Task

_FORMS = {
    Task.COPY: "Write a short text that presents {subject}.",
    Task.AD: "Write an ad for {subject} with a headline, a body and a call to action.",
    Task.DESIGN: "Design brief for {subject}.",
    Task.IMPROVE: "How can we improve this idea? {subject} One point.",
    Task.COMBINE: "Combine these ideas into one: {subject}",
    Task.CRITIQUE: "What are the strength and the risk of this idea, and how can it be tested? {subject}",
}
_ROLE = "You are Riff, a brainstorming partner."
_AIMS = ("how to ", "ways to ", "to ")


def system_text(brief: Brief, wishes: Sequence[tuple[str, str]]) -> str:
    """One line: who answers, as the embedded model has learned it, and what people chose."""
    said = [f"{label}: {value}" for label, value in wishes] + list(brief.details)
    return " ".join([_ROLE, *(f"{one.rstrip('.')}." for one in said)])


def request_text(brief: Brief) -> str:
    """The request as one natural sentence."""
    subject = brief.subject.strip()
    if brief.task is Task.CHAT:
        return f"{subject} Write {listed(brief.sections)}." if brief.sections else subject
    bare = subject.rstrip(".!?")
    match brief.task:
        case Task.BRAINSTORM:
            return f"Give me {_counted(brief.count, 'idea')}{_aimed(bare)}."
        case Task.SLOGAN:
            return f"Write {_counted(brief.count, 'slogan')} for {bare}."
        case Task.NAME:
            return f"Suggest {_counted(brief.count, 'name')} for {bare}."
        case Task.RECOMMEND:
            return f"Recommend {_recommended(brief)}."
        case Task.IMPROVE | Task.COMBINE | Task.CRITIQUE:
            return _FORMS[brief.task].format(subject=subject)
        case _:
            return _FORMS[brief.task].format(subject=bare)


def unasked_text(brief: Brief) -> str:
    """The request without what it is about, nor how many, so that it is the same for all."""
    things = {Task.NAME: "names", Task.SLOGAN: "slogans"}
    return f"Give me 5 {things.get(brief.task, 'ideas')}."


def line_openings(brief: Brief) -> tuple[str, ...]:
    """How the lines of the list begin, as the embedded model has learned it."""
    mark = "" if brief.task is Task.SLOGAN else " **"
    return tuple(f"{number}.{mark}" for number in range(1, brief.count + 1))


def _recommended(brief: Brief) -> str:
    """What is to be recommended: "3 books about sailing", or, where only a topic is named, "3 things about tea"."""
    subject = brief.subject.strip().rstrip(".!?")
    head = subject.lower()
    for word in (" about ", " for ", " on ", " to ", " in ", " with ", " that ", " from ", " of "):
        head = head.partition(word)[0]
    is_plural = head.endswith("s") and not head.endswith(("ss", "us", "is")) and brief.count > 1
    return f"{brief.count} {subject}" if is_plural else f"{_counted(brief.count, 'thing')} about {subject}"


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _aimed(subject: str) -> str:
    """What ideas are for: " to cycle more", ": a library"; what follows may be a verb or a thing."""
    aim = next((aim for aim in _AIMS if subject.lower().startswith(aim)), "")
    return f" to {subject[len(aim) :]}" if aim else f": {subject}"


def listed(labels: Sequence[str]) -> str:
    """Labels as a sentence names them."""
    return " and ".join(filter(None, (", ".join(labels[:-1]), labels[-1])))
