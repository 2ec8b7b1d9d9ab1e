"""The sheet as one HTML file that needs nothing else: it opens in a browser, fits a phone and works by keyboard.

What models wrote is untrusted. It stands escaped in the text of elements and nowhere else, and the page's own policy
allows no script but the one of the page, named by its digest, no address to load from and none to send to.
"""

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from bot.evaluation.blind_reading.pairs import Pair, Sheet
from bot.evaluation.kept_answers import Said
from bot.language import LOCALE, _


def task() -> str:
    """What readers are asked to do."""
    return _(
        "Each pair answers the same request in two ways. Read both, then say which you would rather take into a"
        " meeting, or that they are equal. Mark each idea that is usable: about the request, understandable, and"
        " something one could do."
    )


def fields() -> str:
    """How the JSON lines are filled in."""
    return _(
        "Write one of {choices} into {preference}, and the numbers of the usable ideas, counted from 1, into {usable}.",
        choices="left/right/equal",
        preference="prefer",
        usable="usable_left/usable_right",
    )


def sheet_page(sheet: Sheet) -> str:
    """The whole file."""
    style, script = _read("sheet.css"), _read("sheet.js")
    policy = (
        f"default-src 'none'; style-src '{_source(style)}'; script-src '{_source(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    title = escape(_("Which ideas are better?"))
    articles = "\n".join(_article(pair) for pair in sheet.pairs)
    without = escape(_("This page needs its script to save answers; without it, fill in the JSON lines."))
    return f"""<!doctype html>
<html lang="{escape(LOCALE.get())}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body data-sheet="{escape(sheet.id)}">
<header>
<h1>{title}</h1>
<p>{escape(task())}</p>
</header>
<main>
{articles}
</main>
<footer>
<noscript><p>{without}</p></noscript>
<p role="status"><output id="count">0</output> / {len(sheet.pairs)}</p>
<button type="button" id="save">{escape(_("Download my answers"))}</button>
</footer>
<script>{script}</script>
</body>
</html>
"""


def _article(pair: Pair) -> str:
    """One pair: both answers, what is preferred, and a note."""
    choices = (("left", _("Left")), ("equal", _("Equal")), ("right", _("Right")))
    radios = "\n".join(
        f'<label><input type="radio" name="prefer-{pair.number}" value="{value}"> {escape(label)}</label>'
        for value, label in choices
    )
    return f"""<article data-pair="{pair.number}" aria-labelledby="prompt-{pair.number}">
<h2 id="prompt-{pair.number}">{pair.number}. {escape(pair.prompt)}</h2>
<div class="sides">
{_side("left", _("Left"), pair.left)}
{_side("right", _("Right"), pair.right)}
</div>
<fieldset>
<legend>{escape(_("Which would you rather take into a meeting?"))}</legend>
{radios}
</fieldset>
<label class="note">{escape(_("Note"))} <input type="text" maxlength="1000"></label>
</article>"""


def _side(side: str, title: str, said: Sequence[Said]) -> str:
    items = "\n".join(_idea(side, number, one) for number, one in enumerate(said, start=1))
    return (
        f'<section aria-label="{escape(title)}">\n<h3>{escape(title)}</h3>\n<ol>\n{items}\n</ol>\n</section>'
    )


def _idea(side: str, number: int, said: Said) -> str:
    title = f"<strong>{escape(said.title)}</strong> " if said.title else ""
    usable = escape(_("usable"))
    return (
        f'<li><p>{title}<span>{escape(said.body)}</span></p><label><input type="checkbox" data-side="{side}" '
        f'value="{number}"> {usable}</label></li>'
    )


def _read(name: str) -> str:
    return (files("bot.evaluation.blind_reading") / name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    """How a policy names an element by its text."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
