"""What an ordinary message means to the brainstorm that runs in its thread."""

import re

from bot.core.commands.call import Answer, Call, Mark
from bot.core.commands.option_values import numbers_in
from bot.session.capture import Author
from bot.session.phases import HELLO, MERGED, NEW
from bot.session.voting import vote
from storage.values.brainstorms import Phase, StoredBrainstorm

_SMALL_TALK = re.compile(
    r"(?:ok(?:ay)?|yes|yep|no|nope|lol|haha+|hi|hello|hey|thanks?(?: you)?|thx|nice|cool|great|good|wow|same|done"
    r"|agreed?|love (?:it|this|that)|(?:great|good|nice) (?:one|idea)|brb|back|\+1"
    r"|好的?|哈哈+|谢谢?|不错|收到|赞|嗯+|你好|[^\w]+)[\s.!,。！，]*",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"(?:who|when|where|which|is|are|am|do|does|did|can|may|should i|should we (?:start|stop|vote)"
    r"|how (?:long|many|much)|what(?:'s| is| are| does| do)|why (?:is|are|do|does|did))\b[^\n]*\?\s*"
    r"|[^\n]*(?:吗|呢)[?？]\s*",
    re.IGNORECASE,
)


def is_talk(text: str) -> bool:
    """Whether the text is no idea: small talk, or a question to the others. "What if ...?" is an idea."""
    stripped = text.strip()
    return bool(_SMALL_TALK.fullmatch(stripped) or _QUESTION.fullmatch(stripped))


async def hear(call: Call, text: str) -> Answer | None:
    """What becomes of a message that is no command; None where it is for Riff to answer as always.

    While ideas are collected it is ideas; while there is a vote, numbers are votes. All else is people's talk
    among themselves: Riff keeps out of it, except where there is nobody else to talk to.
    """
    brainstorm = await call.repositories.brainstorms.running_in(call.incoming.place)
    if brainstorm is None:
        return None
    talk = None if call.incoming.place.direct else Mark("")
    match brainstorm.phase:
        case Phase.WARM_UP:
            return Mark(HELLO)
        case Phase.DIVERGE:
            return talk if is_talk(text) else await take(call, brainstorm, text)
        case Phase.VOTE if numbers := numbers_in(text):
            return await vote(call, brainstorm, numbers)
        case _:
            return talk


async def take(call: Call, brainstorm: StoredBrainstorm, text: str) -> Answer:
    """The ideas go on the board, and the message gets a mark."""
    author = Author(call.person_id, call.incoming.event_id, call.incoming.author_name)
    taken = await call.capture.take(brainstorm, text, author)
    return Mark(MERGED if taken.merged and not taken.new else NEW)
