"""What moderators are shown of decisions, and what they can make of them: pure functions."""

from collections.abc import Sequence

from bot.core.buttons import Action, ActionKind, Button, Panel, Row, Withheld
from bot.core.commands.declaration import Option
from bot.core.forms import Form
from bot.core.notices import Notice
from bot.language import N_, _, ngettext
from storage.values.records import AuditEntry, Review

RULE_FORM = "review-rule"
"""The form that asks for the rule."""
TERM = "term"
_LONGEST = 500
_STOPPED = {
    ("prompt", "block"): N_("a blocked message"),
    ("prompt", "flag"): N_("a flagged message"),
    ("reply", "block"): N_("a blocked answer of mine"),
    ("reply", "flag"): N_("a flagged answer of mine"),
}
_OTHER = N_("a text")
_DECIDED = {
    Review.APPROVED: (N_("Approved by {name}."), N_("Approved.")),
    Review.UPHELD: (N_("Upheld by {name}."), N_("Upheld.")),
}
_BEFORE_YOU = {
    Review.APPROVED: (
        N_("{name} has approved number {number} already."),
        N_("Number {number} is approved already."),
    ),
    Review.UPHELD: (
        N_("{name} has upheld number {number} already."),
        N_("Number {number} is upheld already."),
    ),
}


def review_panel(entries: Sequence[AuditEntry], waiting: int, *, private: bool) -> Panel:
    """The decisions of one message; `waiting` more come later. Texts are shown where `private`."""
    open_ones = sum(entry.review is Review.OPEN for entry in entries)
    told = (
        ngettext("{count} text to look at.", "{count} texts to look at.", open_ones)
        if open_ones
        else _("All of these are looked at.")
    )
    if waiting:
        told += " " + ngettext("{count} more waits.", "{count} more wait.", waiting)
    if not private:
        told += " " + _("Others can read along here, so the texts are left out.")
    return Panel(Notice(told, private=False), tuple(_row(entry, private=private) for entry in entries))


def welcome_panel(*, private: bool) -> Panel:
    """What moderators are told at first."""
    told = _("From now on I put here what moderation stopped: approve it, uphold it, or add a rule.")
    if not private:
        told += " " + _(
            "Others can read along here, so the texts are left out; a private channel shows them."
        )
    return Panel(Notice(told, private=False))


def rule_form(entry: AuditEntry) -> Form:
    """Asks which words shall be blocked from now on where the text was written."""
    term = Option(
        TERM,
        N_("Word or phrase to block"),
        required=True,
        hint=N_("From now on it is blocked in the channel where the text was written."),
        most_characters=100,
    )
    return Form(RULE_FORM, _("Add a rule"), _("Add"), (term,), str(entry.id))


def decided_before(entry: AuditEntry) -> Notice:
    """Who was first."""
    by_name, by_nobody = _BEFORE_YOU[entry.review]
    return Notice(_(by_name if entry.reviewed_by else by_nobody, name=entry.reviewed_by, number=entry.id))


def _row(entry: AuditEntry, *, private: bool) -> Row:
    decision = entry.decision
    what = _(_STOPPED.get((decision.direction, decision.action), _OTHER))
    parts = [f"**{_('Number {number}', number=entry.id)}**: {what}", decision.category]
    if decision.score is not None:
        parts.append(_("score {score}", score=f"{decision.score:.2f}"))
    told = ", ".join(filter(None, parts)) + "."
    withheld = Withheld(_text(entry, private=private), entry.scope.channel if entry.scope else "")
    if private and entry.text is None:
        told += " " + _("Its text is not kept.")
    if entry.review is Review.OPEN:
        return Row(Notice(told), _buttons(entry), withheld=withheld)
    by_name, by_nobody = _DECIDED[entry.review]
    told += " " + _(by_name if entry.reviewed_by else by_nobody, name=entry.reviewed_by)
    return Row(Notice(told), withheld=withheld)


def _text(entry: AuditEntry, *, private: bool) -> str:
    if not private or entry.text is None:
        return ""
    text = " ".join(entry.text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _buttons(entry: AuditEntry) -> tuple[Button, ...]:
    target = str(entry.id)
    return (
        Button(Action(ActionKind.APPROVE, target), _("Approve")),
        Button(Action(ActionKind.UPHOLD, target), _("Uphold")),
        Button(Action(ActionKind.RULE, target), _("Add a rule")),
    )
