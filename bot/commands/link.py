"""`/link`: makes the accounts that one person has on several platforms one person to Riff, and parts them again.

A code names the account that it was asked for in. Nothing is joined before whoever types it has seen whose it is.
"""

from bot.core.buttons import Action, ActionKind, Button, Panel, Row
from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Command, Kind, Option, Verb
from bot.core.domain import Account, Scope
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.language import LOCALE, N_, _
from bot.personalization.linked_accounts import shown, tell, unlink
from storage.errors import SameWorkspaceError
from storage.values.personal import OpenLink
from storage.values.records import Decision

_MOST_ID = 9_999_999
_LINKED = Notice(N_("Done: this account and your other one are one person to me now, with one profile."))
_ALREADY = Notice(N_("That code is from this account. Type it where you use me with your other account."))
_REFUSED = Notice(N_("Nothing was linked, and that code no longer works."))
_PARTED = Notice(
    N_("That account is no longer linked to this one. I gave each side back what it had brought.")
)
_SAME = N_("Two accounts of one workspace cannot be linked: people there count on them being two.")
_NONE = N_("There is no link to confirm; a code works for 10 minutes. Get a new one with /link.")
_WRONG = N_("That code is wrong, used or older than 10 minutes; get a new one with /link.")
_TOO_MANY = N_("Those were several wrong codes. Try again in an hour.")
_WHICH = N_("Which account? Give its number in /link show, for example: /link remove 2")
_CONFIRM = Notice(
    N_(
        "That code is from the account below; nothing is linked yet. If you confirm, whoever uses that account can"
        " read, export and erase all that I keep of you. Confirm only if it is your own: if somebody else gave you the"
        " code, refuse. Press a button, or type /link confirm or /link refuse."
    )
)


async def _code(call: Call) -> Answer:
    return await _enter(call, code) if (code := call.text("code")) else await _new(call)


async def _new(call: Call) -> Answer:
    incoming = call.incoming
    new = await call.repositories.links.new_code(
        call.person_id,
        incoming.author,
        name=incoming.author_name,
        workspace_name=incoming.workspace_name,
        locale=LOCALE.get(),
    )
    return Notice(
        _(
            "Your code is {code}. Within 10 minutes, type /link {code} where you use me with your other account."
            " Give it to nobody else: it opens your profile, your ideas and your history.",
            code=new,
        )
    )


async def _enter(call: Call, code: str) -> Answer:
    links, author = call.repositories.links, call.incoming.author
    if not await links.may_try(call.person_id):
        await _record(call, "too many codes")
        raise CommandError(_(_TOO_MANY))
    link = await links.enter(code, author)
    if link is None:
        await links.note_wrong(call.person_id)
        await _record(call, "wrong code")
        raise CommandError(_(_WRONG))
    if link.person_id == call.person_id:
        await links.take(author, link.id)
        return _ALREADY
    if await _share_a_workspace(call, link):
        await links.take(author, link.id)
        raise CommandError(_(_SAME))
    return await _question(call, link)


async def _share_a_workspace(call: Call, link: OpenLink) -> bool:
    people = call.repositories.people
    ours, theirs = await people.accounts(call.person_id), await people.accounts(link.person_id)
    return bool({_workspace(one) for one in ours} & {_workspace(one) for one in theirs})


def _workspace(account: Account) -> tuple[str, str]:
    return account.platform, account.workspace


async def _question(call: Call, link: OpenLink) -> Answer:
    """Whose account it is, and whether to go on; without that being shown there is no button to go on."""
    whose = await shown(call.moderator, link.account, link.name, link.workspace_name)
    if whose is None:
        await call.repositories.links.take(call.incoming.author, link.id)
        return _REFUSED
    target = str(link.id)
    buttons = (
        Button(Action(ActionKind.CONFIRM_LINK, target), _("It is mine: link"), "danger"),
        Button(Action(ActionKind.REFUSE_LINK, target), _("No"), "primary"),
    )
    return Panel(_CONFIRM, (Row(whose),), buttons)


async def _confirm(call: Call) -> Answer:
    people, incoming = call.repositories.people, call.incoming
    link = await call.repositories.links.take(incoming.author, call.invocation.number("number"))
    if link is None or await people.find(link.account) != link.person_id:
        raise CommandError(_(_NONE))
    try:
        await people.link(link.account, incoming.author)
    except SameWorkspaceError as error:
        raise CommandError(_(_SAME)) from error
    await tell(
        call.repositories,
        link.account,
        "linked",
        incoming.author,
        locale=link.locale,
        name=incoming.author_name,
        workspace_name=incoming.workspace_name,
    )
    return _LINKED


async def _refuse(call: Call) -> Answer:
    number = call.invocation.number("number")
    if await call.repositories.links.take(call.incoming.author, number) is None:
        raise CommandError(_(_NONE))
    await _record(call, "link refused")
    return _REFUSED


async def _show(call: Call) -> Answer:
    accounts = await call.repositories.people.accounts(call.person_id)
    known = [await shown(call.moderator, account) for account in accounts]
    here = call.incoming.author
    texts = [
        f"{number}. {whose.text if whose else account.platform}"
        + (f" ({_('this one')})" if account == here else "")
        for number, (account, whose) in enumerate(zip(accounts, known, strict=True), start=1)
    ]
    return "\n".join(
        [_("Accounts that are you to me:"), *texts, _("Part one from the others with /link remove NUMBER.")]
    )


async def _remove(call: Call) -> Answer:
    accounts = await call.repositories.people.accounts(call.person_id)
    number, here = call.invocation.number("number") or 0, call.incoming.author
    if not 1 <= number <= len(accounts):
        raise CommandError(_(_WHICH))
    chosen = accounts[number - 1]
    if chosen == here:
        raise CommandError(_("You are writing from that account; part the others from it instead."))
    if not await unlink(call.repositories, call.person_id, chosen, here):
        raise CommandError(_(_WHICH))
    return _PARTED


async def _record(call: Call, what: str) -> None:
    """For the record: who tried to link, and where; never the code."""
    author = call.incoming.author
    scope = Scope(author.platform, author.workspace)
    await call.repositories.audit.record(Decision("account", what), person_id=call.person_id, scope=scope)


_LINK = Option("number", N_("Which link"), Kind.NUMBER, "N", positional=True, most=_MOST_ID)
_ACCOUNT = Option("number", N_("Its number"), Kind.NUMBER, "N", positional=True, required=True, asks=_WHICH)

COMMAND = Command(
    "link",
    N_("use me as the same person elsewhere"),
    "/link",
    (
        Verb(
            "code",
            N_("Get a code, or enter the one from your other account"),
            (
                Option(
                    "code", N_("The code from your other account"), placeholder=N_("CODE"), positional=True
                ),
            ),
            _code,
            private=True,
        ),
        Verb("confirm", N_("Link the account whose code you entered"), (_LINK,), _confirm, private=True),
        Verb("refuse", N_("Don't link it"), (_LINK,), _refuse, private=True),
        Verb("show", N_("Your linked accounts"), run=_show, private=True),
        Verb(
            "remove", N_("Part an account from the others"), (_ACCOUNT,), _remove, private=True, destroys=True
        ),
    ),
    default="code",
)
