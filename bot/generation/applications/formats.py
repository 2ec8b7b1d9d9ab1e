"""The forms of answers that Riff knows, with the limits that platforms set and who says so.

Google Ads: headlines of 30 and descriptions of 90 characters, half of that in double-width languages; three and
two of them at least in a responsive search ad (https://support.google.com/google-ads/answer/1704389,
https://developers.google.com/google-ads/api/docs/responsive-search-ads/create-responsive-search-ads). A responsive
display ad has one long headline of 90 (https://support.google.com/google-ads/answer/7005917). A post on X has 280
weighted characters (https://docs.x.com/fundamentals/counting-characters), one SMS 160 septets (3GPP TS 23.038). An
e-mail's subject has no such limit: 60 leaves room for its name within the 78 characters of a line that RFC 5322,
2.1.1, recommends.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.core.domain import Brief, Task
from bot.generation.applications.layout import Layout, Part, Shape
from bot.generation.applications.shortening import Counting
from bot.language import N_, _

_HEADLINE = Part(N_("Headline"), is_line=True)
_BODY = Part(N_("Body"))
_ACTION = Part(N_("Call to action"), is_line=True)

AD_FORMATS: Mapping[str, Layout] = {
    "plain": Layout((_HEADLINE, _BODY, _ACTION), prose="Body"),
    "search": Layout(
        (
            Part(N_("Headline"), 30, Counting.WIDE, count=3, is_line=True),
            Part(N_("Description"), 90, Counting.WIDE, ("Body",), count=2),
        ),
        prose="Description",
        source="Google Ads",
    ),
    "social": Layout(
        (
            Part(N_("Headline"), 40, Counting.WIDE, is_line=True),
            Part(N_("Body"), 200, Counting.POST),
            Part(N_("Call to action"), 30, Counting.WIDE, is_line=True),
        ),
        prose="Body",
        source="X",
    ),
    "banner": Layout(
        (
            Part(N_("Headline"), 30, Counting.WIDE, is_line=True),
            Part(N_("Long headline"), 90, Counting.WIDE, is_line=True),
            Part(N_("Description"), 90, Counting.WIDE, ("Body",)),
            Part(N_("Button"), 20, Counting.WIDE, ("Call to action",), is_line=True),
        ),
        prose="Description",
        source="Google Ads",
    ),
}
"""Forms of an ad. The three parts of a social one come to 270 at most, so that they are one post with line ends."""

COPY_CHANNELS: Mapping[str, Layout] = {
    "website": Layout((Part(N_("Text")),), Shape.PROSE, "Text"),
    "email": Layout(
        (Part(N_("Subject"), 60, Counting.PLAIN, is_line=True), Part(N_("Body"))),
        prose="Body",
        source="RFC 5322",
    ),
    "post": Layout((Part(N_("Text"), 280, Counting.POST),), Shape.PROSE, "Text", source="X"),
    "sms": Layout((Part(N_("Text"), 160, Counting.SMS),), Shape.PROSE, "Text", source="3GPP TS 23.038"),
}
"""Where copy is shown."""

_SECTIONS = (N_("Problem"), N_("Users"), N_("Constraints"), N_("Concept"), N_("Features"), N_("Risks"))
_TITLE, _IDEA = Part(N_("Title"), is_line=True, required=False), Part(N_("Idea"))

_OTHERS: Mapping[Task, Layout] = {
    Task.DESIGN: Layout(tuple(Part(label) for label in _SECTIONS), has_table=True),
    Task.IMPROVE: Layout((_TITLE, _IDEA, Part(N_("What changed"), required=False)), Shape.TITLED, "Idea"),
    Task.COMBINE: Layout((_TITLE, _IDEA), Shape.TITLED, "Idea"),
    Task.CRITIQUE: Layout(tuple(Part(label) for label in (N_("Strength"), N_("Risk"), N_("Test")))),
}
_SAID_BY_TASK = frozenset({AD_FORMATS["plain"], *_OTHERS.values()})
"""Forms that the task says by itself."""


LENGTH_LIMITS = {"short": 280, "medium": 600, "long": 1500}
"""The most characters of copy by the length that was asked for."""

LEAST_CHARACTERS = {Task.AD: 100, Task.COPY: 30}
"""A smaller --characters leaves no room for whole sentences, and in an ad for its labels."""


def layout_of(brief: Brief) -> Layout | None:
    """The form that the answer to a brief is brought into, with the limits that the brief sets.

    None for a list or a chat, which have their own.
    """
    layout = _known(brief)
    if layout is None or (layout.source and layout.shape is Shape.LABELLED):
        return layout
    most = brief.max_characters or 0
    if brief.task is Task.COPY and not most:
        most = LENGTH_LIMITS.get(brief.preferences.length, 0)
    return _within(layout, most) if most else layout


def first_asked(brief: Brief) -> Brief:
    """The brief as the model is asked first."""
    layout = layout_of(brief)
    return named_parts(replace(brief, variants=1), layout) if layout else brief


def named_parts(brief: Brief, layout: Layout) -> Brief:
    """The brief with the parts of its form by name, where its task alone does not say them."""
    is_said = layout.shape is not Shape.LABELLED or _known(brief) in _SAID_BY_TASK
    if brief.sections or is_said:
        return brief
    return replace(brief, sections=tuple(name for part in layout.parts for name in part.names))


def _known(brief: Brief) -> Layout | None:
    if brief.task is Task.AD:
        return AD_FORMATS.get(brief.layout, AD_FORMATS["plain"])
    if brief.task is Task.COPY:
        return COPY_CHANNELS.get(brief.layout, COPY_CHANNELS["website"])
    if brief.sections:
        return Layout(tuple(Part(label) for label in brief.sections))
    if brief.task is Task.CHAT and brief.layout:
        return Layout((Part("Text"),), Shape.PROSE, "Text")
    return _OTHERS.get(brief.task)


def _within(layout: Layout, most: int) -> Layout:
    """The layout with `most` characters in all, its labels included; the longest share is the body's."""
    if layout.shape is Shape.PROSE:
        (part,) = layout.parts
        return replace(layout, parts=(replace(part, most=min(part.most or most, most)),))
    room = most - sum(len(_(part.label)) + 3 for part in layout.parts)
    shares = [2 if part.label == layout.prose else 1 for part in layout.parts]
    limits = (max(1, room * share // sum(shares)) for share in shares)
    parts = (replace(part, most=limit) for part, limit in zip(layout.parts, limits, strict=True))
    return replace(layout, parts=tuple(parts))
