"""What one person thought of one idea, as training needs it."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["like", "dislike", "save", "edit", "shuffle"]


@dataclass(frozen=True, slots=True)
class Rating:
    """An opinion of an idea that answered `topic`.

    `rater` tells people apart and is never written anywhere; `edited_text` is for the kind "edit"; `names` are
    what the people concerned call themselves, to be taken out.
    """

    rater: int
    kind: Kind
    task: str
    topic: str
    title: str
    body: str
    edited_text: str = ""
    names: tuple[str, ...] = ()
