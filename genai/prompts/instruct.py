"""Tells an instruct model all that it needs to know: who it is, its task, the form, what is good, what to fit.

A change of the wording is a new VERSION.
"""

from genai.prompts.asked_forms import EXAMPLE_TOPIC, form_of
from genai.prompts.brief import Brief, Task
from genai.prompts.one_sentence import recommended
from genai.prompts.wishes import explained

VERSION = "1"

_ROLE = "You are Riff, a brainstorming partner for teams: practical, inventive, to the point."
_REQUEST = {
    Task.CHAT: "{subject}",
    Task.BRAINSTORM: "Brainstorm {count} {ideas} about {subject}.",
    Task.SLOGAN: "Write {count} {slogans} for {subject}.",
    Task.NAME: "Suggest {count} {names} for {subject}.",
    Task.RECOMMEND: "Recommend {things}.",
    Task.COPY: "Write brand copy for {subject}.",
    Task.AD: "Write an ad for {subject}.",
    Task.DESIGN: "Write a product design brief for {subject}.",
    Task.IMPROVE: "Improve this idea: {subject}",
    Task.COMBINE: "Combine these ideas into one: {subject}",
    Task.CRITIQUE: "Critique this idea: {subject}",
}
_SAID_AS_IT_IS = frozenset({Task.CHAT, Task.IMPROVE, Task.COMBINE, Task.CRITIQUE})


def system_text(brief: Brief) -> str:
    """The instruction; never trimmed."""
    asked = form_of(brief)
    example = f"Example of the form, about {EXAMPLE_TOPIC}; do not reuse its topic or words:\n{asked.example}"
    return "\n".join([instructions(brief), *([example] if asked.example else []), *explained(brief)])


def instructions(brief: Brief) -> str:
    """Riff's own part of it, without the example."""
    asked = form_of(brief)
    told = f"{_ROLE}\nTask: {asked.task}\nForm: {asked.form}"
    return f"{told}\n{asked.good}" if asked.good else told


def request_text(brief: Brief) -> str:
    """The person's request as one line of text."""
    subject = brief.subject.strip()
    if brief.task not in _SAID_AS_IT_IS:
        subject = subject.rstrip(".!?")
    plural = "" if brief.count == 1 else "s"
    things = {name: f"{name[:-1]}{plural}" for name in ("ideas", "slogans", "names")}
    return _REQUEST[brief.task].format(
        count=brief.count, subject=subject, things=recommended(brief), **things
    )
