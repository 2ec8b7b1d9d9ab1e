"""The link to a board's live page: told where the brainstorm is, for whoever may read there, and taken back."""

from datetime import timedelta

from bot.config.web_settings import WebSettings
from bot.core.commands.call import Call
from bot.core.commands.declaration import Kind, Option
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.language import N_, _, ngettext
from storage.models.base import now
from storage.repositories import Repositories
from storage.values.brainstorms import StoredBrainstorm

_NEW, _REVOKE = "new", "revoke"
ACTION = Option(
    "action",
    N_("A new link, or take all links back"),
    Kind.CHOICE,
    N_("ACTION"),
    positional=True,
    choices=(_NEW, _REVOKE),
    labels=(N_("new"), N_("revoke")),
)
"""What `board-link` takes."""


async def live_link(repositories: Repositories, web: WebSettings, brainstorm_id: int) -> Notice | None:
    """A new link to the board's page as a sentence of Riff's own; None where Riff serves no pages.

    It is a message of its own: those that are written anew could not tell it again.
    """
    if not web.address:
        return None
    expires_at = now() + timedelta(days=web.board_link_days)
    secret = await repositories.board_links.add(brainstorm_id, expires_at)
    if secret is None:
        return None
    told = _("The board, live: {address}", address=f"{web.address}/board/{secret}")
    return Notice(told, private=False)


async def board_link(call: Call, found: StoredBrainstorm) -> Notice:
    """A new link to the board, or all of them taken back. Raises CommandError for whoever may not."""
    if found.facilitator_id not in (None, call.person_id) and not call.incoming.by_admin:
        raise CommandError(_("Only who started the brainstorm, or an admin, can do that."))
    if call.text(ACTION.name) == _REVOKE:
        count = await call.repositories.board_links.revoke(found.id)
        return Notice(
            ngettext(
                "{count} link to the board is taken back; it opens nothing any more.",
                "{count} links to the board are taken back; they open nothing any more.",
                count,
            ),
            private=False,
        )
    if not (link := await live_link(call.repositories, call.web, found.id)):
        raise CommandError(_("Riff serves no pages here; whoever runs it can give them a port."))
    return link
