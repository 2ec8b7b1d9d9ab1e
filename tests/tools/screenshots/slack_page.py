"""Slack's blocks, views and messages as HTML. A block or an element that is not known shows its texts and its name."""

import html
from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.slack_server.state import BOT, Message, Workspace
from tests.tools.screenshots.marks import emoji, markdown, mrkdwn
from tests.tools.screenshots.shots import Post, button, field, menu, picture

Json = dict[str, Any]
_SIGNS = {"complete": "✓", "in_progress": "▶"}
_FIELDS = {
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
    "datepicker",
    "timepicker",
}


def name_of(user: str) -> str:
    """What a person is called here."""
    people = {"U1": "Robin", "U2": "Kim", "U3": "Sasha", "U4": "Noor", BOT: "Riff", "C1": "general"}
    return people.get(user, user)


def posts_of(workspace: Workspace, messages: list[Message]) -> list[Post]:
    """The messages as they are drawn."""
    return [_post(workspace, message) for message in messages]


def _post(workspace: Workspace, message: Message) -> Post:
    body = (
        blocks(message.blocks, workspace.files)
        if message.blocks
        else f"<p>{mrkdwn(message.text, name_of)}</p>"
    )
    body += "".join(_file(workspace, file) for file in message.files)
    note = "Only visible to you" if message.ephemeral_for else ""
    reactions = tuple(emoji(name) for name in message.reactions)
    return Post(name_of(message.user), body, message.user == BOT, note, reactions)


def _file(workspace: Workspace, file: Json) -> str:
    upload = next((one for one in workspace.uploads if one["id"] == file["id"]), {})
    title = html.escape(file.get("title") or file["name"])
    if not str(upload.get("filename", "")).endswith(".png"):
        return f'<div class="file">{title}</div>'
    return f'<div class="hint">{title}</div>{picture(workspace.files[file["id"]], upload.get("alt_txt", ""))}'


def view(given: Json, files: Mapping[str, bytes]) -> str:
    """A modal or App Home."""
    title = _plain(given.get("title"))
    foot = "".join(button(_plain(given[name]), name) for name in ("close", "submit") if name in given)
    head = f"<h2>{html.escape(title)}</h2>" if title else ""
    kind = "modal" if given["type"] == "modal" else "home"
    return (
        f'<div class="{kind}">{head}{blocks(given["blocks"], files)}<div class="row end">{foot}</div></div>'
    )


def blocks(given: list[Json], files: Mapping[str, bytes]) -> str:
    """Blocks one under another; `files` are the pictures by their ids."""
    return "".join(f'<div class="block">{_block(block, files)}</div>' for block in given)


def _block(block: Json, files: Mapping[str, bytes]) -> str:
    match block["type"]:
        case "section":
            texts = [block["text"]] if "text" in block else []
            told = "".join(f"<p>{_text(text)}</p>" for text in [*texts, *block.get("fields", [])])
            beside = _element(block["accessory"]) if "accessory" in block else ""
            return f'<div class="section"><div>{told}</div>{beside}</div>'
        case "header":
            return f"<h3>{_text(block['text'])}</h3>"
        case "context":
            return f'<div class="context">{" ".join(map(_element, block["elements"]))}</div>'
        case "divider":
            return "<hr>"
        case "markdown":
            return markdown(block["text"], name_of)
        case "actions" | "context_actions":
            return f'<div class="row">{"".join(map(_element, block["elements"]))}</div>'
        case "input":
            return field(_plain(block["label"]), _element(block["element"]), _plain(block.get("hint")))
        case "image":
            data = files.get(block.get("slack_file", {}).get("id", ""), b"")
            told = html.escape(block["alt_text"])
            return picture(data, block["alt_text"]) if data else f'<div class="file">{told}</div>'
        case "plan":
            tasks = "".join(
                f"<li>{_SIGNS.get(one['status'], '○')} {html.escape(one['title'])}</li>"
                for one in block["tasks"]
            )
            return (
                f'<div class="card"><b>{html.escape(block["title"])}</b><ul class="plain">{tasks}</ul></div>'
            )
        case other:
            return f'<div class="unknown">{" · ".join(map(html.escape, _all_texts(block)))} ({other})</div>'


def _element(element: Json) -> str:
    match element["type"]:
        case "mrkdwn" | "plain_text":
            return _text(element)
        case "button":
            return button(_plain(element["text"]), element.get("style", ""))
        case "overflow":
            return f'<span class="overflow" title="{html.escape(_options(element))}">⋯</span>'
        case "checkboxes" | "radio_buttons":
            ticked = [option["value"] for option in element.get("initial_options", [])]
            return "".join(_choice(option, option["value"] in ticked) for option in element["options"])
        case "feedback_buttons":
            return button(_plain(element["positive_button"]["text"])) + button(
                _plain(element["negative_button"]["text"])
            )
        case "image":
            return f"[{html.escape(element['alt_text'])}]"
        case kind if kind in _FIELDS:
            shown = element.get("initial_value") or _plain(element.get("placeholder"))
            tall = "tall" if element.get("multiline") else ""
            return f'<div class="input {tall}">{html.escape(shown)}</div>'
        case kind if "select" in kind:
            chosen = element.get("initial_option", {}).get("text") or element.get("placeholder")
            return menu(_plain(chosen))
        case kind:
            return (
                f'<span class="unknown">{" · ".join(map(html.escape, _all_texts(element)))} ({kind})</span>'
            )


def _choice(option: Json, is_chosen: bool) -> str:
    told = f'<div class="hint">{_text(option["description"])}</div>' if "description" in option else ""
    return f'<div class="choice">{"☑" if is_chosen else "☐"} {_text(option["text"])}{told}</div>'


def _options(element: Json) -> str:
    return ", ".join(_plain(option["text"]) for option in element["options"])


def _text(text: Json) -> str:
    return mrkdwn(text["text"], name_of) if text["type"] == "mrkdwn" else html.escape(text["text"])


def _plain(text: Json | None) -> str:
    return str(text["text"]) if text else ""


def _all_texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inside in value.items():
            if isinstance(inside, str) and key in {"text", "title", "alt_text"}:
                yield inside
            else:
                yield from _all_texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _all_texts(inside)
