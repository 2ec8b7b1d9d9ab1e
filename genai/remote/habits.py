"""What a server takes and how it writes, learned from its refusals and its answers. Pure.

Servers of OpenAI's protocol differ in what they refuse: fields of a request, an instruction in a turn of its own, two
turns of one role in a row. Everything is sent at first. A refusal that names something teaches to do without it; one
that names nothing is answered by doing without more and more.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from genai.remote.characters import mended
from genai.request import Sampling, Turn, room_for_answer

LIMIT = "max_tokens"
NEW_LIMIT = "max_completion_tokens"
_BEYOND = ("top_k", "min_p", "repetition_penalty", "chat_template_kwargs", "reasoning_effort")
"""Fields that OpenAI's own protocol does not have, or not for every model."""
_OPTIONAL = ("seed", "logprobs", "stream_options", *_BEYOND)
_PLAIN = ("temperature", "top_p", "stop")
_WORDS_FOR = {"include_usage": "stream_options", "stop_sequences": "stop", "stop sequence": "stop"}
_ALTERNATION = ("alternat", "conversation roles", "consecutive", "same role", "user/assistant", "in a row")
_BEGINNING = (
    "first message",
    "start with a user",
    "begin with a user",
    "only user and assistant",
    "only user",
)
_LISTS = (
    *("expected one of", "must be one of", "allowed fields", "allowed parameters", "allowed are"),
    *("valid fields", "valid parameters", "supported fields", "supported parameters"),
)
"""Behind these words stands what a server would take, not what it refuses."""
_INSTEAD = ("instead", "not supported", "unsupported", "unknown", "unrecognized", "deprecated")
_LEAST_LIMIT = 64
_NUMBER = re.compile(r"(?<![\d.-])\d{2,7}(?![\d.-]*\d)")
_CONTEXT = re.compile(r"(?:context|n_ctx)[^\d]{0,40}(\d{3,7})(?!\d)")
SQUEEZED = 256
"""Tokens of an answer for which a prompt that does not fit is tried once more before some of it is left out."""
_SILENCE = "..."
"""What a person is taken to have said where nothing is left of it."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of a server: the model, the turns, how to sample, and whether it may think, for how long."""

    model: str
    turns: tuple[Turn, ...]
    sampling: Sampling
    seed: int | None = None
    thinking: bool = True
    thought_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Habits:
    """What is known of a server.

    `left_out` are fields that it does not take, `limit` what it calls the longest answer ("" for nothing that it
    takes), `longest` the most that may be. It `thinks` if its answers had thoughts; whether its template
    `opens_thoughts` is None until an answer has shown it. `rounds` counts refusals that named nothing.
    """

    left_out: frozenset[str] = frozenset()
    limit: str = LIMIT
    longest: int = 0
    context_tokens: int = 0
    takes_system: bool = True
    takes_repeats: bool = True
    thinks: bool = False
    opens_thoughts: bool | None = None
    rounds: int = 0

    def fields(self, asking: Asking, is_squeezed: bool = False) -> dict[str, Any]:
        """The request as this server takes it."""
        sampling = asking.sampling
        wanted: dict[str, Any] = {
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "stop": list(sampling.stop) or None,
            "seed": asking.seed,
            "logprobs": True,
            "stream_options": {"include_usage": True},
            "top_k": sampling.top_k or None,
            "min_p": sampling.min_p or None,
            "repetition_penalty": sampling.repetition_penalty if sampling.repetition_penalty != 1 else None,
        }
        if not asking.thinking:
            wanted["chat_template_kwargs"] = {"enable_thinking": False, "thinking": False}
            wanted["reasoning_effort"] = "none"
        if self.limit:
            wanted[self.limit] = self._limit(asking, is_squeezed)
        basic = {"model": asking.model, "messages": self._messages(asking.turns), "stream": True}
        return basic | {
            name: value for name, value in wanted.items() if value is not None and name not in self.left_out
        }

    def _limit(self, asking: Asking, is_squeezed: bool) -> int:
        """Thoughts count with the answer here, so they get room beside it."""
        room = room_for_answer(asking.sampling, self.context_tokens)
        room += asking.thought_tokens if self.thinks and asking.thinking else 0
        bounds = [self.longest, self.context_tokens // 2, SQUEEZED if is_squeezed else 0]
        return min([room, *(bound for bound in bounds if bound)])

    def _messages(self, turns: Sequence[Turn]) -> list[dict[str, str]]:
        messages: list[dict[str, str]] = []
        for turn in turns:
            content = mended(turn.content)
            role = "user" if turn.role == "system" and not self.takes_system else turn.role
            if not self.takes_repeats and role == "assistant" and _has_no_user(messages):
                messages.append({"role": "user", "content": _SILENCE})
            if messages and messages[-1]["role"] == role and not (self.takes_repeats and self.takes_system):
                messages[-1]["content"] += f"\n\n{content}"
            else:
                messages.append({"role": role, "content": content})
        return messages

    def without_roles(self) -> "Habits":
        """As for a template that takes neither a system role nor turns that repeat one."""
        return replace(self, takes_system=False, takes_repeats=False)

    def taught(self, learned: "Habits") -> "Habits":
        """With what refusals of another request have taught; how answers are written is known from answers."""
        return replace(
            learned,
            left_out=self.left_out | learned.left_out,
            thinks=self.thinks,
            opens_thoughts=self.opens_thoughts,
        )

    def after_refusal(self, said: str, sent: Mapping[str, Any]) -> "Habits | None":
        """What the refusal of a request teaches, by what was `said` in small letters; None where nothing can help."""
        return self.after_named_refusal(said, sent) or self._unnamed(sent)

    def after_named_refusal(self, said: str, sent: Mapping[str, Any]) -> "Habits | None":
        """What a refusal teaches that says what it is about; None for any other."""
        places = [place for words in _LISTS if (place := said.find(words)) > 0]
        refused = said[: min(places)] if places else said
        return self._named(refused, sent) or (self._named(said, sent) if places else None)

    def _named(self, said: str, sent: Mapping[str, Any]) -> "Habits | None":
        return self._other_limit(said, sent) or self._fewer(said, sent) or self._other_roles(said, sent)

    def after_too_long(self, said: str) -> "Habits | None":
        """The model's context, where the refusal of a prompt that is too long names it for the first time."""
        found = _CONTEXT.search(said)
        if found is None or int(found[1]) == self.context_tokens:
            return None
        return replace(self, context_tokens=int(found[1]))

    def _other_limit(self, said: str, sent: Mapping[str, Any]) -> "Habits | None":
        if not self.limit or not (_has_word(said, LIMIT) or _has_word(said, NEW_LIMIT)):
            return None
        if self.limit == LIMIT and _has_word(said, NEW_LIMIT) and any(words in said for words in _INSTEAD):
            return replace(self, limit=NEW_LIMIT)
        value = int(sent[self.limit])
        numbers = [int(number) for number in _NUMBER.findall(said)]
        if most := max((number for number in numbers if _LEAST_LIMIT <= number < value), default=0):
            return replace(self, longest=most)
        if not _has_word(said, self.limit):
            return None
        return replace(self, limit=NEW_LIMIT if self.limit == LIMIT else "")

    def _other_roles(self, said: str, sent: Mapping[str, Any]) -> "Habits | None":
        roles = [message["role"] for message in sent["messages"]]
        has_system = "system" in roles
        if any(words in said for words in _ALTERNATION):
            if self.takes_repeats and not _alternate(roles):
                return replace(self, takes_repeats=False)
            return replace(self, takes_repeats=False, takes_system=False) if has_system else None
        if any(words in said for words in _BEGINNING) and (self.takes_repeats or has_system):
            return replace(self, takes_repeats=False, takes_system=False)
        return replace(self, takes_system=False) if has_system and _has_word(said, "system") else None

    def _fewer(self, said: str, sent: Mapping[str, Any]) -> "Habits | None":
        words = {name: name for name in (*_OPTIONAL, *_PLAIN)} | _WORDS_FOR
        named = {name for word, name in words.items() if name in sent and _has_word(said, word)}
        if {"temperature", "top_p"} <= named:  # not both, says who would take one
            named.discard("temperature")
        return replace(self, left_out=self.left_out | named) if named else None

    def _unnamed(self, sent: Mapping[str, Any]) -> "Habits | None":
        """Do without what most servers do without, then without roles, then without nearly everything."""
        ways = (
            replace(self, left_out=self.left_out | set(_OPTIONAL)),
            self.without_roles(),
            replace(self, limit=NEW_LIMIT if self.limit == LIMIT else self.limit),
            replace(self, left_out=self.left_out | set(_OPTIONAL) | set(_PLAIN)),
            replace(self, limit=""),
        )
        for number, way in enumerate(ways[self.rounds :], start=self.rounds + 1):
            if way._changes(sent):
                return replace(way, rounds=number)
        return None

    def _changes(self, sent: Mapping[str, Any]) -> bool:
        """Whether a request would differ from what was sent."""
        has_limit = LIMIT in sent or NEW_LIMIT in sent
        if self.left_out & set(sent) or (self.limit not in sent if self.limit else has_limit):
            return True
        roles = [message["role"] for message in sent["messages"]]
        return ("system" in roles and not self.takes_system) or (
            not self.takes_repeats and not _alternate(roles)
        )

    def told(self) -> tuple[str, ...]:
        """What was adapted, for whoever runs Riff."""
        fields = sorted(self.left_out)
        told = {
            "the instruction goes into the person's first message": not self.takes_system,
            "messages of one role are joined": not self.takes_repeats,
            f"{self.limit} stands for {LIMIT}": self.limit == NEW_LIMIT,
            f"no {LIMIT}": not self.limit,
            f"answers of at most {self.longest} tokens": bool(self.longest),
            f"without {', '.join(fields)}": bool(fields),
            "it thinks before it answers": self.thinks or bool(self.opens_thoughts),
        }
        return tuple(words for words, is_so in told.items() if is_so)


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<![a-z0-9_]){re.escape(word)}(?![a-z0-9_])", text) is not None


def _alternate(roles: Sequence[str]) -> bool:
    """Whether no role comes twice in a row, and a person speaks first."""
    spoken = [role for role in roles if role != "system"]
    return spoken[:1] != ["assistant"] and all(first != second for first, second in pairwise(spoken))


def _has_no_user(messages: Sequence[Mapping[str, str]]) -> bool:
    return all(message["role"] != "user" for message in messages)
