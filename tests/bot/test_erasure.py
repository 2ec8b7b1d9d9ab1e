"""Erasing all that is held on a person: it is asked first, with how much, and no slip of the hand starts it."""

from dataclasses import replace

import pytest

from bot.app import App
from bot.core.buttons import Action, ActionKind, Panel
from bot.core.commands.declaration import all_commands
from bot.core.domain import Account, Document
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.interactions.actions import Actions
from bot.interactions.resolver import Ask
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

IDEAS = "1. Loan shelf: borrow a cup.\n2. Cork lid: keep tea hot.\n3. Felt ring: no noise."
ME = incoming("").author


async def said(app: App, text: str) -> RecordingChannel:
    channel = RecordingChannel()
    await app.pipeline.handle(incoming(text), channel)
    return channel


async def asked(app: App, text: str = "/privacy forget") -> Panel:
    (panel,) = (await said(app, text)).panels
    return panel


async def pressed(app: App, action: Action, author: Account = ME) -> RecordingChannel | Notice:
    outcome = await Actions(app.repositories).perform(action, author, incoming("").place)
    if isinstance(outcome, Notice):
        return outcome
    assert isinstance(outcome, Ask)
    channel = RecordingChannel()
    await app.pipeline.handle(replace(incoming(outcome.text), request=outcome.request), channel)
    return channel


async def is_known(app: App) -> bool:
    return await app.repositories.people.find(ME) is not None


@pytest.mark.parametrize("typed", ["/privacy forget", "/forget everything"])
async def test_it_is_asked_first_with_how_much_goes(make_app: MakeApp, typed: str) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    await said(app, "/profile set role baker")
    await said(app, "/brainstorm 3 tea")
    await said(app, "/like 2")
    panel = await asked(app, typed)
    assert panel.heading.private
    for part in ("your profile", "3 ideas that I wrote for you", "1 opinion on an idea", "cannot be undone"):
        assert part in panel.heading.text
    assert [button.label for button in panel.buttons] == ["Download first", "Erase everything", "Cancel"]
    assert await is_known(app)


async def test_the_buttons_do_what_they_say(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    download, erase, cancel = (button.action for button in (await asked(app)).buttons)
    kept = await pressed(app, cancel)
    assert isinstance(kept, Notice)
    assert kept.text == "Nothing was erased."
    handed = await pressed(app, download)
    assert isinstance(handed, RecordingChannel)
    (document,) = handed.documents
    assert isinstance(document, Document)
    assert document.private
    assert await is_known(app)
    erased = await pressed(app, erase)
    assert isinstance(erased, RecordingChannel)
    assert "is erased" in erased.notices[-1].text
    assert not await is_known(app)
    with pytest.raises(CommandError):
        await pressed(app, erase)
    assert not await is_known(app), "a press on an old question knows nobody"


@pytest.mark.parametrize("kind", [ActionKind.ERASE, ActionKind.EXPORT, ActionKind.KEEP])
async def test_nobody_answers_for_another(make_app: MakeApp, kind: ActionKind) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    target = (await asked(app)).buttons[0].action.target
    other = Account(ME.platform, ME.workspace, "somebody-else")
    await app.repositories.people.find_or_create(other)
    with pytest.raises(CommandError, match="Only the person who was asked"):
        await pressed(app, Action(kind, target), other)
    assert await is_known(app)
    assert await app.repositories.people.find(other) is not None


@pytest.mark.parametrize("word", ["yes", "evrything", "all of it"])
async def test_typed_it_wants_the_word(make_app: MakeApp, word: str) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    channel = await said(app, f"/forget everything {word}")
    assert "Nothing was erased" in channel.notices[-1].text
    assert await is_known(app)
    await said(app, "/forget everything “Erase”.")
    assert not await is_known(app)


async def test_a_mistyped_part_is_not_taken_for_the_nearest_where_it_would_be_cleared(
    make_app: MakeApp,
) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    await said(app, "/profile set tone bold")
    assert "The fields are" in (await said(app, "/profile clear tome")).notices[-1].text
    person = await app.repositories.people.find(ME)
    assert person is not None
    assert (await app.repositories.people.profile(person)).tone == "bold"


@pytest.mark.parametrize(
    "typo",
    ["/forgot", "/forge", "/forget evrything", "/forget conversatoin", "/template remov x", "/link remov 2"],
)
async def test_no_typo_is_taken_for_what_cannot_be_undone(make_app: MakeApp, typo: str) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    shown = " ".join(notice.text for notice in (await said(app, typo)).notices)
    hint = shown.partition("Did you mean ")[2].partition("?")[0]
    destructive = {
        f"/{command.name} {verb.name}"
        for command in all_commands().values()
        for verb in command.verbs
        if verb.destroys
    }
    assert destructive >= {"/forget everything", "/privacy forget", "/template remove"}
    assert hint not in {*destructive, "/forget"}
