"""The words that a conversation with a language model is made of."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation; `content` is untrusted text, never a control token."""

    role: Role
    content: str
