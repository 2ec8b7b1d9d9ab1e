"""Discord's markdown: https://discord.com/developers/docs/reference#message-formatting.

A second line of defence: adapters also send `allowed_mentions: {"parse": []}`.
"""

import re

from bot.markup.breaks import broken, closed_fences, without_fences

_RULES = (
    re.compile(r"@(?:everyone|here)", re.IGNORECASE),
    re.compile(r"<[@#:/]"),  # <@1>, <@!1>, <@&1>, <#1>, <:name:1>, </name:1>
    re.compile(r"<(?:a|t|id|sound):", re.IGNORECASE),  # <a:name:1>, <t:1:R>, <id:guide>
    re.compile(r"\]\s*\("),  # [shown](elsewhere)
)


def neutralise(text: str, before: str = "") -> str:
    """`text` that pings nobody, has no link whose target is hidden, and no timestamp, emoji or command.

    `before` is what the same message shows already, for a mark that begins there. Applying it twice changes
    nothing more. Ordinary formatting (bold, lists, code) stays.
    """
    return broken(text, before, _RULES)


def whole_message(text: str) -> str:
    """A whole message: neutralised, its last code block closed."""
    return closed_fences(neutralise(text))


def code_block(text: str) -> str:
    """`text` as a code block that nothing in it can end."""
    return f"```\n{without_fences(neutralise(text))}\n```"
