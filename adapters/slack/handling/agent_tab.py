"""The Messages tab when somebody opens it: Riff introduces itself once, and suggests whole requests each time.

https://docs.slack.dev/reference/events/app_home_opened
"""

import logging
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError

from adapters.slack.handling.assistant_pane import suggested
from adapters.slack.incoming.event import Event
from adapters.slack.incoming.members import Members
from adapters.slack.rendering.panels import panel_looks
from adapters.slack.transport.api import code_of
from adapters.slack.transport.installations import Apis
from bot.language import _

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger("riff.slack")


async def opened(app: "App", apis: Apis, members: Members, event: Event) -> None:
    """Show what fits the person. The prompts name no thread: with one, Slack would not show them for an agent."""
    await members.speak_to(event)
    api, _installed = await apis.of(event.team, event.enterprise)
    person = await app.repositories.people.find_or_create(event.author)
    panel = await app.first_contact.of(event.place, event.event_id, person_id=person)
    for look in panel_looks(panel) if panel else ():
        await api.call(
            "chat.postMessage",
            channel=event.channel,
            text=look.text,
            blocks=list(look.blocks),
            metadata={"event_type": "riff_note", "event_payload": {}},
        )
    profile = await app.repositories.people.profile(person)
    try:
        await api.call(
            "assistant.threads.setSuggestedPrompts",
            channel_id=event.channel,
            title=_("For example"),
            prompts=[{"title": title, "message": message} for title, message in suggested(profile)],
        )
    except SlackApiError as error:  # an app that is neither an agent nor an assistant has no prompts
        log.info("no suggested prompts: %s", code_of(error))
