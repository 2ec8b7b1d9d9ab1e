"""Discord's messages and modals as HTML: content, embeds, components. What is not known shows its texts, marked."""

import html
from typing import Any

from tests.support.discord_server import DiscordServer
from tests.tools.screenshots.marks import markdown
from tests.tools.screenshots.shots import Post, button, field, menu, picture

Json = dict[str, Any]
_EPHEMERAL = 1 << 6
_STYLES = {1: "primary", 3: "primary", 4: "danger"}


class DiscordPage:
    """Draws what one local Discord holds."""

    def __init__(self, server: DiscordServer) -> None:
        self._world = server.world
        self._attached: dict[str, Json] = {}

    def name_of(self, key: str) -> str:
        """What a person or a channel is called."""
        if not key.isdigit():
            return key
        found = self._world.users.get(int(key)) or self._world.channels.get(int(key)) or {}
        return str(found.get("global_name") or found.get("username") or found.get("name") or key)

    def post(self, message: Json) -> Post:
        """One message."""
        author = message["author"]
        self._attached = {f"attachment://{one['filename']}": one for one in message.get("attachments", [])}
        body = markdown(message["content"], self.name_of) if message.get("content") else ""
        body += "".join(self._embed(embed) for embed in message.get("embeds", []))
        body += "".join(map(self._component, message.get("components", [])))
        body += "".join(map(self._attachment, self._attached.values()))
        note = "Only you can see this" if int(message.get("flags") or 0) & _EPHEMERAL else ""
        signs = tuple(str(one["emoji"]["name"]) for one in message.get("reactions", []))
        is_riff = author["id"] == self._world.bot["id"]
        return Post("Riff" if is_riff else self.name_of(author["id"]), body, is_riff, note, signs)

    def modal(self, data: Json) -> str:
        """A form that is opened."""
        inside = "".join(map(self._component, data["components"]))
        foot = button("Cancel") + button("Submit", "primary")
        title = html.escape(data["title"])
        return f'<div class="modal"><h2>{title}</h2>{inside}<div class="row end">{foot}</div></div>'

    def _embed(self, embed: Json) -> str:
        parts = [f"<b>{html.escape(embed['title'])}</b>"] if embed.get("title") else []
        parts += [markdown(embed["description"], self.name_of)] if embed.get("description") else []
        return f'<div class="card">{"".join(parts)}</div>'

    def _attachment(self, given: Json) -> str:
        title = html.escape(given.get("title") or given["filename"])
        data = self._world.files.get(given["url"].rsplit("/", 1)[-1], b"")
        if not given["filename"].endswith(".png") or not data:
            return f'<div class="file">{title}</div>'
        return picture(data, given.get("description") or "")

    def _shown(self, url: str, alt: str) -> str:
        """A file of the message in its place among the components; it is not shown again below."""
        key = (
            f"attachment://{url.rsplit('/', 1)[-1].split('-', 1)[-1]}"  # a local file's address: number-name
        )
        found = self._attached.pop(url if url in self._attached else key, None)
        if found is None:
            return f'<div class="file">{html.escape(alt or url)}</div>'
        return self._attachment({**found, "description": alt or found.get("description")})

    def _component(self, given: Json) -> str:
        inside = "".join(map(self._component, given.get("components", [])))
        match given["type"]:
            case 1:
                return f'<div class="row">{inside}</div>'
            case 2:
                emoji = (given.get("emoji") or {}).get("name") or ""
                return button(f"{emoji} {given.get('label') or ''}".strip(), _STYLES.get(given["style"], ""))
            case 3 | 5 | 6 | 7 | 8:
                chosen = [one["label"] for one in given.get("options", []) if one.get("default")]
                return menu(", ".join(chosen) or given.get("placeholder") or "Select")
            case 4:
                shown = html.escape(given.get("value") or given.get("placeholder") or "")
                text = f'<div class="input {"tall" if given.get("style") == 2 else ""}">{shown}</div>'
                return field(given["label"], text) if given.get("label") else text
            case 9:
                return f'<div class="section"><div>{inside}</div>{self._component(given["accessory"])}</div>'
            case 10:
                return markdown(given["content"], self.name_of)
            case 14:
                return "<hr>"
            case 17:
                return f'<div class="card">{inside}</div>'
            case 18:
                within = self._component(given["component"])
                return field(given["label"], within, given.get("description") or "")
            case 13:
                return self._shown(given["file"]["url"], "")
            case 12:
                return "".join(
                    self._shown(one["media"]["url"], one.get("description") or "") for one in given["items"]
                )
            case 21 | 22:
                return "".join(
                    f'<div class="choice">☐ {html.escape(one["label"])}</div>' for one in given["options"]
                )
            case other:
                label = html.escape(str(given.get("label") or given.get("content") or ""))
                return f'<span class="unknown">{label} ({other})</span>{inside}'
