"""Checks every payload that a client sends, stricter than Discord: unknown fields are refused too.

Limits: https://docs.discord.com/developers/resources/message and .../components/reference
"""

from collections.abc import Collection, Mapping
from typing import Any

from tests.support.discord_server.errors import ApiError, Faults

COMPONENTS_V2 = 1 << 15
EPHEMERAL = 1 << 6
SUPPRESS_EMBEDS = 1 << 2
SUPPRESS_NOTIFICATIONS = 1 << 12
_ALLOWED_FLAGS = COMPONENTS_V2 | EPHEMERAL | SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS

CREATE = frozenset(
    [
        "content",
        "nonce",
        "tts",
        "embeds",
        "allowed_mentions",
        "message_reference",
        "components",
        "sticker_ids",
        "attachments",
        "flags",
        "enforce_nonce",
        "poll",
    ]
)
EDIT = frozenset(["content", "embeds", "flags", "allowed_mentions", "components", "attachments", "tts"])
FORUM = CREATE - {"nonce", "enforce_nonce", "message_reference", "poll"}
REPLY = frozenset(
    ["tts", "content", "embeds", "allowed_mentions", "flags", "components", "attachments", "poll"]
)


def text(faults: Faults, path: str, value: Any, most: int, least: int = 0) -> None:
    """A string of `least` to `most` characters."""
    if not isinstance(value, str):
        faults.add(path, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
    elif len(value) > most:
        faults.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
    elif len(value.strip()) < least:
        faults.add(path, "BASE_TYPE_MIN_LENGTH" if value else "BASE_TYPE_REQUIRED", "This field is required")


def fields(faults: Faults, path: str, value: Any, known: Collection[str]) -> bool:
    """An object without unknown fields; False when it is none."""
    if not isinstance(value, Mapping):
        faults.add(path or "_root", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return False
    for name in value.keys() - set(known):
        faults.add(f"{path}.{name}".strip("."), "UNKNOWN_FIELD", "This field is not known.")
    return True


def check_message(
    payload: Mapping[str, Any],
    known: frozenset[str],
    *,
    files: int = 0,
    before: Mapping[str, Any] | None = None,
) -> None:
    """Raise 50035 or 50006 unless the message may be sent; `before` is the message that is edited."""
    faults = Faults()
    fields(faults, "", payload, known)
    flags = int(payload.get("flags") or 0)
    if flags & ~_ALLOWED_FLAGS:
        faults.add("flags", "MESSAGE_FLAGS_INVALID", "Only some flags can be set.")
    was = before or {}
    is_v2 = bool((flags | int(was.get("flags") or 0)) & COMPONENTS_V2)
    if payload.get("content") is not None:
        text(faults, "content", payload["content"], 2000)
    if is_v2 and any(payload.get(name, was.get(name)) for name in ("content", "embeds", "poll")):
        faults.add(
            "flags", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "Legacy fields are not allowed."
        )
    nonce = payload.get("nonce")
    if nonce is not None and len(str(nonce)) > 25:
        faults.add("nonce", "NONCE_TYPE_TOO_LONG", "Must be 25 or fewer in length.")
    check_embeds(faults, payload.get("embeds") or ())
    attached = [*(payload.get("attachments") or ()), *(was.get("attachments") or ())]
    names = [str(each.get("filename")) for each in attached]
    check_components(faults, payload.get("components") or (), is_v2=is_v2, files=names)
    check_mentions(faults, payload.get("allowed_mentions"))
    check_attachments(faults, payload.get("attachments") or ())
    faults.check()
    filled = ("content", "embeds", "components", "sticker_ids", "poll", "attachments")
    if known is not EDIT and not files and not any(payload.get(name) for name in filled):
        raise ApiError(400, 50006)
    if known is not EDIT and not files and not is_v2 and not str(payload.get("content") or "x").strip():
        raise ApiError(400, 50006)


def check_attachments(faults: Faults, attachments: Collection[Any]) -> None:
    """At most 10 files, each with up to 1,024 characters for those who cannot see it."""
    if len(attachments) > 10:
        faults.add("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    for number, attachment in enumerate(attachments):
        if attachment.get("description") is not None:
            text(faults, f"attachments.{number}.description", attachment["description"], 1024)


def check_mentions(faults: Faults, value: Any) -> None:
    """`allowed_mentions`: `parse` and an explicit list exclude each other."""
    if value is None:
        return
    if fields(faults, "allowed_mentions", value, ("parse", "roles", "users", "replied_user")):
        for kind in value.get("parse", ()):
            if kind not in {"roles", "users", "everyone"}:
                faults.add("allowed_mentions.parse", "BASE_TYPE_CHOICES", "Unknown kind of mention.")
            elif value.get(kind):
                faults.add(
                    "allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", "Mutually exclusive."
                )
        for kind in ("roles", "users"):
            if len(value.get(kind, ())) > 100:
                faults.add(f"allowed_mentions.{kind}", "BASE_TYPE_BAD_LENGTH", "Must be 100 or fewer.")


_EMBED = [
    "title",
    "type",
    "description",
    "url",
    "timestamp",
    "color",
    "footer",
    "image",
    "thumbnail",
    "author",
    "fields",
]


def check_embeds(faults: Faults, embeds: Collection[Any]) -> None:
    """At most 10 embeds, each part within its length, 6,000 characters in all."""
    if len(embeds) > 10:
        faults.add("embeds", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    total = 0
    for number, embed in enumerate(embeds):
        path = f"embeds.{number}"
        if not fields(faults, path, embed, _EMBED):
            continue
        for name, most in (("title", 256), ("description", 4096)):
            if embed.get(name) is not None:
                text(faults, f"{path}.{name}", embed[name], most)
                total += len(embed[name])
        for name, inner, most in (("footer", "text", 2048), ("author", "name", 256)):
            if embed.get(name):
                text(faults, f"{path}.{name}.{inner}", embed[name].get(inner), most, 1)
                total += len(embed[name].get(inner) or "")
        if len(embed.get("fields", ())) > 25:
            faults.add(f"{path}.fields", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
        for place, field in enumerate(embed.get("fields", ())):
            text(faults, f"{path}.fields.{place}.name", field.get("name"), 256, 1)
            text(faults, f"{path}.fields.{place}.value", field.get("value"), 1024, 1)
            total += len(field.get("name", "")) + len(field.get("value", ""))
        if not any(
            embed.get(name) for name in ("title", "description", "fields", "image", "footer", "author")
        ):
            faults.add(path, "EMBED_EMPTY", "An embed needs something to show.")
    if total > 6000:
        faults.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


_BUTTON = ["type", "id", "style", "label", "emoji", "custom_id", "sku_id", "url", "disabled"]
_SELECT = [
    "type",
    "id",
    "custom_id",
    "options",
    "channel_types",
    "placeholder",
    "default_values",
    "min_values",
    "max_values",
    "required",
    "disabled",
]
_SELECTS = {3, 5, 6, 7, 8}


class _Components:
    """One walk over a message's or modal's components."""

    def __init__(self, faults: Faults, *, is_v2: bool, files: Collection[str] = ()) -> None:
        self.files = set(files)
        self.faults = faults
        self.is_v2 = is_v2
        self.ids: set[str] = set()
        self.total = 0
        self.shown = 0

    def custom_id(self, path: str, component: Mapping[str, Any]) -> None:
        text(self.faults, f"{path}.custom_id", component.get("custom_id"), 100, 1)
        if component.get("custom_id") in self.ids:
            self.faults.add(
                f"{path}.custom_id",
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                "Component custom id cannot be duplicated",
            )
        self.ids.add(str(component.get("custom_id")))

    def button(self, path: str, component: Mapping[str, Any]) -> None:
        fields(self.faults, path, component, _BUTTON)
        style = component.get("style")
        if style in (1, 2, 3, 4):
            self.custom_id(path, component)
        elif style == 5:
            text(self.faults, f"{path}.url", component.get("url"), 512, 1)
        else:
            self.faults.add(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).")
        if component.get("label") is not None:
            text(self.faults, f"{path}.label", component["label"], 80)
        if not component.get("label") and not component.get("emoji"):
            self.faults.add(path, "BUTTON_COMPONENT_NO_LABEL", "A button needs a label or an emoji.")

    def select(self, path: str, component: Mapping[str, Any]) -> None:
        fields(self.faults, path, component, _SELECT)
        self.custom_id(path, component)
        if component.get("placeholder") is not None:
            text(self.faults, f"{path}.placeholder", component["placeholder"], 150)
        options = component.get("options", ())
        kinds = {5: {"user"}, 6: {"role"}, 7: {"user", "role"}, 8: {"channel"}}.get(component["type"], set())
        if any(held.get("type") not in kinds for held in component.get("default_values", ())):
            self.faults.add(f"{path}.default_values", "BASE_TYPE_CHOICES", "Not of this kind of select.")
        if "channel_types" in component and component["type"] != 8:
            self.faults.add(f"{path}.channel_types", "UNKNOWN_FIELD", "This field is not known.")
        if component["type"] == 3 and not 1 <= len(options) <= 25:
            self.faults.add(f"{path}.options", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
        most = component.get("max_values", 1)
        if component["type"] == 3 and not component.get("min_values", 1) <= most <= min(
            25, max(1, len(options))
        ):
            self.faults.add(f"{path}.max_values", "NUMBER_TYPE_MAX", "Must be at most the number of options.")
        values = [option.get("value") for option in options]
        if len(values) != len(set(values)):
            self.faults.add(
                f"{path}.options",
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        for number, option in enumerate(options):
            where = f"{path}.options.{number}"
            fields(self.faults, where, option, ("label", "value", "description", "emoji", "default"))
            text(self.faults, f"{where}.label", option.get("label"), 100, 1)
            text(self.faults, f"{where}.value", option.get("value"), 100, 1)
            if option.get("description") is not None:
                text(self.faults, f"{where}.description", option["description"], 100, 1)

    def row(self, path: str, row: Mapping[str, Any]) -> None:
        fields(self.faults, path, row, ("type", "id", "components"))
        inside = row.get("components", ())
        kinds = [item.get("type") for item in inside]
        if not inside or len(inside) > 5 or (_SELECTS & set(kinds) and len(inside) > 1):
            self.faults.add(
                f"{path}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length."
            )
        for number, item in enumerate(inside):
            self.total += 1
            where = f"{path}.components.{number}"
            if item.get("type") == 2:
                self.button(where, item)
            elif item.get("type") in _SELECTS:
                self.select(where, item)
            else:
                self.faults.add(f"{where}.type", "BASE_TYPE_CHOICES", "Not allowed in an action row.")

    def display(self, path: str, item: Mapping[str, Any]) -> None:
        fields(self.faults, path, item, ("type", "id", "content"))
        text(self.faults, f"{path}.content", item.get("content"), 4000, 1)
        self.shown += len(item.get("content") or "")

    def gallery(self, path: str, item: Mapping[str, Any]) -> None:
        fields(self.faults, path, item, ("type", "id", "items"))
        if not 1 <= len(item.get("items", ())) <= 10:
            self.faults.add(f"{path}.items", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
        for number, each in enumerate(item.get("items", ())):
            where = f"{path}.items.{number}"
            fields(self.faults, where, each, ("media", "description", "spoiler"))
            text(self.faults, f"{where}.description", each.get("description", "x"), 1024, 1)
            self.attached(f"{where}.media", each.get("media") or {})

    def attached(self, path: str, media: Mapping[str, Any]) -> None:
        """A file that the message has, by its name."""
        fields(self.faults, path, media, ("url",))
        name = str(media.get("url", "")).removeprefix("attachment://")
        if name not in self.files:
            self.faults.add(f"{path}.url", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", name)

    def layout(self, path: str, item: Mapping[str, Any], *, inside: bool = False) -> None:
        """A top-level component of a message with components v2, or one inside a container."""
        self.total += 1
        match item.get("type"):
            case 1:
                self.row(path, item)
            case 10:
                self.display(path, item)
            case 9:
                fields(self.faults, path, item, ("type", "id", "components", "accessory"))
                if not 1 <= len(item.get("components", ())) <= 3:
                    self.faults.add(
                        f"{path}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 3 in length."
                    )
                for number, part in enumerate(item.get("components", ())):
                    self.total += 1
                    self.display(f"{path}.components.{number}", part)
                self.total += 1
                if item.get("accessory", {}).get("type") == 2:
                    self.button(f"{path}.accessory", item["accessory"])
                elif item.get("accessory", {}).get("type") != 11:
                    self.faults.add(
                        f"{path}.accessory", "BASE_TYPE_REQUIRED", "A section needs an accessory."
                    )
            case 12:
                self.gallery(path, item)
            case 13:
                fields(self.faults, path, item, ("type", "id", "file", "spoiler"))
                self.attached(f"{path}.file", item.get("file") or {})
            case 14:
                fields(self.faults, path, item, ("type", "id", "divider", "spacing"))
            case 17 if not inside:
                fields(self.faults, path, item, ("type", "id", "components", "accent_color", "spoiler"))
                for number, part in enumerate(item.get("components", ())):
                    self.layout(f"{path}.components.{number}", part, inside=True)
            case _:
                self.faults.add(f"{path}.type", "UNION_TYPE_CHOICES", "Not allowed here.")


def check_components(faults: Faults, components: Any, *, is_v2: bool, files: Collection[str] = ()) -> None:
    """Message components: five rows, or with components v2 forty components and 4,000 characters."""
    walk = _Components(faults, is_v2=is_v2, files=files)
    if not is_v2 and len(components) > 5:
        faults.add("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for number, item in enumerate(components):
        if is_v2:
            walk.layout(f"components.{number}", item)
        elif item.get("type") == 1:
            walk.row(f"components.{number}", item)
        else:
            faults.add(f"components.{number}.type", "UNION_TYPE_CHOICES", "Value of field type must be 1.")
    if walk.total > 40:
        faults.add("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "At most 40 components.")
    if walk.shown > 4000:
        faults.add(
            "components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "At most 4000 characters in all."
        )


_INPUT = [
    "type",
    "id",
    "custom_id",
    "style",
    "label",
    "min_length",
    "max_length",
    "required",
    "value",
    "placeholder",
]


def check_modal(data: Mapping[str, Any]) -> None:
    """A modal: title of 45 characters, one to five rows with a text input, or labels around inputs and selects."""
    faults = Faults()
    fields(faults, "data", data, ("title", "custom_id", "components"))
    text(faults, "data.title", data.get("title"), 45, 1)
    text(faults, "data.custom_id", data.get("custom_id"), 100, 1)
    rows = data.get("components", ())
    if not 1 <= len(rows) <= 5:
        faults.add("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    walk = _Components(faults, is_v2=False)
    for number, row in enumerate(rows):
        path = f"data.components.{number}"
        if row.get("type") == 10:
            walk.display(path, row)
        elif row.get("type") == 18:
            fields(faults, path, row, ("type", "id", "label", "description", "component"))
            text(faults, f"{path}.label", row.get("label"), 45, 1)
            if row.get("description") is not None:
                text(faults, f"{path}.description", row["description"], 100)
            _check_input(walk, f"{path}.component", row.get("component", {}), needs_label=False)
        elif row.get("type") == 1 and len(row.get("components", ())) == 1:
            _check_input(walk, f"{path}.components.0", row["components"][0], needs_label=True)
        else:
            faults.add(path, "BASE_TYPE_CHOICES", "A modal holds labels, text and rows of one input.")
    faults.check()


def _check_input(walk: _Components, path: str, item: Mapping[str, Any], *, needs_label: bool) -> None:
    if item.get("type") in _SELECTS:
        walk.select(path, item)
        return
    if item.get("type") == 19:
        fields(walk.faults, path, item, ("type", "id", "custom_id", "required", "min_values", "max_values"))
        walk.custom_id(path, item)
        return
    if item.get("type") != 4:
        walk.faults.add(f"{path}.type", "BASE_TYPE_CHOICES", "Not allowed in a modal.")
        return
    fields(walk.faults, path, item, _INPUT)
    walk.custom_id(path, item)
    if needs_label:
        text(walk.faults, f"{path}.label", item.get("label"), 45, 1)
    if item.get("style") not in (1, 2):
        walk.faults.add(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2).")
    most = item.get("max_length") or 4000
    if not 1 <= most <= 4000 or (item.get("min_length") or 0) > most:
        walk.faults.add(
            f"{path}.max_length", "NUMBER_TYPE_MAX", "int value should be less than or equal to 4000."
        )
    if item.get("value") is not None:
        text(walk.faults, f"{path}.value", item["value"], most)
    if item.get("placeholder") is not None:
        text(walk.faults, f"{path}.placeholder", item["placeholder"], 100)
