"""What an ordinary message means to the brainstorm that runs in its thread."""

import re

from bot.core.commands.call import Answer, Call, Mark
from bot.core.commands.option_values import numbers_in
from bot.core.domain import Invocation
from bot.session.capture import Author
from bot.session.phases import HELLO, MERGED, NEW
from bot.session.thread_words import asked_in_words
from bot.session.voting import vote
from storage.values.brainstorms import Phase, StoredBrainstorm

_SMALL_WORDS = re.compile(
    r"(?:ok(?:ay)?|yes|yep|yeah|no|nope|lol|ha(?:ha)+|hi|hello|hey|thanks?(?: you)?|thx|(?:so |very |really )?"
    r"(?:nice|cool|great|good|funny|true)(?: (?:one|idea|point))?|wow|same|done|agreed?|love (?:it|this|that)"
    r"|brb|back|nvm|never ?mind|\+1|好的?|哈哈+|谢谢?|不错|收到|赞|嗯+|你好|算了)\b|[^\w]+",
    re.IGNORECASE,
)
_LONGEST_REQUEST = 700
_OPENER = re.compile(
    r"(?:(?:oops|ups|whoops|sorry|actually|no|wait|correction|哎呀|不对)\b[\s,.:;!…—-]*)*"
    r"(?:i (?:actually )?mean[t]?(?: to (?:say|write))?\b|correction\b|我是说|应该是)[\s,:;…—-]*",
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
    return not _SMALL_WORDS.sub("", stripped).strip() or bool(_QUESTION.fullmatch(stripped))


def without_opener(text: str) -> str:
    """The text without words that say only that it is put right: "oops, I meant cork" is "cork"."""
    opener = _OPENER.match(text.lstrip())
    rest = text.lstrip()[opener.end() :].lstrip() if opener else ""
    return rest or text


async def asked_here(call: Call, text: str) -> Invocation | None:
    """What a message asks of the brainstorm that runs in its thread, in plain words; None for anything else."""
    if len(text) > _LONGEST_REQUEST:
        return None
    brainstorm = await call.repositories.brainstorms.running_in(call.incoming.place)
    return None if brainstorm is None else asked_in_words(text, brainstorm.phase)


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
    taken = await call.capture.take(brainstorm, without_opener(text), author)
    return Mark(MERGED if taken.merged and not taken.new else NEW)
