"""Answers that are not lists: copy, ad, design, improve, combine and critique."""

from genai.prompts import Task
from genai.training.demo.writer import Writer

_MIDDLES = {"short": 0, "": 1, "medium": 1, "long": 3}


def prose_answer(writer: Writer, first: str = "", second: str = "") -> str:
    """The answer in the form that the system prompt names.

    `first` and `second` are the ideas that are to be combined; the other tasks take the brief's subject.
    """
    match writer.brief.task:
        case Task.COPY:
            return _copy(writer)
        case Task.AD:
            return _ad(writer)
        case Task.DESIGN:
            return _design(writer)
        case Task.IMPROVE:
            return _improve(writer)
        case Task.COMBINE:
            return _combine(writer, first, second)
        case _:
            return _critique(writer)


def _copy(writer: Writer) -> str:
    middles = writer.lines("copy_middle", 1 + _MIDDLES[writer.brief.preferences.length])
    sentences = [writer.line("copy_opening"), *middles, *_wishes(writer), writer.line("copy_closing")]
    return " ".join(sentences)


def _ad(writer: Writer) -> str:
    body = " ".join([writer.line("ad_body"), *_wishes(writer)])
    return f"Headline: {writer.line('ad_headline')}\nBody: {body}\nCall to action: {writer.line('ad_action')}"


def _design(writer: Writer) -> str:
    labels = ("Problem", "Users", "Constraints", "Concept", "Features", "Risks")
    lines = {label: writer.line(f"design_{label.lower()}") for label in labels}
    lines["Concept"] = " ".join([lines["Concept"], *_wishes(writer)])
    return "\n".join(f"{label}: {text}" for label, text in lines.items())


def _improve(writer: Writer) -> str:
    title, text = writer.ideas(writer.library.patterns["improve"], 1, idea=_as_quoted(writer.brief.subject))[
        0
    ]
    better, _, change = text.partition(" // ")
    return f"**{title}**: {' '.join([better, *_wishes(writer)])}\nWhat changed: {change}"


def _combine(writer: Writer, first: str, second: str) -> str:
    values = {"first": _as_quoted(first), "second": _as_quoted(second)}
    title, text = writer.ideas(writer.library.patterns["combine"], 1, **values)[0]
    return f"**{title}**: {' '.join([text, *_wishes(writer)])}"


def _critique(writer: Writer) -> str:
    idea = _as_quoted(writer.brief.subject)
    labels = ("Strength", "Risk", "Test")
    return "\n".join(f"{label}: {writer.line(f'critique_{label.lower()}', idea=idea)}" for label in labels)


def _as_quoted(idea: str) -> str:
    return f'"{idea.rstrip(".!?")}"'


def _wishes(writer: Writer) -> list[str]:
    wanted = writer.brief.preferences
    wishes = [writer.line("tails.word", word=word) for word in wanted.use_words]
    if wanted.audience:
        wishes.append(writer.line("tails.prose_audience"))
    if wanted.interests:
        wishes.append(writer.line("tails.prose_interest"))
    return wishes
