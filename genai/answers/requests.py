"""Understands what people ask for without a command, in English and Chinese, a little in German, French and Spanish.

Patterns, and only where they are certain: everything else is None, which is chat.
"""

import re
from dataclasses import replace

from genai.answers.asking import chinese, follow_ups, making
from genai.answers.asking.asked import Asked, Intent
from genai.answers.asking.words import NUMBER, number_of
from genai.prompts import Task

__all__ = ["Asked", "Intent", "brief_of", "understand"]

_LONGEST = 400
_MENTION = re.compile(r"^\s*(?:<@[^>\s]+>|@\w+)[\s,:]*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_MOST_SENTENCES = 4
_FEWEST_WORDS = 3
_TASKS = {
    **dict.fromkeys(("idea", "ideas", "suggestions"), Task.BRAINSTORM),
    **dict.fromkeys(("names", "titles"), Task.NAME),
    **dict.fromkeys(("slogans", "taglines", "mottos"), Task.SLOGAN),
}
_ASKED_FOR = (
    r"(?:please |now |and |so )?(?:(?:give|suggest|find|brainstorm|think of|write)(?: me| us)?|(?:i |we )?need"
    r"|help(?: me| us) with)"
)
_COUNTED = "ideas?|suggestions|names|titles|slogans|taglines|mottos|points|ways|improvements|versions|of them"
_COUNTED_AT_END = re.compile(
    rf"(?P<before>.*?(?:[.?!:;,]|\band))\s*(?:{_ASKED_FOR} )?"
    rf"(?P<count>{NUMBER})(?: (?:good |new |short |more )?(?P<thing>{_COUNTED}))?(?:,? please)?[.!?]*$",
    re.IGNORECASE | re.DOTALL,
)
_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?。！？]+|\n|$)")


def understand(text: str, listed: int | None = None) -> Asked | None:
    """What `text` asks for; None where it is chat, or where that is not certain.

    `listed` is how many items the list before has: with 0 nothing can be said about it. None is not known.
    """
    words = " ".join(_MENTION.sub("", text.replace("’", "'")).split(" ")).strip()
    if not words or len(words) > _LONGEST or "```" in words:
        return None
    asked = _understood(words)
    if asked is None or listed is None or not asked.is_about_list:
        return asked
    if not listed or any(item > listed for item in asked.items):
        return None
    return replace(asked, items=tuple(item if item > 0 else listed + 1 + item for item in asked.items))


def _understood(words: str) -> Asked | None:
    if _CHINESE.search(words):
        return chinese.read(words)
    return follow_ups.read(words) or _made(words)


def _made(words: str) -> Asked | None:
    """A request to make something, the number of which may stand at its end: "names for a lemonade, five"."""
    counted = _COUNTED_AT_END.match(words)
    if counted:
        count, thing = number_of(counted["count"]), (counted["thing"] or "").lower()
        before = counted["before"].rstrip(" ,;:")
        if asked := _one_of_sentences(before) or making.read(f"{count} {before}"):
            return asked if asked.count else replace(asked, count=count)
        is_topic = thing in _TASKS and len(before.split()) > _FEWEST_WORDS
        return Asked(Intent.MAKE, _TASKS[thing], count, before.strip(" .")) if is_topic else None
    return _one_of_sentences(words)


def _one_of_sentences(words: str) -> Asked | None:
    """A request in one of several sentences; what the others say belongs to its subject."""
    if asked := making.read(words):
        return asked
    sentences = [one.strip() for one in _SENTENCE.findall(words) if one.strip()]
    if not 2 <= len(sentences) <= _MOST_SENTENCES:
        return None
    found = [(asked, sentence) for sentence in sentences if (asked := making.read(sentence))]
    if len(found) != 1:
        return None
    asked, own = found[0]
    others = " ".join(sentence for sentence in sentences if sentence is not own).rstrip(".!?")
    is_pronoun = asked.subject.lower() in {"it", "this", "that", "them", "these", "us"}
    return replace(asked, subject=others if is_pronoun else f"{asked.subject}. {others}")


def brief_of(task: Task, text: str) -> tuple[int | None, str]:
    """Number and subject of the words behind a command: "five ideas for a village library"."""
    words = " ".join(text.split())
    reader = chinese.read if _CHINESE.search(words) else making.read
    asked = reader(words)
    if asked and asked.task is task and asked.subject and not asked.wish:
        return asked.count, asked.subject
    return None, words
