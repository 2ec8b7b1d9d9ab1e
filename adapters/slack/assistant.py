"""The assistant pane: a greeting and prompts that fit the person, and a title once it is known what it is about.

https://docs.slack.dev/ai/developing-ai-apps
"""

from typing import TYPE_CHECKING

from adapters.slack import blocks
from adapters.slack.heard import Heard
from adapters.slack.installs import Apis
from adapters.slack.markdown import escape
from bot.domain import Profile

if TYPE_CHECKING:
    from bot.app import App

_GREETING = "Hi! Give me a topic and I bring ideas, copy, names or a design brief."
_TITLE = 80


async def greet(app: "App", apis: Apis, heard: Heard) -> None:
    """Say hello in a new assistant thread, with prompts to begin with."""
    api, _ = await apis.of(heard.team, heard.enterprise)
    person = await app.memory.people.find(heard.author)
    profile = Profile() if person is None else await app.memory.people.profile(person)
    (look,) = blocks.notes(_GREETING)
    await api.call(
        "chat.postMessage",
        channel=heard.channel,
        thread_ts=heard.thread,
        text=look.text,
        blocks=list(look.blocks),
        metadata={"event_type": "riff_note", "event_payload": {}},
    )
    await api.call(
        "assistant.threads.setSuggestedPrompts",
        channel_id=heard.channel,
        thread_ts=heard.thread,
        title="For example",
        prompts=[{"title": title, "message": message} for title, message in suggested(profile)],
    )


async def entitle(apis: Apis, heard: Heard) -> None:
    """Name an assistant thread after the person's first words in it."""
    words = " ".join(heard.text.split())
    title = words if len(words) <= _TITLE else f"{words[:_TITLE].rsplit(' ', 1)[0]} …"
    if not title:
        return
    api, _ = await apis.of(heard.team, heard.enterprise)
    await api.call(
        "assistant.threads.setTitle", channel_id=heard.channel, thread_ts=heard.thread, title=escape(title)
    )


def suggested(profile: Profile) -> list[tuple[str, str]]:
    """Up to four prompts as (title, message), in the words of the person's profile where it has some."""
    interest = profile.interests[0] if profile.interests else "our next team event"
    audience = profile.audience or "new customers"
    return [
        (_fit(f"Ideas about {interest}"), f"Brainstorm 5 ideas about {interest}"),
        (_fit(f"Copy for {audience}"), f"Write a short text that welcomes {audience}"),
        ("Names", "Suggest 6 names for a weekly newsletter"),
        ("Something for me", "Recommend ideas that fit my interests"),
    ]


def _fit(title: str) -> str:
    return title if len(title) <= 60 else f"{title[:59]}…"
