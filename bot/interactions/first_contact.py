"""How Riff introduces itself: three lines and the buttons to begin with, by itself once for each place.

It does so where it is invited, where somebody opens their direct messages with it, and where it is greeted; whoever
asks what it can do is told each time.
"""

import unicodedata
from dataclasses import dataclass

from bot.core.buttons import Panel, opening_buttons
from bot.core.channel import Channel
from bot.core.domain import Incoming, Place
from bot.core.notices import Notice
from bot.jobs.scheduled import ScheduledJob
from bot.language import _, speaking
from genai.answers.requests import Intent, understand
from storage.repositories import Repositories

KIND = "welcome"
"""The job that introduces Riff where it was invited."""
_GREETINGS = frozenset(
    [
        "hello",
        "hi",
        "hey",
        "hiya",
        "howdy",
        "yo",
        "hello there",
        "hi there",
        "hey there",
        "hello everyone",
        "hi all",
        "good morning",
        "good afternoon",
        "good evening",
        "morning",
        "greetings",
        "hallo",
        "hola",
        "bonjour",
        "guten tag",
        "moin",
        "servus",
        "start",
        "get started",
        "你好",
        "您好",
        "你好呀",
        "你好啊",
        "嗨",
        "哈喽",
        "哈啰",
        "早",
        "早上好",
        "早安",
        "下午好",
        "晚上好",
        "大家好",
        "在吗",
        "在不在",
        "开始",
    ]
)
_QUESTIONS = frozenset(
    [
        "help",
        "help me",
        "what can you do",
        "what do you do",
        "what are you",
        "who are you",
        "what is this",
        "how do you work",
        "how does this work",
        "how do i start",
        "how do i use this",
        "what can i ask you",
        "what can you help with",
        "what can you help me with",
        "what are you for",
        "was kannst du",
        "hilfe",
        "hello what can you do",
        "hi what can you do",
        "帮助",
        "帮帮我",
        "你能做什么",
        "你会做什么",
        "你可以做什么",
        "你能干什么",
        "你会什么",
        "你会干什么",
        "你能帮我做什么",
        "你可以帮我做什么",
        "你是谁",
        "你是什么",
        "怎么用",
        "怎么使用",
        "如何使用",
        "这是什么",
        "有什么功能",
        "你有什么功能",
    ]
)
_NAME = "riff"
_CHINESE = "zh-Hans"


@dataclass(frozen=True, slots=True)
class FirstContact:
    """Introduces Riff in places that do not know it yet."""

    repositories: Repositories

    async def of(self, place: Place, event_id: str, *, person_id: int | None = None) -> Panel | None:
        """The introduction, where it falls to this event; None where another gave it."""
        is_new = await self.repositories.channels.welcome(place, event_id, person_id=person_id)
        return introduction(place) if is_new else None

    async def answer(self, text: str, incoming: Incoming, person_id: int) -> Panel | None:
        """The answer to a greeting in a new place, or to somebody who asks what Riff can do; None for all else."""
        words = _words(text)
        if words not in _GREETINGS | _QUESTIONS:
            return None
        with speaking(_CHINESE if _is_chinese(words) else ""):
            first = await self.of(incoming.place, incoming.event_id, person_id=person_id)
            return first or (introduction(incoming.place) if words in _QUESTIONS else None)

    async def do(self, job: ScheduledJob, channel: Channel, _resume: bool) -> None:
        """Introduce Riff where it was invited."""
        panel = await self.of(job.place, job.event_id)
        if panel is not None:
            await channel.panel(panel)


def introduction(place: Place) -> Panel:
    """What Riff is for, in three lines, and what to begin with."""
    lines = (
        _("Hi, I'm Riff, your team's brainstorming partner."),
        _("I bring ideas, names, copy and ads, and lead brainstorms of a whole team."),
        _("Tell me in your own words what you need, or begin here:")
        if place.direct
        else _("Mention me and say in your own words what you need, or begin here:"),
    )
    return Panel(Notice("\n".join(lines), private=False), buttons=opening_buttons())


def is_small_talk(text: str) -> bool:
    """Whether it asks for nothing: a greeting, thanks, a sign."""
    words = _words(text)
    if not words or words in _GREETINGS:
        return True
    asked = understand(text)
    return asked is not None and asked.intent is Intent.SMALL_TALK


def _is_chinese(words: str) -> bool:
    """Whether a greeting says which language its author speaks: platforms tell it late, or not at all."""
    return any("\u4e00" <= sign <= "\u9fff" for sign in words)


def _words(text: str) -> str:
    """The words alone, in small letters, without Riff's name."""
    kept = "".join(sign if unicodedata.category(sign)[0] in "LN" else " " for sign in text.casefold())
    return " ".join(word for word in kept.split() if word != _NAME)
