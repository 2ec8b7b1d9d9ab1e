"""Who asked for what, as a sentence in the reader's language: what stands over an answer that others read too."""

from dataclasses import dataclass

from bot.config.settings import LimitSettings
from bot.core.commands import command_named
from bot.core.domain import Brief, Invocation, Request, Task
from bot.core.errors import CommandError
from bot.generation.applications.template_commands import USE
from bot.language import N_, _, ngettext
from bot.session.arguments import SESSION

_WHO, _TOPIC = "{who}", "{topic}"
"""What is filled in last: how a platform writes a name, and what moderation passed."""
_TEXTS = {
    Task.COPY: N_("{who} asked for brand copy: {topic}"),
    Task.AD: N_("{who} asked for an advertisement: {topic}"),
    Task.DESIGN: N_("{who} asked for a design brief: {topic}"),
    Task.IMPROVE: N_("{who} asked for a better version: {topic}"),
    Task.COMBINE: N_("{who} asked for one idea out of several: {topic}"),
    Task.CRITIQUE: N_("{who} asked for strengths and weaknesses: {topic}"),
}


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What somebody asked for; `topic` is in their own words, which are moderated before others read them."""

    sentence: str
    topic: str

    def told(self, who: str, topic: str) -> str:
        """The sentence; `who` as the platform writes names, `topic` as it passed moderation."""
        return self.sentence.format(who=who, topic=topic).rstrip(" :：")


def asked_for(request: Request | None, text: str, limits: LimitSettings) -> AskedFor:
    """What is asked for, where `text` says it as it was typed or pressed."""
    if isinstance(request, Invocation):
        if request.command == SESSION:
            started = _("{who} started a team session: {topic}", who=_WHO, topic=_TOPIC)
            return AskedFor(started, request.text("topic"))
        if request.command == USE:
            return _asked(_words_of(request) or text)
    brief = request if isinstance(request, Brief) else _brief(request, limits)
    topic = text if brief is None or isinstance(request, Brief) else brief.subject
    return _asked(topic) if brief is None else _of_brief(brief, topic)


def _of_brief(brief: Brief, topic: str) -> AskedFor:
    if brief.task in _TEXTS:
        return AskedFor(_(_TEXTS[brief.task], who=_WHO, topic=_TOPIC), topic)
    if brief.task is Task.CHAT:
        return _asked(topic)
    return AskedFor(_counted(brief), topic)


def _counted(brief: Brief) -> str:
    filled = {"who": _WHO, "topic": _TOPIC}
    if brief.task is Task.NAME:
        return ngettext(
            "{who} asked for {count} name: {topic}",
            "{who} asked for {count} names: {topic}",
            brief.count,
            **filled,
        )
    if brief.task is Task.SLOGAN:
        return ngettext(
            "{who} asked for {count} slogan: {topic}",
            "{who} asked for {count} slogans: {topic}",
            brief.count,
            **filled,
        )
    return ngettext(
        "{who} asked for {count} idea: {topic}",
        "{who} asked for {count} ideas: {topic}",
        brief.count,
        **filled,
    )


def _asked(topic: str) -> AskedFor:
    return AskedFor(_("{who} asked: {topic}", who=_WHO, topic=_TOPIC), topic)


def _brief(request: Invocation | None, limits: LimitSettings) -> Brief | None:
    if request is None:
        return None
    try:
        verb = command_named(request.command).verb(request.verb)
        return verb.brief(request, limits) if verb is not None and verb.brief is not None else None
    except CommandError:
        return None


def _words_of(request: Invocation) -> str:
    """What a template was filled with."""
    return ", ".join(str(value) for value in request.values.values() if isinstance(value, str | int))
