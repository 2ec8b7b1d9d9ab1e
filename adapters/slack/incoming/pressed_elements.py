"""What was pressed or chosen in a message of Slack's, read out of its payload: a pure function.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from collections.abc import Iterator, Mapping
from typing import Any


def pressed_in(body: Mapping[str, Any]) -> dict[str, Any]:
    """The action in the words of `bot.core.buttons`, what was chosen with it, and whether only its person sees that.

    A button carries its action as its value, and so does a choice that is one; a menu carries it as its own id. Boxes
    of one menu may be in several elements, whose state comes with the press.
    """
    pressed = body["actions"][0]
    is_private = bool((body.get("container") or {}).get("is_ephemeral"))
    own_id = str(pressed.get("action_id") or "").partition("#")[0]
    if not own_id.startswith("riff:"):
        value = str(pressed.get("value") or (pressed.get("selected_option") or {}).get("value") or "")
        return {"action": value, "is_private": is_private}
    elements = [pressed, *_of_same_menu(body, own_id)] if pressed.get("type") == "checkboxes" else [pressed]
    chosen = list(dict.fromkeys(value for element in elements for value in _chosen(element)))
    return {"action": own_id, "chosen": chosen, "is_private": is_private}


def _of_same_menu(body: Mapping[str, Any], own_id: str) -> Iterator[Mapping[str, Any]]:
    pressed_id = body["actions"][0].get("action_id")
    for block in ((body.get("state") or {}).get("values") or {}).values():
        for action_id, element in block.items():
            if action_id != pressed_id and action_id.partition("#")[0] == own_id:
                yield element


def _chosen(element: Mapping[str, Any]) -> list[str]:
    if conversation := element.get("selected_conversation"):
        return [str(conversation)]
    one = element.get("selected_option")
    return [str(option["value"]) for option in (element.get("selected_options") or ([one] if one else []))]
