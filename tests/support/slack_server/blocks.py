"""Block Kit, as far as Riff could use it: unknown fields, lengths and counts are refused as Slack does.

https://docs.slack.dev/reference/block-kit/blocks and .../block-elements, .../composition-objects
"""

from collections.abc import Mapping
from typing import Any

MESSAGE_CHARACTERS = 10_000
"""All texts of a message's blocks together: about 9,600 were accepted and 11,300 refused (bolt-js 2867)."""
_MARKDOWN = 12_000


class Invalid(Exception):
    """What Slack answers with `invalid_blocks`."""


def check_message_blocks(blocks: Any) -> None:
    """Raises Invalid for what chat.postMessage and chat.update refuse."""
    _check_blocks(blocks, 50, _MESSAGE_BLOCKS)
    if sum(len(text) for text in _texts(blocks)) > MESSAGE_CHARACTERS:
        raise Invalid("msg_blocks_too_long")


def check_view(view: Any) -> None:
    """Raises Invalid for what views.open and views.publish refuse."""
    _need(isinstance(view, dict), "view is an object")
    kind = view.get("type")
    allowed = {"type", "blocks", "callback_id", "private_metadata", "external_id"}
    if kind == "modal":
        allowed |= {"title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"}
        _plain(view.get("title"), 24)
        for name in ("submit", "close"):
            if name in view:
                _plain(view[name], 24)
    else:
        _need(kind == "home", "view type")
    _only(view, allowed)
    _need(len(view.get("private_metadata", "")) <= 3000, "private_metadata")
    _need(len(view.get("callback_id", "")) <= 255, "callback_id")
    _check_blocks(view.get("blocks"), 100, _MESSAGE_BLOCKS | {"input": _input})
    if kind == "modal" and any(block["type"] == "input" for block in view["blocks"]):
        _need("submit" in view, "submit is required with inputs")


def _check_blocks(blocks: Any, most: int, known: Mapping[str, Any]) -> None:
    _need(isinstance(blocks, list) and 1 <= len(blocks) <= most, f"1 to {most} blocks")
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    _need(len(ids) == len(set(ids)), "block_id twice")
    for block in blocks:
        check = known.get(block.get("type"))
        _need(check is not None, f"block type {block.get('type')}")
        _need(0 < len(block.get("block_id", "x")) <= 255, "block_id")
        check({key: value for key, value in block.items() if key != "block_id"})
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    _need(markdown <= _MARKDOWN, "markdown over 12,000")


def _section(block: dict[str, Any]) -> None:
    _only(block, {"type", "text", "fields", "accessory", "expand"})
    _need("text" in block or "fields" in block, "section needs text or fields")
    if "text" in block:
        _text(block["text"], 3000)
    for field in block.get("fields", []):
        _text(field, 2000)
    _need(len(block.get("fields", [])) <= 10, "fields")
    if "accessory" in block:
        _element(block["accessory"], _BUTTONS)


def _actions(block: dict[str, Any]) -> None:
    _only(block, {"type", "elements"})
    elements = block["elements"]
    _need(1 <= len(elements) <= 25, "actions has 1 to 25 elements")
    ids = [element.get("action_id") for element in elements]
    _need(len(ids) == len(set(ids)), "action_id twice")
    for element in elements:
        _element(element, _BUTTONS)


def _context_actions(block: dict[str, Any]) -> None:
    _only(block, {"type", "elements"})
    _need(1 <= len(block["elements"]) <= 5, "context_actions has 1 to 5 elements")
    for element in block["elements"]:
        _element(element, {"feedback_buttons": _feedback_buttons})


def _feedback_buttons(element: dict[str, Any]) -> None:
    _only(element, {"type", "action_id", "positive_button", "negative_button"})
    for name in ("positive_button", "negative_button"):
        button = element[name]
        _only(button, {"text", "value", "accessibility_label"})
        _plain(button["text"], 75)
        _need(0 < len(button["value"]) <= 2000, "value")
        _need(len(button.get("accessibility_label", "")) <= 75, "accessibility_label")


