"""Takes what Slack delivers: what wants an answer goes into the inbox before it is acknowledged.

What must be fast (a modal, App Home, Stop) is done in the background. Nothing here waits for a model or for Slack.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from slack_bolt.response import BoltResponse

from adapters.slack.handling import agent_tab, assistant_pane
from adapters.slack.handling.modal_opener import ModalOpener
from adapters.slack.incoming.agent_view import AgentView
from adapters.slack.incoming.background_tasks import BackgroundTasks
from adapters.slack.incoming.comings import invitation, who
from adapters.slack.incoming.edited_messages import changed_message
from adapters.slack.incoming.event import (
    PLATFORM,
    Event,
    command_event,
    described,
    interaction_event,
    is_to_somebody_else,
    message_event,
    needs_known_thread,
    said_in,
    thread_key,
)
from adapters.slack.incoming.members import Members
from adapters.slack.incoming.pressed_elements import pressed_in
from adapters.slack.incoming.reaction_events import keep_reaction
from adapters.slack.incoming.shortcuts import SHORTCUTS, asked_about
from adapters.slack.rendering.modals import filled, frozen, handed_over
from adapters.slack.transport.installations import Apis
from bot.core.buttons import Action, ActionKind
from bot.core.commands import is_private
from bot.core.domain import Account
from bot.core.errors import RiffError
from bot.core.forms import BETWEEN
from bot.interactions.form_answers import opened_by
from bot.interactions.idea_opinions import CHANGES_LINE
from bot.jobs.inbox import InboxFull, StorageError
from bot.jobs.inbox_worker import Worker
from bot.jobs.scheduled import ScheduledJob

if TYPE_CHECKING:
    from bot.app import App


log = logging.getLogger("riff.slack")

_OK = 200
_LATER = 503
_JSON: dict[str, str | Sequence[str]] = {"content-type": ["application/json; charset=utf-8"]}
_IN_TURN = frozenset(
    {
        ActionKind.MORE,
        ActionKind.SHUFFLE,
        ActionKind.FURTHER,
        ActionKind.TO_IDEAS,
        ActionKind.GO_ON,
        ActionKind.IMPROVE,
        ActionKind.APPROVE,
        ActionKind.UPHOLD,
    }
)
"""What is answered in the thread, after what was asked there before; the rest is told to its person at once."""


class Receiver:
    """Turns one payload into an inbox event, a job in the background or nothing, and says how to acknowledge it."""

    def __init__(
        self,
        app: "App",
        apis: Apis,
        members: Members,
        opening: ModalOpener,
        worker: Worker,
        background: BackgroundTasks,
        agents: AgentView,
    ) -> None:
        self._app = app
        self._members = members
        self._opening = opening
        self._apis = apis
        self._worker = worker
        self._background = background
        self._agents = agents
        self._threads: dict[str, None] = {}

    async def receive(self, body: Mapping[str, Any], bot_user: str) -> BoltResponse:
        """The response to Slack; 503 where the event could not be kept, then Slack delivers it again."""
        try:
            async with self._app.inbox.arriving():
                return await self._receive(body, bot_user)
        except InboxFull as error:
            if "command" in body:  # Slack delivers a command only once
                return BoltResponse(status=_OK, body=error.say)
            return BoltResponse(status=_LATER, body="")
        except StorageError as error:
            log.error("an event could not be kept: %s", error)
            return BoltResponse(status=_LATER, body="")
        except (KeyError, ValueError, TypeError) as error:
            log.warning("a payload that cannot be read: %s", type(error).__name__)
            return BoltResponse(status=400, body="")

    async def _receive(self, body: Mapping[str, Any], bot_user: str) -> BoltResponse:
        kind = body.get("type")
        if "command" in body:
            await self._command(command_event(body), str(body["trigger_id"]))
        elif kind == "event_callback":
            await self._event(body, bot_user)
        elif kind == "block_actions":
            await self._pressed(body)
        elif kind == "message_action":
            await self._shortcut(body)
        elif kind == "view_submission":
            return await self._submitted(body)
        return BoltResponse(status=_OK, body="")

    async def _event(self, body: Mapping[str, Any], bot_user: str) -> None:
        raw = body["event"]
        await self._agents.hear(str(body.get("team_id") or ""), raw)
        match raw["type"]:
            case "message" | "app_mention":
                event = await self._rooted(message_event(body, bot_user))
                if event is not None and await self._is_for_riff(event):
                    await self._keep(event)
                elif changed := changed_message(body, bot_user):
                    await self._change(*changed)
            case "reaction_added" | "reaction_removed":
                await keep_reaction(body, bot_user, self._app.inbox, self._app.repositories)
            case "member_joined_channel":
                if invited := invitation(body, bot_user):
                    await self._app.inbox.add(invited.as_event())
            case "app_home_opened" if raw.get("tab") == "messages":
                event = who(body, raw["user"], raw["channel"], event_id=f"o:{raw.get('event_ts', '')}")
                self._background.start(agent_tab.opened(self._app, self._apis, self._members, event))
            case "app_home_opened":
                if raw.get("tab") == "home":
                    self._background.start(self._opening.home(who(body, raw["user"])))
            case "agent_session_stopped":
                event = who(body, raw["user"], raw["channel"], raw.get("thread_ts") or "")
                self._background.start(self._stop_thread(event))
            case "assistant_thread_started":
                thread = raw["assistant_thread"]
                event = who(body, thread["user_id"], thread["channel_id"], thread["thread_ts"])
                self._background.start(assistant_pane.greet(self._app, self._apis, self._members, event))
            case "app_uninstalled" | "tokens_revoked":
                self._background.start(
                    self._apis.installs.forget(body["team_id"], body.get("enterprise_id") or "")
                )

    async def _rooted(self, event: Event | None) -> Event | None:
        """The event; a direct message to an agent is a thread of its own."""
        if event is None or not event.direct or event.thread or not await self._agents.is_on(event.team):
            return event
        return replace(event, values={**event.values, "is_root": True})

    async def _change(self, event: Event, job: ScheduledJob) -> None:
        """What a person edited or deleted concerns only the brainstorm that runs there."""
        if await self._app.repositories.brainstorms.running_in(event.place) is not None:
            await self._app.inbox.add(
                job.event(thread_key(event.workspace, event.channel, event.answer_thread))
            )

    async def _keep(self, event: Event, order: str = "") -> None:
        is_in_pane = event.kind == "message" and event.direct and bool(event.thread)
        is_titled = not is_in_pane or await self._agents.is_on(event.team) or await self._knows(event)
        is_new = await self._app.inbox.add(event.as_event(order))
        self._remember(thread_key(event.workspace, event.channel, event.answer_thread))
        waiting = self._app.inbox.unfinished(PLATFORM) - self._app.settings.inbox.workers
        if is_new and waiting > 0 and event.kind in {"message", "command"}:
            self._background.start(self._opening.say_position(event, waiting))
        if is_new and not is_titled:
            self._background.start(assistant_pane.entitle(self._apis, event))

    async def _is_for_riff(self, event: Event) -> bool:
        """Whether it was said to Riff: directly, by name, in a thread that it is in, in a running brainstorm."""
        if is_to_somebody_else(event):
            return await self._app.repositories.brainstorms.running_in(event.place) is not None
        return not needs_known_thread(event) or await self._knows(event)

    async def _knows(self, event: Event) -> bool:
        """Whether Riff is in the thread; only yes is remembered, for another process may join it any time."""
        key = thread_key(event.workspace, event.channel, event.thread)
        if key not in self._threads and await self._app.inbox.rows.knows_thread(PLATFORM, key):
            self._remember(key)
        return key in self._threads

    def _remember(self, key: str) -> None:
        self._threads[key] = None
        if len(self._threads) > 10_000:
            del self._threads[next(iter(self._threads))]

    async def _command(self, event: Event, trigger: str) -> None:
        words = event.text.lower().split()
        if words == ["admin", "voice"]:
            self._background.start(self._opening.default_voice(event, trigger))
        elif words == ["admin"]:
            self._background.start(self._opening.settings(event, trigger))
        elif asked := await self._opening.asked_by_form(event):
            self._background.start(self._opening.command(event, asked, trigger))
        else:
            await self._keep(event, "" if event.direct else event.event_id)

    async def _pressed(self, body: Mapping[str, Any]) -> None:
        pressed, trigger = body["actions"][0], str(body["trigger_id"])
        meant = pressed_in(body)
        value = meant["action"]
        action = Action.parse(value)
        event = interaction_event(body, "action", {**meant, **_card_of(body, action)})
        opens = value if str(pressed.get("action_id", "")).startswith("riff-open-") else ""
        if opens and (asked := opened_by(opens)):
            self._background.start(self._opening.opener(event, asked, trigger))
        elif action is None:
            return
        elif action.kind is ActionKind.STOP:
            self._background.start(self._stop(event, action.target))
        elif action.kind is ActionKind.OPEN:
            # a message of the channel's own is no thread that the answer belongs in
            pressed = event if event.direct else replace(event, ts="")
            self._background.start(self._opening.beginning(pressed, action.target, trigger))
        elif action.kind is ActionKind.RULE:
            self._background.start(self._opening.review_rule(event, action, trigger))
        elif action.kind in {ActionKind.COMBINE, ActionKind.EDIT, ActionKind.FAVOURITES}:
            self._background.start(self._opening.asked_by_button(event, action, trigger))
        elif action.kind is ActionKind.UNSAVE:
            self._background.start(self._opening.unsave(event, action))
        elif event.values.get("blocks"):  # the line under a set is written by one press after the other
            await self._keep(event, f"{event.workspace}:{event.channel}:{event.ts}:line")
        else:
            await self._keep(event, "" if action.kind in _IN_TURN else event.event_id)

    async def _stop_thread(self, event: Event) -> None:
        """Slack's own stop names the thread: whatever is being answered there."""
        thread = thread_key(event.workspace, event.channel, event.answer_thread)
        for target in await self._app.inbox.rows.working_in(PLATFORM, thread):
            await self._stop(event, target)

    async def _stop(self, event: Event, target: str) -> None:
        async def moderates(author: Account, payload: Mapping[str, Any]) -> bool:
            is_here = author.workspace == event.workspace and payload.get("team") == event.team
            return is_here and await self._members.is_admin(event, anew=True)

        try:
            await self._worker.stop(target, event.author, moderates)
        except RiffError as error:
            await self._members.speak_to(event)
            await self._opening.tell(event, error.say)

    async def _shortcut(self, body: Mapping[str, Any]) -> None:
        callback = str(body["callback_id"])
        text = said_in(body["message"], "")
        if callback in SHORTCUTS:
            await self._keep(interaction_event(body, "shortcut", asked_about(text, callback)))

    async def _submitted(self, body: Mapping[str, Any]) -> BoltResponse:
        """Keeps a filled form; one that cannot be taken so stays open, with what to change at its fields."""
        context, values = filled(body["view"])
        files = {name: described(found) for name, found in handed_over(body["view"]).items()}
        event = interaction_event(
            {
                **body,
                "channel": {"id": context.get("channel", "")},
                "response_url": context.get("response_url"),
            },
            "form",
            {
                "name": context["form"],
                "target": context["target"],
                "fields": values,
                "handed_over": files,
                "card": context.get("card", ""),
            },
        )
        placed = replace(event, thread=context.get("thread", ""), event_id=f"v:{body['view']['id']}")
        if errors := await self._opening.faults(placed, context["form"], frozen(values)):
            answer = {"response_action": "errors", "errors": errors}
            return BoltResponse(status=_OK, body=json.dumps(answer), headers=_JSON)
        in_turn = not _is_private(context["form"]) and (placed.answer_thread or placed.direct)
        await self._keep(placed, "" if in_turn else placed.event_id)
        return BoltResponse(status=_OK, body="")


def _card_of(body: Mapping[str, Any], action: Action | None) -> dict[str, Any]:
    """The message that a press changes a line of, as it stands; nothing for other presses, or a private message."""
    message = body.get("message") or {}
    is_ephemeral = (body.get("container") or {}).get("is_ephemeral")
    if action is None or action.kind not in CHANGES_LINE or is_ephemeral or not message.get("blocks"):
        return {}
    return {"blocks": message["blocks"], "said": message.get("text") or ""}


def _is_private(form: str) -> bool:
    """Whether what the form comes to is told to its person alone, at once."""
    command, _between, verb = form.partition(BETWEEN)
    return is_private(command, verb)
