"""`/recall`: finds the person's saved ideas, what was said earlier in the thread, and what others were given."""

import asyncio

from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Kind, Option, command_of_one
from bot.core.notices import Notice
from bot.generation.different_people import KEPT_APART, LOOKED_AT
from bot.language import N_, _
from bot.personalization.recall import Here, Recall
from genai.text import relevant
from storage.values.records import GivenIdea, Scope

_MOST = 10
_PASSAGES = 3
_CUT = 400
_LAST = 2**62
_TOPICS = 5


async def _recall(call: Call) -> Answer:
    if call.invocation.flag("others"):
        return await _of_others(call, call.text("words") or await _last_topic(call))
    place = call.incoming.place
    recall = Recall(call.repositories, call.moderator, call.limits.history_turns)
    words = call.text("words")
    if not words:
        newest = await call.repositories.ideas.saved(
            call.person_id, _MOST, place=None if place.direct else place, private=True
        )
        if not newest:
            return Notice(_("You have saved nothing here yet: press Save under an idea, or type /save 2."))
        ideas, said = list(newest), []
    else:
        here = Here(call.person_id, call.conversation_id, 0, place, call.policy, is_private=True)
        ideas = await recall.saved(words, here, _MOST)
        said = await recall.passages(words, here, _LAST, _PASSAGES)
    if not ideas and not said:
        return Notice(_("I find nothing of that among what you saved, nor in this thread."))
    lines = [_("Saved ideas:")] if ideas else []
    lines += [
        f"{at}. **{idea.title or idea.topic}**: {_short(idea.body)}" for at, idea in enumerate(ideas, start=1)
    ]
    lines += [_("Said in this thread:"), *(f"- {text}" for text in said)] if said else []
    return "\n".join(lines)


def _short(body: str) -> str:
    """An idea's body, or the beginning of a whole answer that was saved, on one line."""
    words = " ".join(body.split())
    return words if len(words) <= _CUT else f"{words[:_CUT].rsplit(' ', 1)[0]} …"


async def _of_others(call: Call, topic: str) -> Answer:
    """Ideas that were shown to all in channels that the person can read now; nobody is named who asked for them."""
    if not topic:
        return Notice(_("About what? For example: /recall coffee cups --others"))
    place = call.incoming.place
    workspace, tasks = Scope(place.platform, place.workspace), [task.value for task in KEPT_APART]
    given = await call.repositories.ideas.given_to_others(call.person_id, workspace, tasks, LOOKED_AT)
    shared = [idea for idea in given if idea.is_shared] if place.workspace else []
    fitting = await asyncio.to_thread(_fitting, topic, shared)
    readable = await call.memberships.readable(call.incoming.author, place, fitting)
    if not readable:
        return Notice(_("I find nothing that others were given about that in channels that you can read."))
    lines = (f"- **{idea.title}**: {idea.body}" if idea.title else f"- {idea.body}" for idea in readable)
    return "\n".join([_("What others were given about “{topic}”:", topic=topic), *list(lines)[:_MOST]])


def _fitting(topic: str, ideas: list[GivenIdea]) -> list[GivenIdea]:
    """The ideas whose topic is about this one, the most relevant first, the newest of equals."""
    topics = list(dict.fromkeys(idea.topic for idea in ideas))
    order = [topics[at] for at in relevant(topic, topics, _TOPICS)]
    return [idea for one in order for idea in ideas if idea.topic == one]


async def _last_topic(call: Call) -> str:
    """What the thread's last list was about, else the person's own last one."""
    listed, _is_latest = await call.repositories.ideas.last_list(call.conversation_id, call.person_id)
    own = await call.repositories.ideas.recent_of_person(call.person_id, 1)
    return next((idea.topic for idea in (*listed, *own)), "")


COMMAND = command_of_one(
    "recall",
    N_("find what you saved, what was said here, and what others got"),
    N_("/recall coffee cups"),
    (
        Option("words", N_("What was it about?"), placeholder=N_("WORDS"), positional=True),
        Option("others", N_("What others were given about it"), Kind.FLAG),
    ),
    _recall,
    private=True,
)
