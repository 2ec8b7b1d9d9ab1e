"""App Home: a person's profile, recent ideas and settings. https://docs.slack.dev/surfaces/app-home"""

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from adapters.slack.rendering.markdown import escape
from bot.core.domain import Account, Profile, StoredIdea
from bot.language import N_, _

if TYPE_CHECKING:
    from bot.app import App

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


async def home_view(app: "App", author: Account) -> dict[str, Any]:
    """What the person sees; texts are the person's own, or passed moderation when they were shown."""
    person = await app.repositories.people.find(author)
    if person is None:
        return _view(Profile(), (), (), consents=False)
    saved = await app.repositories.ideas.saved(person, _IDEAS)
    recent = await app.repositories.ideas.recent_of_person(person, _IDEAS)
    profile = await app.repositories.people.profile(person)
    return _view(profile, recent, saved, consents=await app.repositories.feedback.has_consent(person))


def _view(
    profile: Profile, recent: Sequence[StoredIdea], saved: Sequence[StoredIdea], *, consents: bool
) -> dict[str, Any]:
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
            *_ideas(saved, _("Nothing saved yet: press Save under an idea that you like.")),
            _header(_("Recent ideas")),
            *_ideas(recent, _("No ideas yet: mention me in a channel, or press Brainstorm.")),
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


def _ideas(ideas: Sequence[StoredIdea], none: str) -> list[dict[str, Any]]:
    if not ideas:
        return [_text(none)]
    return [
        _text(f"*{escape(_short(idea.title or idea.body))}*\n{escape(_short(idea.body))}") for idea in ideas
    ]


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
