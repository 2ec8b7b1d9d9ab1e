"""`/recall`: finds the person's saved ideas, and what was said earlier in the thread."""

from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Option, command_of_one
from bot.core.notices import Notice
from bot.language import N_, _
from bot.personalization.recall import Here, Recall

_MOST = 10
_PASSAGES = 3
_LAST = 2**62


async def _recall(call: Call) -> Answer:
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
    lines += [f"{at}. **{idea.title or idea.topic}**: {idea.body}" for at, idea in enumerate(ideas, start=1)]
    lines += [_("Said in this thread:"), *(f"- {text}" for text in said)] if said else []
    return "\n".join(lines)


COMMAND = command_of_one(
    "recall",
    N_("find what you saved, and what was said here"),
    N_("/recall coffee cups"),
    (Option("words", N_("What was it about?"), placeholder=N_("WORDS"), positional=True),),
    _recall,
    private=True,
)
