"""What can be said in the thread of a brainstorm in plain words: `/session` is nothing that a thread of Slack takes.

Only a whole message of these words counts, with numbers of the board where they name ideas: "combine 1 2" is a request,
"combine cork and felt" an idea.
"""

import re

from bot.core.commands.option_values import numbers_in
from bot.core.domain import Invocation
from bot.session.arguments import SESSION
from storage.values.brainstorms import Phase

_ALONE = {
    "board": "board",
    "show the board": "board",
    "undo": "undo",
    "next": "skip",
    "pause": "pause",
    "resume": "resume",
    "5 minutes more": "extend",
    "end the brainstorm": "end",
    "看板": "board",
    "撤销": "undo",
    "下一步": "skip",
    "暂停": "pause",
    "继续": "resume",
    "结束头脑风暴": "end",
}
_OF_IDEAS = {
    "combine": "combine",
    "improve": "improve",
    "remove": "remove",
    "withdraw": "remove",
    "vote": "vote",
    "合并": "combine",
    "改进": "improve",
    "撤下": "remove",
    "投票": "vote",
}
_WORD = re.compile(r"(?P<word>[^\W\d_]+)\s*(?P<rest>\d.*)", re.DOTALL)
_EDIT = re.compile(
    r"(?:edit|change|修改)\s+(?P<number>\d{1,5})[\s:：,，]+(?P<text>[^\s:：,，].*)", re.DOTALL | re.IGNORECASE
)


def asked_in_words(text: str, phase: Phase) -> Invocation | None:
    """The request in a message of the thread; None for what is an idea or talk. Only a vote takes votes."""
    said = " ".join(text.lower().split()).rstrip(".!。！")
    if said in _ALONE:
        return Invocation(SESSION, _ALONE[said])
    if edit := _EDIT.fullmatch(text.strip()):
        return Invocation(SESSION, "edit", {"idea": int(edit["number"]), "text": edit["text"].strip()})
    found = _WORD.fullmatch(said)
    verb = _OF_IDEAS.get(found["word"]) if found else None
    if found is None or verb is None or (verb == "vote" and phase is not Phase.VOTE):
        return None
    numbers = numbers_in(found["rest"])
    if not numbers:
        return None
    if verb in {"improve", "remove"}:
        return Invocation(SESSION, verb, {"idea": numbers[0]}) if len(numbers) == 1 else None
    return Invocation(SESSION, verb, {"ideas": tuple(numbers)})