def _overflow(element: dict[str, Any]) -> None:
    _only(element, {"type", "action_id", "options"})
    _need(1 <= len(element["options"]) <= 5, "1 to 5 options")
    for option in element["options"]:
        _only(option, {"text", "value", "description", "url"})
        _plain(option["text"], 75)
        _need(0 < len(option["value"]) <= 150, "option value")


def _checkboxes(element: dict[str, Any]) -> None:
    _only(element, {"type", "action_id", "options", "initial_options"})
    options = element["options"]
    _need(1 <= len(options) <= 10, "1 to 10 options")
    for option in options:
        _only(option, {"text", "value", "description"})
        _text(option["text"], 75)
        _need(0 < len(option["value"]) <= 150, "option value")
    chosen = element.get("initial_options", options)
    _need(bool(chosen) and all(one in options for one in chosen), "initial_options are some of the options")


def _image(block: dict[str, Any]) -> None:
    _only(block, {"type", "slack_file", "image_url", "alt_text", "title"})
    _need(0 < len(block["alt_text"]) <= 2000, "alt_text")
    _need(("slack_file" in block) != ("image_url" in block), "one of slack_file and image_url")
    if "slack_file" in block:
        _need(set(block["slack_file"]) in ({"id"}, {"url"}), "slack_file by id or url")


def _plan(block: dict[str, Any]) -> None:
    _only(block, {"type", "title", "tasks"})
    _need(0 < len(block["title"]) <= 256, "plan title")
    for task in block.get("tasks", []):
        _only(task, {"type", "task_id", "title", "details", "output", "sources", "status"})
        _need(task["type"] == "task_card" and bool(task["task_id"]) and bool(task["title"]), "task")
        _need(task["status"] in {"pending", "in_progress", "complete", "error"}, "task status")


def _conversations(element: dict[str, Any]) -> None:
    _only(element, {"type", "action_id", "placeholder", "filter", "initial_conversation"})
    _only(element.get("filter", {}), {"include", "exclude_bot_users", "exclude_external_shared_channels"})
    _plain(element["placeholder"], 150)


def _header(block: dict[str, Any]) -> None:
    _only(block, {"type", "text"})
    _plain(block["text"], 150)


def _context(block: dict[str, Any]) -> None:
    _only(block, {"type", "elements"})
    _need(1 <= len(block["elements"]) <= 10, "context has 1 to 10 elements")
    for element in block["elements"]:
        _text(element, 3000)


def _markdown(block: dict[str, Any]) -> None:
    _only(block, {"type", "text"})
    _need(0 < len(block["text"]) <= _MARKDOWN, "markdown text")


def _divider(block: dict[str, Any]) -> None:
    _only(block, {"type"})


def _input(block: dict[str, Any]) -> None:
    _only(block, {"type", "label", "element", "optional", "hint", "dispatch_action"})
    _plain(block["label"], 2000)
    if "hint" in block:
        _plain(block["hint"], 2000)
    _element(block["element"], _INPUTS)


def _button(element: dict[str, Any]) -> None:
    _only(element, {"type", "text", "action_id", "value", "style", "url", "accessibility_label"})
    _plain(element["text"], 75)
    _need(len(element.get("value", "")) <= 2000, "value")
    _need(element.get("style", "primary") in {"primary", "danger"}, "style")


def _plain_input(element: dict[str, Any]) -> None:
    _only(
        element,
        {"type", "action_id", "initial_value", "multiline", "min_length", "max_length", "placeholder"},
    )
    most = element.get("max_length", 3000)
    _need(1 <= most <= 3000, "max_length")
    _need(len(element.get("initial_value", "")) <= most, "initial_value longer than max_length")
    if "placeholder" in element:
        _plain(element["placeholder"], 150)


