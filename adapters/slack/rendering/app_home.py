"""App Home: a person's profile, recent ideas and settings. https://docs.slack.dev/surfaces/app-home"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from adapters.slack.rendering.block_kit import drawn
from adapters.slack.rendering.markdown import escape
from bot.core.buttons import Action, ActionKind, Button
from bot.core.domain import Account, Place, Profile, StoredIdea
from bot.language import N_, _

if TYPE_CHECKING:
    from bot.app import App

FindLinks = Callable[[Sequence[Place]], Awaitable[Mapping[Place, str]]]
"""Gives the addresses of threads."""
OPENERS = {
    "brainstorm": N_("Brainstorm"),
    "copy": N_("Copy"),
    "ad": N_("Ad"),
    "design": N_("Design brief"),
    "name": N_("Names"),
    "profile": N_("Edit profile"),
}
"""Commands whose form a button in App Home opens, with its label."""
_IDEAS = 8
_CUT = 280


async def home_view(app: "App", author: Account, find_links: FindLinks) -> dict[str, Any]:
    """What the person sees; texts are the person's own, or passed moderation when they were shown."""
    person = await app.repositories.people.find(author)
    if person is None:
        return home_of(Profile(), (), (), consents=False)
    saved = await app.repositories.ideas.saved(person, _IDEAS)
    recent = await app.repositories.ideas.recent_of_person(person, _IDEAS)
    profile = await app.repositories.people.profile(person)
    threads = await app.repositories.ideas.threads({idea.id for idea in (*saved, *recent)})
    here = {
        idea: place
        for idea, place in threads.items()
        if (place.platform, place.workspace) == (author.platform, author.workspace)
    }
    found = await find_links(list(here.values()))
    links = {idea: found[place] for idea, place in here.items() if place in found}
    consents = await app.repositories.feedback.has_consent(person)
    return home_of(profile, recent, saved, links, consents=consents)


def home_of(
    profile: Profile,
    recent: Sequence[StoredIdea],
    saved: Sequence[StoredIdea],
    links: Mapping[int, str] | None = None,
    *,
    consents: bool,
) -> dict[str, Any]:
    """App Home; `links` lead to the threads of ideas, by their ids."""
    to = links or {}
    yes, no = _("A model may learn from your feedback."), _("No model learns from your feedback.")
    learning = yes if consents else no
    return {
        "type": "home",
        "blocks": [
            _header(_("Riff, your brainstorming partner")),
            {"type": "actions", "elements": [_opener(name, _(label)) for name, label in OPENERS.items()]},
            _header(_("Your profile")),
            _text(_profile_lines(profile)),
            _header(_("Saved ideas")),
            *_saved(saved, to, _("Nothing saved yet: press Save under an idea that you like.")),
            _header(_("Recent ideas")),
            *_ideas(recent, to, _("No ideas yet: mention me in a channel, or press Brainstorm.")),
            _header(_("Settings")),
            _text(f"{learning} " + _("Change it with `/riff consent on` or `/riff consent off`.")),
            _text(_("`/riff voice` sets the brand voice of a channel; admins have `/riff admin`.")),
            _text(_("`/riff privacy` shows what I hold on you and erases it.")),
        ],
    }


def _profile_lines(profile: Profile) -> str:
    lines = []
    for field in fields(profile):
        value = getattr(profile, field.name)
        shown = ", ".join(value) if isinstance(value, tuple) else value
        if shown:
            name = _(field.name.replace("_", "-")).replace("-", " ").capitalize()
            lines.append(f"*{name}*: {escape(_short(shown))}")
    return "\n".join(lines) or _("I know nothing about you yet; answers fit you better once I do.")


def _saved(ideas: Sequence[StoredIdea], links: Mapping[int, str], none: str) -> list[dict[str, Any]]:
    """Each with a button that takes it out of what is saved; saying so twice is no trouble."""
    shown = _ideas(ideas, links, none)
    for idea, block in zip(ideas, shown, strict=False):
        block["accessory"] = drawn(Button(Action(ActionKind.UNSAVE, str(idea.id)), _("Unsave")))
    return shown


def _ideas(ideas: Sequence[StoredIdea], links: Mapping[int, str], none: str) -> list[dict[str, Any]]:
    if not ideas:
        return [_text(none)]
    return [_text("\n".join(_lines(idea, links.get(idea.id, "")))) for idea in ideas]


def _lines(idea: StoredIdea, link: str) -> Iterator[str]:
    if idea.title:
        yield f"*{escape(_short(idea.title))}*"
    if idea.body:
        yield escape(_short(idea.body))
    if link:
        yield f"<{escape(link)}|{escape(_('Open the thread'))}>"


def _short(text: str) -> str:
    """A glance at the text; the whole stands where it was said."""
    return text if len(text) <= _CUT else f"{text[:_CUT].rsplit(' ', 1)[0]} …"


def _opener(name: str, label: str) -> dict[str, Any]:
    text = {"type": "plain_text", "text": label, "emoji": True}
    return {"type": "button", "action_id": f"riff-open-{name}", "text": text, "value": name}


def _header(text: str) -> dict[str, Any]:
    return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": True}}


def _text(mrkdwn: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn[:3000], "verbatim": True}}
