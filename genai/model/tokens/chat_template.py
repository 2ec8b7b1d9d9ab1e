"""Lays out a conversation as the model's chat template does, keeping the template's text apart from people's.

The template is rendered with a random word in place of each turn's content. Splitting the result at those
words tells the template's own text, which may name control tokens, from content, which may not.
"""

import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import TemplateError
from transformers import PreTrainedTokenizerBase

from genai.request import Role, Turn

log = logging.getLogger(__name__)

Piece = str | int
"""Text of the template, or the index of the turn whose content stands here."""

_PLAIN_NAMES: dict[Role, str] = {"system": "", "user": "User: ", "assistant": "Assistant: "}
_SILENCE = "..."
"""What a person is taken to have said where nothing is left of it."""
_NO_VALUES: Mapping[str, Any] = {}
_PLAIN_STOPS = ("\nUser:", "\nAssistant:")


@dataclass(frozen=True, slots=True)
class Layout:
    """A conversation laid out for the model. `stop` are strings that end an answer in this layout."""

    pieces: tuple[Piece, ...]
    stop: tuple[str, ...] = ()

    @property
    def tail(self) -> str:
        """What the template writes behind the last turn, where the answer begins."""
        last = self.pieces[-1] if self.pieces else ""
        return last if isinstance(last, str) else ""


@dataclass(frozen=True, slots=True)
class _Message:
    """One message of the template: its role and the indices of the turns it is made of."""

    role: Role
    turns: tuple[int, ...]


def lay_out(
    tokenizer: PreTrainedTokenizerBase,
    turns: Sequence[Turn],
    *,
    prompt: bool = True,
    values: Mapping[str, Any] = _NO_VALUES,
) -> Layout:
    """The template's text and the turns' places, ending where the assistant is to speak if `prompt`.

    Templates refuse what their model never saw in training: a system turn, two turns of one role in a row, an
    assistant who speaks first. Such turns are then joined, the instruction goes first into the person's turn, and a
    person who says nothing speaks first. Without a template that shows every turn, a plain transcript is used.
    `values` are what the template is told beside the conversation.
    """
    if tokenizer.chat_template:
        separate = [_Message(turn.role, (index,)) for index, turn in enumerate(turns)]
        joined = _joined(_without_system(separate))
        ways = (separate, _joined(separate), joined, _begun_by_person(joined))
        for messages in ways:
            pieces = _rendered(tokenizer, messages, prompt, values)
            if pieces is not None and {piece for piece in pieces if isinstance(piece, int)} == set(
                range(len(turns))
            ):
                return Layout(pieces)
    return Layout(_transcript(turns, prompt), _PLAIN_STOPS)


def _rendered(
    tokenizer: PreTrainedTokenizerBase, messages: Sequence[_Message], prompt: bool, values: Mapping[str, Any]
) -> tuple[Piece, ...] | None:
    word = f"w{secrets.token_hex(12)}w"
    conversation: list[dict[str, Any]] = [
        {
            "role": message.role,
            "content": "\n\n".join(f"{word}{index}{word}" for index in message.turns) or _SILENCE,
        }
        for message in messages
    ]
    try:
        text = tokenizer.apply_chat_template(
            conversation, tokenize=False, add_generation_prompt=prompt, **values
        )
    except (TemplateError, TypeError, ValueError, LookupError):
        return None
    except (ArithmeticError, AttributeError, MemoryError, RecursionError) as error:
        # of a template that asks for more than the sandbox gives, such as a range of a thousand million
        _tell_once(type(error).__name__)
        return None
    parts = re.split(f"{word}(\\d+){word}", str(text))
    return tuple(int(part) if index % 2 else part for index, part in enumerate(parts) if part)


@cache
def _tell_once(kind: str) -> None:
    log.warning("the model's chat template cannot be used (%s); a plain transcript is", kind)


def _joined(messages: Sequence[_Message]) -> list[_Message]:
    joined: list[_Message] = []
    for message in messages:
        if joined and joined[-1].role == message.role:
            joined[-1] = _Message(message.role, joined[-1].turns + message.turns)
        else:
            joined.append(message)
    return joined


def _without_system(messages: Sequence[_Message]) -> list[_Message]:
    return [
        _Message("user" if message.role == "system" else message.role, message.turns) for message in messages
    ]


def _begun_by_person(messages: Sequence[_Message]) -> list[_Message]:
    """Where the beginning was left out, an answer may stand first."""
    is_begun = bool(messages) and messages[0].role == "assistant"
    return [*([_Message("user", ())] if is_begun else []), *messages]


def _transcript(turns: Sequence[Turn], prompt: bool) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for index, turn in enumerate(turns):
        pieces += [_PLAIN_NAMES[turn.role], index, "\n\n" if turn.role == "system" else "\n"]
    if prompt:
        pieces.append(_PLAIN_NAMES["assistant"].rstrip())
    return tuple(piece for piece in pieces if piece != "")