def _number_input(element: dict[str, Any]) -> None:
    _only(
        element,
        {"type", "action_id", "is_decimal_allowed", "initial_value", "min_value", "max_value", "placeholder"},
    )
    _need(isinstance(element["is_decimal_allowed"], bool), "is_decimal_allowed")
    for name in ("initial_value", "min_value", "max_value"):
        _need(isinstance(element.get(name, ""), str), f"{name} is a string")


def _select(element: dict[str, Any]) -> None:
    several = element["type"] == "multi_static_select"
    extra = {"initial_options", "max_selected_items"} if several else {"initial_option"}
    _only(element, {"type", "action_id", "options", "placeholder"} | extra)
    options = element["options"]
    _need(1 <= len(options) <= 100, "1 to 100 options")
    for option in options:
        _only(option, {"text", "value", "description"})
        _plain(option["text"], 75)
        _need(0 < len(option["value"]) <= 150, "option value")
    if "initial_option" in element:
        _need(element["initial_option"] in options, "initial_option is one of the options")
    if "placeholder" in element:
        _plain(element["placeholder"], 150)


def _picker(element: dict[str, Any]) -> None:
    """Pickers of people and conversations; a filter is for conversations only."""
    what = element["type"].removeprefix("multi_").removesuffix("_select")
    extra = {"filter"} if what == "conversations" else set()
    _only(element, {"type", "action_id", "placeholder", "max_selected_items", f"initial_{what}"} | extra)
    initial = element.get(f"initial_{what}", ["U1"])
    _need(isinstance(initial, list) and 1 <= len(initial) <= 100, f"initial_{what}")
    kinds = element.get("filter", {}).get("include", ["public"])
    _need(bool(kinds) and set(kinds) <= {"im", "mpim", "private", "public"}, "filter")


def _file_input(element: dict[str, Any]) -> None:
    _only(element, {"type", "action_id", "filetypes", "max_files"})
    _need(1 <= element.get("max_files", 10) <= 10, "max_files")


_MESSAGE_BLOCKS: dict[str, Any] = {
    "section": _section,
    "actions": _actions,
    "header": _header,
    "context": _context,
    "markdown": _markdown,
    "divider": _divider,
    "image": _image,
    "plan": _plan,
    "context_actions": _context_actions,
}
_BUTTONS = {
    "button": _button,
    "static_select": _select,
    "overflow": _overflow,
    "checkboxes": _checkboxes,
    "conversations_select": _conversations,
}
_INPUTS = {
    "plain_text_input": _plain_input,
    "number_input": _number_input,
    "static_select": _select,
    "multi_static_select": _select,
    "checkboxes": _checkboxes,
    "multi_users_select": _picker,
    "multi_conversations_select": _picker,
    "file_input": _file_input,
}


def _element(element: dict[str, Any], known: Mapping[str, Any]) -> None:
    check = known.get(element.get("type", ""))
    _need(check is not None, f"element type {element.get('type')}")
    _need(0 < len(element.get("action_id", "x")) <= 255, "action_id")
    check(element)


def _text(text: Any, most: int) -> None:
    if text.get("type") == "plain_text":
        _plain(text, most)
        return
    _need(text.get("type") == "mrkdwn", "text type")
    _only(text, {"type", "text", "verbatim"})
    _need(0 < len(text["text"]) <= most, f"text of 1 to {most} characters, not {len(text['text'])}")


def _plain(text: Any, most: int) -> None:
    _need(isinstance(text, dict) and text.get("type") == "plain_text", "plain_text")
    _only(text, {"type", "text", "emoji"})
    _need(0 < len(text["text"]) <= most, f"plain text of 1 to {most} characters")


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for item in value.values() if not isinstance(item, str) for text in _texts(item)]
    return []


def _only(value: dict[str, Any], allowed: set[str]) -> None:
    unknown = set(value) - allowed - {"block_id"}
    _need(not unknown, f"unknown fields {sorted(unknown)}")


def _need(holds: bool, what: str) -> None:
    if not holds:
        raise Invalid(what)
