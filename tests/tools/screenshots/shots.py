"""What is recorded: a conversation as it stands on one surface, already HTML."""

import html
from base64 import b64encode
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture to take: `name` is its file's, `title` what it shows, `body` the HTML inside the page."""

    name: str
    title: str
    surface: str
    body: str
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Post:
    """One message in a conversation; `note` stands above it, such as who can see it."""

    author: str
    body: str
    is_riff: bool = False
    note: str = ""
    reactions: tuple[str, ...] = ()


def conversation(posts: list[Post]) -> str:
    """The messages one under another."""
    return "".join(_drawn(post) for post in posts)


def _drawn(post: Post) -> str:
    app = '<span class="app">APP</span>' if post.is_riff else ""
    note = f'<div class="note">{html.escape(post.note)}</div>' if post.note else ""
    signs = "".join(f'<span class="reaction">{html.escape(sign)} 1</span>' for sign in post.reactions)
    initial = html.escape(post.author[:1].upper())
    return (
        f'<div class="post"><div class="face {"riff" if post.is_riff else ""}">{initial}</div><div class="said">{note}'
        f'<div class="who"><b>{html.escape(post.author)}</b> {app}</div>{post.body}{signs}</div></div>'
    )


def picture(data: bytes, alt: str, media_type: str = "image/png") -> str:
    """An image in the page; what it is for who cannot see it stands under it, so that it can be read here."""
    source = f"data:{media_type};base64,{b64encode(data).decode()}"
    return f'<img src="{source}" alt="{html.escape(alt, quote=True)}">'


def button(label: str, style: str = "") -> str:
    """A button as it is seen."""
    return f'<span class="button {html.escape(style, quote=True)}">{html.escape(label)}</span>'


def menu(label: str) -> str:
    """A closed menu with what it says while nothing is chosen."""
    return f'<span class="menu">{html.escape(label)}<span>▾</span></span>'


def field(label: str, inside: str, hint: str = "") -> str:
    """A field of a form."""
    told = f'<div class="hint">{html.escape(hint)}</div>' if hint else ""
    return f'<div class="field"><b>{html.escape(label)}</b>{inside}{told}</div>'
