"""`/link`: who types a code sees whose account it is, and nothing is joined before they confirm; it can be undone."""

from dataclasses import replace

import pytest

from bot.app import App
from bot.core.buttons import ActionKind
from bot.core.domain import Account, Incoming, Place, Profile
from bot.interactions.actions import Actions
from bot.interactions.resolver import Ask
from bot.jobs.scheduled import ScheduledJob
from storage.repositories.links import MOST_WRONG
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

MINE, THEIRS = Account("test", "w1", "u1"), Account("other", "w9", "mallory")


def said(text: str, account: Account = MINE, name: str = "", workspace: str = "") -> Incoming:
    place = Place(account.platform, account.workspace, f"dm-{account.external_id}", direct=True)
    return replace(incoming(text), author=account, place=place, author_name=name, workspace_name=workspace)


async def told(app: App, message: Incoming) -> RecordingChannel:
    channel = RecordingChannel()
    await app.pipeline.handle(message, channel)
    return channel


async def code_of(app: App, account: Account, **names: str) -> str:
    text = (await told(app, said("/link", account, **names))).notices[-1].text
    return text.split("Your code is ")[1].split(".")[0]


async def are_one(app: App) -> bool:
    people = app.repositories.people
    return await people.find_or_create(MINE) == await people.find_or_create(THEIRS)


async def linked(app: App) -> None:
    await told(app, said(f"/link {await code_of(app, THEIRS)}"))
    await told(app, said("/link confirm"))
    assert await are_one(app)


async def jobs(app: App, account: Account) -> list[ScheduledJob]:
    """What waits to be told to the account; it counts as done then."""
    inbox = app.repositories.inbox
    events = await inbox.claim(account.platform, "test", 9, 60)
    for event in events:
        await inbox.finish("test", [event])
    return [job for event in events if (job := ScheduledJob.read(event))]


async def test_typing_a_code_joins_nothing_and_shows_whose_account_it_is(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator())
    await told(app, said("/profile set role baker"))
    code = await code_of(app, THEIRS, name="Mallory", workspace="Tea House")
    channel = await told(app, said(f"/link {code}"))
    (panel,) = channel.panels
    assert panel.rows[0].text.text == "Mallory (mallory) on other, in Tea House"
    assert panel.heading.private
    assert not await are_one(app)
    theirs = await app.repositories.people.find_or_create(THEIRS)
    assert await app.repositories.people.profile(theirs) == Profile()


@pytest.mark.parametrize("by_button", [True, False])
async def test_confirming_joins_and_both_sides_are_told(make_app: MakeApp, by_button: bool) -> None:
    app = await make_app(ScriptedGenerator())
    channel = await told(app, said(f"/link {await code_of(app, THEIRS)}"))
    confirm = channel.panels[0].buttons[0].action
    assert confirm.kind is ActionKind.CONFIRM_LINK
    message = said("/link confirm", name="Ada")
    if by_button:
        ask = await Actions(app.repositories).perform(confirm, MINE, said("").place)
        assert isinstance(ask, Ask)
        message = replace(said(ask.text, name="Ada"), request=ask.request)
    assert "one person to me now" in (await told(app, message)).notices[-1].text
    assert await are_one(app)
    (job,) = await jobs(app, THEIRS)
    assert (job.to, job.place.direct) == (THEIRS.external_id, True)
    shown = RecordingChannel()
    await app.scheduled_jobs.do(job, shown, resume=False)
    assert "one person to me now" in shown.panels[0].heading.text
    assert shown.panels[0].rows[0].text.text == "Ada (u1) on test, in w1"


async def test_nobody_else_confirms(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator())
    channel = await told(app, said(f"/link {await code_of(app, THEIRS)}"))
    confirm = channel.panels[0].buttons[0].action
    for account in (THEIRS, Account("test", "w1", "u2")):
        ask = await Actions(app.repositories).perform(confirm, account, said("", account).place)
        assert isinstance(ask, Ask)
        refused = await told(app, replace(said(ask.text, account), request=ask.request))
        assert "no link to confirm" in refused.notices[-1].text
    assert not await are_one(app)


async def test_refusing_ends_the_code_and_is_on_record(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator())
    await told(app, said(f"/link {await code_of(app, THEIRS)}"))
    assert "Nothing was linked" in (await told(app, said("/link refuse"))).notices[-1].text
    await told(app, said("/link confirm"))
    assert not await are_one(app)
    assert "link refused" in {entry.decision.action for entry in await app.repositories.audit.recent(9)}


async def test_accounts_of_one_workspace_are_refused_before_anything_is_asked(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator())
    other = Account("test", "w1", "u2")
    channel = await told(app, said(f"/link {await code_of(app, other)}"))
    assert channel.panels == []
    assert "one workspace" in channel.notices[-1].text
    await told(app, said("/link confirm"))
    people = app.repositories.people
    assert await people.find(MINE) != await people.find(other)


async def test_wrong_codes_are_limited_for_each_person_and_on_record(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator())
    code = await code_of(app, THEIRS)
    for number in range(MOST_WRONG):
        channel = await told(app, said(f"/link ABCDE-FGH{number}K"))
        assert "wrong" in channel.notices[-1].text
    channel = await told(app, said(f"/link {code}"))
    assert "Try again in an hour" in channel.notices[-1].text
    assert channel.panels == []
    actions = [entry.decision.action for entry in await app.repositories.audit.recent(99)]
    assert actions.count("wrong code") == MOST_WRONG
    assert "too many codes" in actions


async def test_a_link_is_shown_and_undone_and_the_other_side_told(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator())
    await told(app, said("/profile set role baker"))
    await told(app, said("/profile set tone bold", THEIRS))
    await linked(app)
    await jobs(app, THEIRS)
    shown = (await told(app, said("/link show"))).visible
    assert "2. an account without a name (mallory) on other, in w9\n" in shown
    assert "1. an account without a name (u1) on test, in w1 (this one)\n" in shown
    reply = await told(app, said("/link remove 1"))
    assert "writing from that account" in reply.notices[-1].text
    reply = await told(app, said("/link remove 2"))
    assert "no longer linked" in reply.notices[-1].text
    assert not await are_one(app)
    people = app.repositories.people
    assert await people.profile(await people.find_or_create(MINE)) == Profile(role="baker")
    assert await people.profile(await people.find_or_create(THEIRS)) == Profile(tone="bold")
    assert [job.values["what"] for job in await jobs(app, THEIRS)] == ["unlinked"]


async def test_a_name_that_does_not_pass_is_left_out(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator())
    code = await code_of(app, THEIRS, name="you fucking stupid bitch")
    (panel,) = (await told(app, said(f"/link {code}"))).panels
    assert panel.rows[0].text.text == "an account without a name (mallory) on other, in w9"
