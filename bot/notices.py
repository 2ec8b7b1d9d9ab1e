"""Riff's own fixed sentences: without anyone else's text, so safe to show when moderation is away.

Only numbers and names from Riff's own lists may be filled in: that is why nothing here takes free text.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """One of Riff's own sentences; a `private` one is for the person who asked, where a platform can do that."""

    text: str
    private: bool = True


_RULES = {
    "blocklist": "it has a word that is not allowed here",
    "topic": "the topic is off limits here",
    "privacy": "it has personal data that may not be shared",
}

EMPTY = Notice("That message was empty. Tell me a topic, for example: /brainstorm 5 reusable coffee cups")
WITHHELD = Notice(
    "Sorry, I can't show that answer: my content check is not available. Please try again shortly."
)
BLOCKED_ANSWER = Notice("Sorry, my answer did not pass the content check. Please ask in another way.")
WITHDRAWN = Notice(
    "Sorry, I took that answer back: as a whole it did not pass the content check.", private=False
)
NOTHING = Notice("Sorry, nothing useful came to mind. Please put it another way or give me more to go on.")
TIMED_OUT = Notice("That took too long, so I stopped. Please try again, or ask for less.")
CUT_SHORT = Notice("I ran out of time, so this answer is incomplete.", private=False)
SHORTENED = Notice(
    "I had to leave out part of what was said, because it is more than my model can read.", private=False
)
CANCELLED = Notice("Stopped.")
MODEL_AWAY = Notice("Sorry, my language model is not available right now. Please try again shortly.")
STORAGE_AWAY = Notice(
    "Sorry, I can't reach my memory right now, and nothing was lost. Please try again shortly."
)
DOCUMENT = Notice("Here is the file.")
TOO_LATE = Notice(
    "Sorry, I was away and could not answer this in time. Please ask again if you still need it."
)
CONFLICTING_WORDS = Notice(
    "I could not avoid all of your don't-words; remove one of them or change the topic."
)


def too_long(characters: int, limit: int) -> Notice:
    """A prompt of `characters` is over the `limit`."""
    return Notice(
        f"That is {characters:,} characters, and I read at most {limit:,}. Please send a shorter text."
    )


REFUSED_AGAIN = Notice("I won't work on that message either.")
NO_MORE_REFUSALS = Notice(
    "I won't work on messages like these, and will leave further ones unanswered for a while. "
    "I'm glad to help with anything else."
)


def refused(category: str) -> Notice:
    """A prompt that moderation blocked; names the rule, never the text."""
    kind, _, topic = category.partition(":")
    reason = f"the topic is off limits here: {topic}" if topic else _RULES.get(kind, "it reads as abusive")
    return Notice(f"I won't work on that message because {reason}. Please put it another way.")


def busy(seconds: int) -> Notice:
    """The queue is full; there is room in about `seconds`."""
    return Notice(f"I'm busy with other people's ideas. Please try again in about {max(1, seconds)} s.")


def failed(reference: str) -> Notice:
    """Trouble that has no sentence of its own; `reference` is in the log."""
    return Notice(f"Sorry, something went wrong on my side. Please try again; the log has it as {reference}.")
