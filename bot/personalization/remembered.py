"""All that Riff remembers of a person, as lines that the person can delete one by one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import partial

from bot.core.domain import Account, Profile
from bot.core.errors import CommandError
from bot.language import _
from bot.personalization.linked_accounts import platform_name, unlink
from bot.personalization.taste import opinion_of
from genai.taste import in_words
from storage.repositories import Repositories
from storage.values.records import FeedbackKind

_SAVED = 50
_THREADS = 20
_OPINIONS = 200
_WORDS = 5
_CUT = 120


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is remembered, in the reader's language, and what forgets it."""

    text: str
    delete: Callable[[], Awaitable[object]]


async def lines(repositories: Repositories, person_id: int, account: Account) -> list[Line]:
    """Everything, always in the same order; `account` is the one that is asked from."""
    profile = await repositories.people.profile(person_id)
    return [
        *_profile(repositories, person_id, profile),
        *await _consent(repositories, person_id),
        *await _accounts(repositories, person_id, account),
        *await _taste(repositories, person_id),
        *await _usage(repositories, person_id),
        *await _suggestions(repositories, person_id),
        *await _saved(repositories, person_id),
        *await _threads(repositories, person_id),
    ]


def _profile(repositories: Repositories, person_id: int, profile: Profile) -> Sequence[Line]:
    found = []
    for field in fields(profile):
        value = getattr(profile, field.name)
        text = ", ".join(value) if isinstance(value, tuple) else value
        if text:
            forget = partial(repositories.people.clear_profile_field, person_id, field.name)
            found.append(Line(f"{field.name.replace('_', '-')}: {text}", forget))
    return found


async def _consent(repositories: Repositories, person_id: int) -> Sequence[Line]:
    if not await repositories.feedback.has_consent(person_id):
        return []
    forget = partial(repositories.feedback.set_consent, person_id, given=False)
    return [Line(_("You agreed that a model learns from your feedback."), forget)]


async def _accounts(repositories: Repositories, person_id: int, here: Account) -> Sequence[Line]:
    accounts = await repositories.people.accounts(person_id)
    platforms = [account.platform for account in accounts]
    return [
        Line(
            _account(account, is_one_of_several=platforms.count(account.platform) > 1)
            + (f" ({_('this one')})" if account == here else ""),
            _keep_this_one if account == here else partial(unlink, repositories, person_id, account, here),
        )
        for account in accounts
    ]


def _account(account: Account, *, is_one_of_several: bool) -> str:
    """By the platform alone where that says which: an id tells people nothing."""
    platform = platform_name(account.platform)
    if is_one_of_several:
        return _("Account on {platform}, {id}", platform=platform, id=account.external_id)
    return _("Account on {platform}", platform=platform)


async def _keep_this_one() -> None:
    raise CommandError(
        _("You are writing from that account; /privacy forget erases it together with all the rest.")
    )


async def _taste(repositories: Repositories, person_id: int) -> Sequence[Line]:
    said = await repositories.opinions.of_person(person_id, _OPINIONS)
    held = [one for one in said if one.kind != FeedbackKind.SAVE]  # saved ideas have lines of their own
    if not held:
        return []
    liked, disliked = await asyncio.to_thread(in_words, [opinion_of(one) for one in held], _WORDS)
    text = _("Your taste, from opinions: {count}", count=len(held))
    text += f"; {_('you like')}: {', '.join(liked)}" if liked else ""
    text += f"; {_('less')}: {', '.join(disliked)}" if disliked else ""
    return [Line(text, partial(repositories.opinions.erase, person_id))]


async def _usage(repositories: Repositories, person_id: int) -> Sequence[Line]:
    today, month = await repositories.usage.of_person(person_id, datetime.now(UTC))
    if today == month and not any(asdict(month).values()):
        return []
    text = _(
        "What you used, prompts today: {today}, this month: {month} (today is kept, for the quota counts it)",
        today=today.prompts,
        month=month.prompts,
    )
    return [Line(text, partial(repositories.usage.erase_before_today, person_id))]


async def _suggestions(repositories: Repositories, person_id: int) -> Sequence[Line]:
    answers = {"yes": _("yes"), "no": _("no"), "": _("nothing yet")}
    return [
        Line(
            _(
                "I asked whether to remember {field}: {value}; you said {answer}",
                field=one.field,
                value=one.value,
                answer=answers[one.answer],
            ),
            partial(repositories.suggestions.erase, person_id, one.id),
        )
        for one in await repositories.suggestions.of_person(person_id)
    ]


async def _saved(repositories: Repositories, person_id: int) -> Sequence[Line]:
    ideas = await repositories.ideas.saved(person_id, _SAVED)
    return [
        Line(
            _("Saved idea: {idea}", idea=_short(f"{idea.title}: {idea.body}".strip(": "))),
            partial(repositories.ideas.unsave, person_id, idea.id),
        )
        for idea in reversed(ideas)
    ]


async def _threads(repositories: Repositories, person_id: int) -> Sequence[Line]:
    """In short only what is theirs alone: others' words are for who can read the channel now."""
    return [
        Line(
            _("Thread, your messages: {count}, last “{text}”", count=one.questions, text=_short(one.last))
            + (f"; {_('in short')}: {_short(one.summary)}" if one.summary and one.is_private else ""),
            partial(repositories.threads.forget, person_id, one.conversation_id),
        )
        for one in reversed(await repositories.threads.of_person(person_id, _THREADS))
    ]


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _CUT else f"{plain[:_CUT].rsplit(' ', 1)[0]} …"
