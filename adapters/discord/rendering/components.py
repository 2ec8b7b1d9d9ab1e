"""Buttons and selects under ideas, as Discord's components. Their custom ids mean the same after a restart.

https://docs.discord.com/developers/components/reference
"""

from collections import OrderedDict
from collections.abc import Sequence

from adapters.discord.gateway.api import Json
from bot.core.buttons import (
    ActionKind,
    Button,
    answer_buttons,
    idea_buttons,
    set_buttons,
    stop_button,
)
from bot.core.domain import Idea, Reply
from bot.language import N_, _

PICK, DO, WHICH = "riff:pick:", "riff:do:", "riff:which:"
_STYLES = {"": 2, "primary": 1, "danger": 4}
_MOST_OPTIONS = 25
_MOST_PICKS = 10_000
_QUESTIONS = {
    ActionKind.LIKE: N_("Which ideas do you like?"),
    ActionKind.DISLIKE: N_("Which ideas are not for you?"),
    ActionKind.MORE: N_("More like which idea?"),
    ActionKind.SAVE: N_("Which ideas shall I save?"),
    ActionKind.COMBINE: N_("Which ideas shall I combine?"),
}


def button(button: Button, custom_id: str = "") -> Json:
    """A button of the core's as a component."""
    shown = (
        {"label": button.label} if any(map(str.isalnum, button.label)) else {"emoji": {"name": button.label}}
    )
    return {"type": 2, "style": _STYLES[button.style], "custom_id": custom_id or button.action.value, **shown}


def row(*components: Json) -> Json:
    """One row of components."""
    return {"type": 1, "components": list(components)}


def stop_row(event_id: str) -> Json:
    """What stands under an answer while it is written."""
    return row(button(stop_button(event_id)))


def rows_for(reply: Reply) -> list[Json]:
    """What can be done with a reply: with one idea at once, with several after picking some."""
    ideas = [idea for idea in reply.ideas if idea.id is not None]
    if offered := answer_buttons(reply):
        return [row(*map(button, (*offered.use, offered.helpful, offered.unhelpful)))]
    if not ideas or reply.message_id is None:
        return []
    whole = row(*(button(each) for each in set_buttons(reply)))
    if len(ideas) == 1:
        return [row(*(button(each) for each in idea_buttons(ideas[0]))), whole]
    answer = str(reply.message_id)
    actions = [button(each, f"{DO}{each.action.kind.value}:{answer}") for each in idea_buttons(ideas[0])]
    return [
        row(_select(f"{PICK}{answer}", _("Pick ideas, then say what to do"), ideas, len(ideas))),
        row(*actions),
        whole,
    ]


def which_row(kind: ActionKind, answer: str, ideas: Sequence[Idea], card: str = "") -> Json:
    """Asks which ideas are meant by a button that was pressed with none picked; `card` is the message it is on."""
    least = 2 if kind is ActionKind.COMBINE else 1
    most = 1 if kind is ActionKind.MORE else len(ideas)
    return row(_select(f"{WHICH}{kind.value}:{answer}:{card}", _(_QUESTIONS[kind]), ideas, most, least))


def question(kind: ActionKind) -> str:
    """What such a select asks."""
    return _(_QUESTIONS[kind])


def _select(custom_id: str, placeholder: str, ideas: Sequence[Idea], most: int, least: int = 1) -> Json:
    shown = ideas[:_MOST_OPTIONS]
    return {
        "type": 3,
        "custom_id": custom_id,
        "placeholder": placeholder,
        "min_values": min(least, len(shown)),
        "max_values": min(most, len(shown)),
        "options": [_option(idea) for idea in shown],
    }


def _option(idea: Idea) -> Json:
    label = f"{idea.position}. {' '.join((idea.title or idea.body).split())}"[:100]
    body = " ".join(idea.body.split())[:100] if idea.title else ""
    return {"label": label, "value": str(idea.id), **({"description": body} if body else {})}


class Picks:
    """Which ideas of an answer a person has picked; after a restart they are asked once more."""

    def __init__(self) -> None:
        self._picked: OrderedDict[tuple[str, str], tuple[str, ...]] = OrderedDict()

    def note(self, user: str, answer: str, ideas: Sequence[str]) -> None:
        """The person picked these."""
        self._picked[user, answer] = tuple(ideas)
        self._picked.move_to_end((user, answer))
        while len(self._picked) > _MOST_PICKS:
            self._picked.popitem(last=False)

    def of(self, user: str, answer: str) -> tuple[str, ...]:
        """What the person picked last in this answer."""
        return self._picked.get((user, answer), ())


def parsed(custom_id: str, prefix: str) -> tuple[ActionKind, str, str] | None:
    """The action, the answer's id and the card's message in the custom id of a button or select of this file's.

    The message is "" where the button is on it, or the select is from before messages were named.
    """
    kind, _, rest = custom_id.removeprefix(prefix).partition(":")
    answer, _, card = rest.partition(":")
    if not custom_id.startswith(prefix) or kind not in set(ActionKind) or not answer:
        return None
    return ActionKind(kind), answer, card
