"""Riff's own fixed sentences: without anyone else's text, so safe to show when moderation is away.

Only numbers and names from Riff's own lists may be filled in: that is why nothing here takes free text.
"""

from dataclasses import dataclass

from bot.language import N_, _, ngettext, number
from genai.request import FinishReason
from storage.values.records import Erasure


@dataclass(frozen=True, slots=True)
class Notice:
    """One of Riff's own sentences; a `private` one is for the person who asked, where a platform can do that.

    `message` is marked with `N_` where it is made before anybody is spoken to, and translated already by `_`
    where it has fields.
    """

    message: str
    private: bool = True

    @property
    def text(self) -> str:
        """The sentence in the language of whoever is spoken to now."""
        return _(self.message)


_RULES = {
    "blocklist": N_("it has a word that is not allowed here"),
    "topic": N_("the topic is off limits here"),
    "privacy": N_("it has personal data that may not be shared"),
}

EMPTY = Notice(N_("That message was empty. Tell me a topic, for example: /brainstorm 5 reusable coffee cups"))
WITHHELD = Notice(
    N_("Sorry, I can't show that answer: my content check is not available. Please try again shortly.")
)
BLOCKED_ANSWER = Notice(N_("Sorry, my answer did not pass the content check. Please ask in another way."))
WITHDRAWN = Notice(
    N_("Sorry, I took that answer back: as a whole it did not pass the content check."), private=False
)
NOTHING = Notice(
    N_("Sorry, nothing useful came to mind. Please put it another way or give me more to go on.")
)
TIMED_OUT = Notice(N_("That took too long, so I stopped. Please try again, or ask for less."))
CUT_SHORT = Notice(N_("I ran out of time, so this answer is incomplete."), private=False)
CUT_AT_LENGTH = Notice(
    N_(
        "This answer is incomplete, because it became as long as my answers may be; say “go on” for the rest."
    ),
    private=False,
)
BROKE_OFF = Notice(
    N_("My language model broke off here, so this answer is incomplete; say “go on” for the rest."),
    private=False,
)
FILTERED = Notice(
    N_("My language model's own content filter cut this answer off, so it is incomplete."), private=False
)
FILTERED_ALL = Notice(
    N_("My language model's own content filter did not let an answer pass. Please ask in another way.")
)
MAYBE_CUT = Notice(
    N_("My language model did not say whether this answer is complete; say “go on” if it is not."),
    private=False,
)
ONLY_THOUGHT = Notice(
    N_(
        "My language model thought this over for as long as it may and gave no answer."
        " Please try again, or ask for less."
    )
)
SHORTENED = Notice(
    N_("I had to leave out part of what was said, because it is more than my model can read."), private=False
)
CANCELLED = Notice(N_("Stopped."))
MODEL_AWAY = Notice(N_("Sorry, my language model is not available right now. Please try again shortly."))
STORAGE_AWAY = Notice(
    N_("Sorry, I can't reach my memory right now, and nothing was lost. Please try again shortly.")
)
DOCUMENT = Notice(N_("Here is the file."))
TOO_LATE = Notice(
    N_("Sorry, I was away and could not answer this in time. Please ask again if you still need it.")
)
CONFLICTING_WORDS = Notice(
    N_("I could not avoid all of your don't-words; remove one of them or change the topic.")
)

_CUT: dict[FinishReason, Notice] = {
    "deadline": CUT_SHORT,
    "length": CUT_AT_LENGTH,
    "error": BROKE_OFF,
    "content_filter": FILTERED,
    "unknown": MAYBE_CUT,
}


def cut(finish: FinishReason, end: str) -> Notice | None:
    """How a text was cut whose `end` this is; None for one that is whole, or looks so where nothing says."""
    if finish == "unknown" and not end.rstrip()[-1:].isalnum():
        return None
    return _CUT.get(finish)


def without_answer(finish: FinishReason, *, has_thought: bool) -> Notice | None:
    """Why a text that ended so has no words in it, where that is known."""
    if finish in {"deadline", "content_filter"}:
        return TIMED_OUT if finish == "deadline" else FILTERED_ALL
    return ONLY_THOUGHT if has_thought else None


def too_long(characters: int, limit: int) -> Notice:
    """A prompt of `characters` is over the `limit`."""
    return Notice(
        _(
            "That is {characters} characters, and I read at most {limit}. Please send a shorter text.",
            characters=number(characters),
            limit=number(limit),
        )
    )


def long_word(characters: int, limit: int) -> Notice:
    """A prompt has a word of `characters`, over the `limit`."""
    return Notice(
        _(
            "There is a word of {characters} characters in it, and I read words of at most {limit}."
            " Please put spaces in, or leave it out.",
            characters=number(characters),
            limit=number(limit),
        )
    )


def too_many(most: int, seconds: int) -> Notice:
    """One person's messages came too fast; there is room for another one in `seconds`."""
    return Notice(
        _(
            "That is more than {most} in a minute, which is the limit here. Try again in {seconds} s.",
            most=most,
            seconds=max(1, seconds),
        )
    )


REFUSED_AGAIN = Notice(N_("I won't work on that message either."))
NO_MORE_REFUSALS = Notice(
    N_(
        "I won't work on messages like these, and will leave further ones unanswered for a while. "
        "I'm glad to help with anything else."
    )
)


def refused(category: str) -> Notice:
    """A prompt that moderation blocked; names the rule, never the text."""
    kind, _colon, topic = category.partition(":")
    reason = (
        _("the topic is off limits here: {topic}", topic=topic)
        if topic
        else _(_RULES.get(kind, N_("it reads as abusive")))
    )
    return Notice(
        _("I won't work on that message because {reason}. Please put it another way.", reason=reason)
    )


def left_out(ideas: int, parts: int) -> list[Notice]:
    """So many ideas, and other parts of a reply, were blocked, and nothing came in their place."""
    told = ngettext(
        "I left {count} idea out: it did not pass the content check.",
        "I left {count} ideas out: they did not pass the content check.",
        ideas,
    )
    of_parts = ngettext(
        "I left {count} part out: it did not pass the content check.",
        "I left {count} parts out: they did not pass the content check.",
        parts,
    )
    return [Notice(said, private=False) for count, said in ((ideas, told), (parts, of_parts)) if count]


def busy(seconds: int) -> Notice:
    """The queue is full; there is room in about `seconds`."""
    return Notice(
        _(
            "I'm busy with other people's ideas. Please try again in about {seconds} s.",
            seconds=max(1, seconds),
        )
    )


def failed(reference: str) -> Notice:
    """Trouble that has no sentence of its own; `reference` is in the log."""
    return Notice(
        _(
            "Sorry, something went wrong on my side. Please try again; the log has it as {reference}.",
            reference=reference,
        )
    )


def writes_only(languages: str) -> Notice:
    """The language model knows `languages` and not the person's own."""
    return Notice(
        _("My language model writes {languages} only, so ideas come in {languages}.", languages=languages)
    )


def erased(erasure: Erasure) -> Notice:
    """What was held on a person is gone; says so where a trace may be left in the database's files."""
    records = sum(erasure.rows.values())
    done = ngettext(
        "Everything that Riff held on you is erased ({count} record).",
        "Everything that Riff held on you is erased ({count} records).",
        records,
    )
    left = _(
        "Traces of it are still in the database's files, which another program may have open; close that"
        " program, and Riff removes them at its next start."
    )
    return Notice(done if erasure.complete else f"{done} {left}")
