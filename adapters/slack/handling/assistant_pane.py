"""The assistant pane of apps from before Slack had agents: a greeting, prompts that fit the person, a title.

https://docs.slack.dev/ai/developing-ai-apps
"""

from typing import TYPE_CHECKING

from adapters.slack.incoming.event import Event
from adapters.slack.incoming.members import Members
from adapters.slack.rendering import block_kit
from adapters.slack.rendering.markdown import escape
from adapters.slack.rendering.thread_status import titled
from adapters.slack.transport.installations import Apis
from bot.core.domain import Profile
from bot.language import _

if TYPE_CHECKING:
    from bot.app import App


async def greet(app: "App", apis: Apis, members: Members, event: Event) -> None:
    """Say hello in a new assistant thread, with prompts to begin with."""
    await members.speak_to(event)
    api, _installed = await apis.of(event.team, event.enterprise)
    person = await app.repositories.people.find(event.author)
    profile = Profile() if person is None else await app.repositories.people.profile(person)
    (look,) = block_kit.notes(_("Hi! Give me a topic and I bring ideas, copy, names or a design brief."))
    await api.call(
        "chat.postMessage",
        channel=event.channel,
        thread_ts=event.thread,
        text=look.text,
        blocks=list(look.blocks),
        metadata={"event_type": "riff_note", "event_payload": {}},
    )
    await api.call(
        "assistant.threads.setSuggestedPrompts",
        channel_id=event.channel,
        thread_ts=event.thread,
        title=_("For example"),
        prompts=[{"title": title, "message": message} for title, message in suggested(profile)],
    )


async def entitle(apis: Apis, event: Event) -> None:
    """Name an assistant thread after the person's first words in it."""
    title = titled(event.text)
    if not title:
        return
    api, _installed = await apis.of(event.team, event.enterprise)
    await api.call(
        "assistant.threads.setTitle", channel_id=event.channel, thread_ts=event.thread, title=escape(title)
    )


def suggested(profile: Profile) -> list[tuple[str, str]]:
    """Up to four prompts as (title, message), in the words of the person's profile where it has some."""
    interest = profile.interests[0] if profile.interests else _("our next team event")
    audience = profile.audience or _("new customers")
    return [
        (
            _fit(_("Ideas about {topic}", topic=interest)),
            _("Brainstorm 5 ideas about {topic}", topic=interest),
        ),
        (
            _fit(_("Copy for {people}", people=audience)),
            _("Write copy for a page that welcomes {people}", people=audience),
        ),
        (_("Names"), _("Suggest 6 names for a weekly newsletter")),
        (_("Something for me"), _("Recommend ideas that fit my interests")),
    ]


def _fit(title: str) -> str:
    return title if len(title) <= 60 else f"{title[:59]}…"
