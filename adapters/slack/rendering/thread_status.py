"""What a thread shows while Riff works in it: the state of an agent's session with Slack's own stop, else a sentence.

https://docs.slack.dev/reference/methods/agents.sessions.setStatus
https://docs.slack.dev/reference/methods/assistant.threads.setStatus
"""

import logging

from slack_sdk.errors import SlackApiError

from adapters.slack.transport.api import Api, Gone, Unsure
from bot.jobs.inbox import TryLater

log = logging.getLogger("riff.slack")

_TITLE = 80
_WITHOUT_STOP = "missing_agent_session_stopped_event_subscription"
_TROUBLE = (SlackApiError, Gone, Unsure, TryLater)


class Status:
    """The status of one thread; "" for no thread, where there is no status.

    `is_agent` where Slack shows the app as an agent; a session that is new is called after `first_words`.
    """

    def __init__(
        self,
        api: Api,
        channel: str,
        thread: str,
        *,
        is_agent: bool = False,
        first_words: str = "",
        user: str = "",
    ) -> None:
        self._api = api
        self._channel = channel
        self._thread = thread
        self._is_agent = is_agent
        self._title = titled(first_words)
        self._user = user
        self._is_set = False
        self.has_stop = False
        """Whether Slack itself shows a button that stops the work."""

    async def set(self, text: str) -> None:
        """Show that Riff works, until the next message of Riff's, or until it is cleared."""
        if not self._thread:
            return
        if self._is_agent and await self._session("processing"):
            self._is_set = True
        else:
            self._is_agent = False
            self._is_set = await self._say(text)

    def take_over(self) -> None:
        """A session may still be at work that somebody else has left: it is to be cleared."""
        self._is_set = self._is_agent and bool(self._thread)

    async def clear(self) -> None:
        """Take it back: a session stays at work until somebody says that it is not."""
        if not self._is_set:
            return
        self._is_set = False
        if self._is_agent:
            await self._session("active")
        else:
            await self._say("")

    async def _session(self, status: str) -> bool:
        try:
            answer = await self._api.call(
                "agents.sessions.setStatus",
                channel_id=self._channel,
                thread_ts=self._thread,
                status=status,
                title=self._title or None,
                initiator_user_id=self._user or None,
            )
        except _TROUBLE as error:
            log.debug("no session: %s", error)
            return False
        self.has_stop = status == "processing" and _WITHOUT_STOP not in str(answer.get("warning") or "")
        return True

    async def _say(self, text: str) -> bool:
        try:
            await self._api.call(
                "assistant.threads.setStatus", channel_id=self._channel, thread_ts=self._thread, status=text
            )
        except _TROUBLE as error:
            log.debug("no status: %s", error)
            return False
        return True


def titled(text: str) -> str:
    """A title of what a person said first, cut between words."""
    words = " ".join(text.split())
    return words if len(words) <= _TITLE else f"{words[:_TITLE].rsplit(' ', 1)[0]} …"
