"""Slack's mrkdwn and its markdown blocks.

https://docs.slack.dev/messaging/formatting-message-text: `<`, `>` and `&` are the control characters of
mrkdwn; escaped, no `<@U1>`, `<#C1>`, `<!channel>`, `<!subteam^S1>`, `<!date^...>` or `<url|text>` is read.
"""

import re

from bot.markup.breaks import broken

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_SLACK_RULES = (
    re.compile(r"@(?:everyone|here|channel)", re.IGNORECASE),  # read where link_names is on
    re.compile(r"\]\s*[(\[:]"),  # [shown](elsewhere), [shown][1], [1]: elsewhere in markdown blocks
)
_MARKDOWN = (re.compile(r"(?=(<[^\s\u200b]))"), *_SLACK_RULES)


def neutralise_slack(text: str) -> str:
    """`text` for a field of type mrkdwn: pings nobody, links nowhere in disguise.

    A quotation's `>` is escaped too; Slack shows it as is.
    Not to be applied twice: `&` would be escaped again.
    """
    return broken(text, _SLACK_RULES).translate(_ENTITIES)


def neutralise_slack_markdown(text: str) -> str:
    """`text` for a markdown block or a stream (`markdown_text`), where entities are not read everywhere.

    Applying it twice changes nothing more.
    """
    return broken(text, _MARKDOWN)
