"""Slack's mrkdwn and its markdown blocks.

https://docs.slack.dev/messaging/formatting-message-text: `<`, `>` and `&` are the control characters of
mrkdwn; escaped, no `<@U1>`, `<#C1>`, `<!channel>`, `<!subteam^S1>`, `<!date^...>` or `<url|text>` is read.
"""

import re

from bot.markup.breaks import broken, closed_fences, without_fences

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_RULES = (
    re.compile(r"@(?:everyone|here|channel)", re.IGNORECASE),  # read where link_names is on
    re.compile(r"\]\s*[(\[:]"),  # [shown](elsewhere), [shown][1], [1]: elsewhere in markdown blocks
)
_MARKDOWN = (re.compile(r"(?=(<[^\s\u200b]))"), *_RULES)


def neutralise(text: str, before: str = "") -> str:
    """`text` for a field of type mrkdwn: pings nobody, links nowhere in disguise.

    `before` is what the same message shows already. A quotation's `>` is escaped too; Slack shows it as is.
    Not to be applied twice: `&` would be escaped again.
    """
    return broken(text, before, _RULES).translate(_ENTITIES)


def neutralise_markdown(text: str, before: str = "") -> str:
    """`text` for a markdown block or a stream (`markdown_text`), where entities are not read everywhere.

    Applying it twice changes nothing more.
    """
    return broken(text, before, _MARKDOWN)


def whole_message(text: str) -> str:
    """A whole mrkdwn message: neutralised, its last code block closed."""
    return closed_fences(neutralise(text))


def code_block(text: str) -> str:
    """`text` as a mrkdwn code block that nothing in it can end."""
    return f"```\n{neutralise(without_fences(text))}\n```"
