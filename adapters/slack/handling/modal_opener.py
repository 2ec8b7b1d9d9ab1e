"""Opens modals, in the person's language, and tells who may not have one; App Home is drawn anew here too.

A trigger opens a modal for three seconds: https://docs.slack.dev/interactivity/handling-user-interaction
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from adapters.slack.handling.admin import COMMAND, FORM, Admin
from adapters.slack.handling.command_text import as_command, as_typed
from adapters.slack.incoming.event import PLATFORM, Event
from adapters.slack.incoming.members import Members
from adapters.slack.rendering import block_kit
from adapters.slack.rendering.app_home import home_view
from adapters.slack.rendering.modals import view_of
from adapters.slack.rendering.private_messages import PrivateMessages
from adapters.slack.rendering.sending import Spot
from adapters.slack.transport.installations import Apis
from adapters.slack.transport.permalinks import permalinks
from bot.core.buttons import Action, ActionKind
from bot.core.commands import command_named
from bot.core.domain import Place, Values
from bot.core.errors import CommandError, RiffError
from bot.core.forms import Form
from bot.interactions.actions import Actions, number_in
from bot.interactions.form_answers import asked_in_form, form_for, form_of_verb, opened
from bot.interactions.form_faults import declared_form, faults_in
from bot.interactions.resolver import Resolved
from bot.language import _
from bot.personalization.profile import WHOLE_WORKSPACE

if TYPE_CHECKING:
    from bot.app import App

_LINE_SECONDS = 2.0
Make = Callable[[Event], Awaitable[Form | None]]


class ModalOpener:
    """Each method but `asked_by_form` is a job for the background."""

    def __init__(self, app: "App", apis: Apis, admin: Admin, members: Members) -> None:
        self._app = app
        self._apis = apis
        self._admin = admin
        self._members = members
        self._actions = Actions(app.repositories, app.session_presses)

    async def asked_by_form(self, event: Event) -> Resolved | None:
        """The command that was typed, where a form has to ask for the rest. Asks the database, never Slack."""
        try:
            return await asked_in_form(as_command(event.text), self._app.repositories.templates, event.place)
        except CommandError:
            return None

    async def faults(self, event: Event, name: str, filled: Values) -> dict[str, str]:
        """What has to be changed in a filled form, by field, in the person's language."""
        declared = await declared_form(name, self._app.repositories.templates, _place_of(event))
        declared = (COMMAND, COMMAND.verbs[0]) if name == FORM else declared
        if declared is None or not faults_in(*declared, filled, self._app.settings.limits):
            return {}
        await self._members.speak_to(event)
        return faults_in(*declared, filled, self._app.settings.limits)

    async def command(self, event: Event, asked: Resolved, trigger: str) -> None:
        """What the command, or the workspace's template, needs to know."""

        async def make(event: Event) -> Form | None:
            by_admin = not asked.is_for_admins(event.place) or await self._members.is_admin(event, anew=True)
            repositories, limits = self._app.repositories, self._app.settings.limits
            return await form_for(asked, event.author, event.place, repositories, limits, by_admin=by_admin)

        await self._open(event, make, trigger)

    async def opener(self, event: Event, asked: Resolved, trigger: str) -> None:
        """The form that a button opens. What comes of it is no answer to the message that the button is in."""
        event = replace(event, ts="")
        place = _place_of(event)

        async def make(event: Event) -> Form | None:
            by_admin = asked.is_for_admins(place) and await self._members.is_admin(event, anew=True)
            repositories, limits = self._app.repositories, self._app.settings.limits
            return await form_for(asked, event.author, place, repositories, limits, by_admin=by_admin)

        await self._open(event, make, trigger)

    async def settings(self, event: Event, trigger: str) -> None:
        """What is set for the workspace, for its admins to change."""
        await self._open(event, self._admin.form, trigger)

    async def beginning(self, event: Event, name: str, trigger: str) -> None:
        """The form of any command, as a button names it, or what to type where there is none."""

        async def make(event: Event) -> Form | None:
            repositories, limits = self._app.repositories, self._app.settings.limits
            found = await opened(
                name,
                event.author,
                event.place,
                repositories,
                limits,
                is_admin=lambda: self._members.is_admin(event, anew=True),
            )
            if isinstance(found, Form):
                return found
            await self.tell(event, found.text)
            return None

        await self._open(event, make, trigger)

    async def default_voice(self, event: Event, trigger: str) -> None:
        """The voice of the brand in all of the workspace, for its admins."""
        command = command_named("voice")
        verb = command.verb("edit")
        assert verb is not None  # noqa: S101 - it is declared

        async def make(event: Event) -> Form:
            await self._admin.check(event)
            repositories, limits = self._app.repositories, self._app.settings.limits
            hidden = {"for": "workspace"}
            return await form_of_verb(
                command, verb, event.author, event.place, repositories, limits, hidden=hidden
            )

        await self._open(event, make, trigger)

    async def asked_by_button(self, event: Event, action: Action, trigger: str) -> None:
        """What a button opens: which ideas to combine with its own, or what an idea of a board says now."""

        async def make(event: Event) -> Form | None:
            by_admin = action.kind is ActionKind.EDIT and await self._members.is_admin(event, anew=True)
            outcome = await self._actions.perform(action, event.author, event.place, by_admin=by_admin)
            return outcome if isinstance(outcome, Form) else None

        await self._open(event, make, trigger)

    async def review_rule(self, event: Event, action: Action, trigger: str) -> None:
        """Which rule a moderator adds because of what was stopped; the message is drawn anew when it is there."""

        async def make(event: Event) -> Form | None:
            manages = partial(self._members.is_admin, event, anew=True)
            desk, entry = self._app.review_desk, number_in(action.target)
            form = await desk.form(entry, event.author, event.place, manages)
            return replace(form, target=f"{form.target}:{event.ts}")

        await self._open(event, make, trigger)

    async def home(self, event: Event) -> None:
        """Draw the person's App Home."""
        await self._members.speak_to(event)
        api, _installed = await self._apis.of(event.team, event.enterprise)
        view = await home_view(self._app, event.author, partial(permalinks, api))
        await api.call("views.publish", user_id=event.user, view=view)

    async def unsave(self, event: Event, action: Action) -> None:
        """An idea is taken out of what the person saved, and App Home drawn anew."""
        person = await self._app.repositories.people.find(event.author)
        if person is not None and action.target.isascii() and action.target.isdecimal():
            await self._app.repositories.ideas.unsave(person, int(action.target[:18]))
        await self.home(event)

    async def say_position(self, event: Event, waiting: int) -> None:
        """Tell the person how long the line is, where it does not dissolve by itself in a moment."""
        finished = self._app.inbox.done(PLATFORM)
        await asyncio.sleep(_LINE_SECONDS)
        waiting -= self._app.inbox.done(PLATFORM) - finished
        if waiting <= 0:
            return
        await self._members.speak_to(event)
        message = _(
            "I'm busy: about {waiting} prompts are before yours. I answer it as soon as it is its turn.",
            waiting=waiting,
        )
        await self.tell(event, message)

    async def _open(self, event: Event, make: Make, trigger: str) -> None:
        await self._members.speak_to(event)
        try:
            form = await make(event)
        except RiffError as error:
            await self.tell(event, error.say)
            return
        if form is None:
            return
        context = {
            "channel": event.channel,
            "thread": event.answer_thread,
            "response_url": event.response_url,
            "card": event.ts,
        }
        api, _installed = await self._apis.of(event.team, event.enterprise)
        await api.call("views.open", trigger_id=trigger, view=view_of(form, context))

    async def tell(self, event: Event, text: str) -> None:
        """A sentence for the person alone."""
        api, _installed = await self._apis.of(event.team, event.enterprise)
        spot = Spot(event.channel, event.answer_thread, event.user, event.recipient_team, event.ts)
        await PrivateMessages(api, spot, event.response_url).send(block_kit.notes(as_typed(text)))


def _place_of(event: Event) -> Place:
    """Where it happened; App Home lies in no channel."""
    return event.place if event.channel else replace(event, channel=WHOLE_WORKSPACE).place
