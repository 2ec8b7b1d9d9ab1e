"""One message on its way through the pipeline: what is known of it so far, and what of its reply was shown."""

import time

from bot.answering.delivery import Delivery
from bot.core.channel import Channel
from bot.core.domain import Incoming, Invocation, Outcome, Profile, Reply, Verdict
from bot.core.errors import CommandError
from bot.interactions.resolver import Resolved
from genai.moderation import Policy
from storage.values.records import StoredMessage


class MessageContext:
    """One message, from its arrival. Who said it is known once they are met, its ids once it is remembered.

    `resolved` is the command that is meant, read once: None for a brief and for what is no command. `trouble` says
    why a command could not be understood; it is told once the message has passed moderation. `command` and `verb`
    are what the question is remembered with. `typed` is what the message holds of personal data, whoever's.
    """

    def __init__(self, incoming: Incoming, channel: Channel, delivery: Delivery) -> None:
        self.incoming = incoming
        self.channel = channel
        self.delivery = delivery
        self.person_id = 0
        self.profile = Profile()
        self.question_id = 0
        self.conversation_id = 0
        self.verdict: Verdict | None = None
        self.policy: Policy | None = None
        self.typed: frozenset[str] = frozenset()
        self.resolved: Resolved | None = None
        self.command = ""
        self.verb = ""
        self.trouble: CommandError | None = None
        self._started = time.monotonic()

    @property
    def elapsed_ms(self) -> int:
        """Milliseconds since the message arrived."""
        return round((time.monotonic() - self._started) * 1000)

    @property
    def invocation(self) -> Invocation | None:
        """The command that is meant, its verb and its values."""
        return self.resolved.invocation if self.resolved else None

    @property
    def is_private(self) -> bool:
        """Whether what a command answers is for whoever asked only."""
        return self.resolved is not None and self.resolved.verb.private

    @property
    def is_for_author_only(self) -> bool:
        """Whether others who share the channel do not see the reply."""
        return self.channel.is_for_author_only and not self.incoming.place.direct

    def remembered(self, question: StoredMessage) -> None:
        """The message is stored as `question`."""
        self.question_id, self.conversation_id = question.id, question.conversation_id

    def reply(self, outcome: Outcome | None, text: str, model: str = "") -> Reply:
        """The reply as it stands now."""
        first = self.delivery.first_text_at
        return Reply(
            outcome=outcome,
            text=text,
            verdict=self.verdict,
            latency_ms=self.elapsed_ms,
            first_text_ms=None if first is None else round((first - self._started) * 1000),
            model=model,
        )
