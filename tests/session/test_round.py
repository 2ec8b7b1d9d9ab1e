"""A whole brainstorm, phase by phase, as people in a thread see it."""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.core.buttons import Action, ActionKind, Panel
from bot.core.domain import Account, Invocation, Outcome
from bot.core.errors import CommandError
from bot.interactions.actions import Actions, Ask
from bot.session.capture import has_same_words
from genai.errors import GenerationError
from storage.values.brainstorms import Phase
from tests.session.conftest import OpenRoom, Room, lines
from tests.support.doubles import ScriptedGenerator


async def collecting(room: Room, options: str = "") -> None:
    await room.say(f'/session start "quieter lids" 20 {options}')
    await room.say("/session skip diverge")
    await room.scheduled_jobs()


async def voting(room: Room, *ideas: str) -> None:
    await collecting(room)
    for number, idea in enumerate(ideas):
        await room.say(idea, f"person-{number}")
    await room.say("/session skip vote")


async def test_it_begins_with_a_question_and_says_how_to_take_part(room: Room) -> None:
    _reply, channel = await room.say('/session start "quieter lids" 20 six hats --votes 2 --named')
    panel, card = channel.panels
    shown = "\n".join(row.text.text for row in panel.rows)
    assert not panel.heading.private
    assert (card.name, card.link, card.choices[0].label) == ("card", "Join", "For the host")
    for part in ("quieter lids", "six hats", "10 min", "2 each", "shown with names"):
        assert part in shown
    _reply, channel = await room.say("a chair", "guest")
    assert channel.marks == ["👋"]
    assert await room.cards() == []


async def test_a_second_one_in_the_thread_is_refused(room: Room) -> None:
    await room.say('/session start "quieter lids"')
    assert "runs here already" in await room.told('/session start "louder lids"', "guest")


async def test_messages_become_ideas_and_get_a_mark_instead_of_a_sentence(room: Room) -> None:
    await collecting(room)
    _reply, channel = await room.say("Line the lid with cork")
    assert (channel.marks, channel.notices, channel.visible) == (["💡"], [], "")
    _reply, channel = await room.say("My ideas:\n- Felt ring: a ring of felt\n- a magnet", "guest")
    assert channel.marks == ["💡"]
    titles = [(card.number, card.title, card.body) for card in await room.cards()]
    assert titles == [
        (1, "Line the lid with cork", ""),
        (2, "Felt ring", "a ring of felt"),
        (3, "a magnet", ""),
    ]
    shown = lines([(await room.say("/session board"))[1]])
    assert "2. **Felt ring**: a ring of felt (guest)" in shown


async def test_an_idea_like_another_joins_it_and_both_are_credited(room: Room) -> None:
    await collecting(room)
    await room.say("Line the inside with thick cork")
    _reply, channel = await room.say("line the inside with cork, thick", "guest")
    assert channel.marks == ["🤝"]
    (card,) = await room.cards()
    assert len(card.authors) == 2
    assert "(host and guest)" in lines([(await room.say("/session board"))[1]])


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("replace the coffee table by a herb bed", "Herb bed instead of the coffee table", True),
        ("a lid made of felt", "felt lids", True),
        ("软木做的内衬", "内衬，软木做的", True),
        ("a swap shelf for plants", "a swap shelf for books", False),
        ("a lid with a spring", "a lid without a spring", False),
        ("cork", "felt", False),
    ],
)
def test_the_same_words_in_another_order_are_the_same_idea(one: str, other: str, is_same: bool) -> None:
    assert has_same_words(one, other) is is_same
    assert has_same_words(other, one) is is_same


@pytest.mark.parametrize(
    "text", ["lol", "👍👍", "哈哈", "现在开始吗？", "How long do we have?", "great idea!", "Who is in?"]
)
async def test_small_talk_stays_among_people(room: Room, text: str) -> None:
    await collecting(room)
    reply, channel = await room.say(text)
    assert reply.outcome is Outcome.ANSWERED
    assert (channel.marks, channel.notices, channel.visible) == ([], [], "")
    assert await room.cards() == []


@pytest.mark.parametrize("text", ["What if it floated?", "How might we use sand?", "Why not use a spring?"])
async def test_a_question_can_be_an_idea(room: Room, text: str) -> None:
    await collecting(room)
    await room.say(text)
    assert [card.title for card in await room.cards()] == [text]


async def test_a_question_to_riff_is_answered(room: Room) -> None:
    await collecting(room)
    _reply, channel = await room.say("what do you think of cork", mentioned=True)
    assert channel.visible.strip() == "I see."
    assert await room.cards() == []


async def test_what_moderation_blocks_is_no_idea(room: Room) -> None:
    await collecting(room)
    reply, _channel = await room.say("a forbiddenword lid")
    assert reply.outcome is Outcome.REFUSED
    assert await room.cards() == []


async def test_an_idea_delivered_twice_is_on_the_board_once(room: Room) -> None:
    await collecting(room)
    await room.say("Cork lid", event="e1")
    await room.say("Cork lid", event="e1")
    assert len(await room.cards()) == 1


async def test_the_vote_is_one_message_and_a_form_of_ones_own_that_hides_how_it_goes(room: Room) -> None:
    await voting(room, "Cork lid", "Felt ring", "Magnet")
    (channel,) = await room.scheduled_jobs()
    panel, _card = channel.panels
    assert panel.buttons[0].label == "Vote"
    assert [picture.media_type for picture in panel.pictures] == ["image/png"]
    assert "Cork lid" in panel.pictures[0].alt_text
    guest, actions = Account("test", "w1", "guest"), Actions(room.app.repositories, room.app.session_presses)
    form = await actions.perform(panel.buttons[0].action, guest, room.place, "guest")
    assert isinstance(form, Panel)
    assert form.heading.private
    (menu,) = form.choices
    assert (menu.most, menu.chosen) == (3, frozenset())
    ids = [value for value, _name in menu.options]
    for chosen, left in ((ids[:1], 2), (ids[:1], 2), (ids[1:], 1), (ids, 0)):
        form = await actions.perform(menu.action, guest, room.place, "guest", values=tuple(chosen))
        assert isinstance(form, Panel)
        assert form.choices[0].chosen == frozenset(chosen)
        assert f"{left} of 3" in form.heading.text
    assert [card.votes for card in await room.cards()] == [1, 1, 1]
    assert "vote)" not in lines([(await room.say("/session board"))[1]])
    too_many = await actions.perform(menu.action, guest, room.place, "guest", values=(*ids, *ids))
    assert isinstance(too_many, Panel)
    await room.say("/session skip")
    with pytest.raises(CommandError, match="no vote now"):
        await actions.perform(menu.action, guest, room.place, "guest", values=())


async def test_numbers_are_votes_and_voting_again_takes_back(room: Room) -> None:
    await voting(room, "Cork lid", "Felt ring", "Magnet")
    assert "1 vote left" in await room.told("1 and 3", "guest")
    assert "taken back" in await room.told("/session vote 3", "guest")
    assert "no idea number 9" in await room.told("1 9", "guest")
    assert [card.votes for card in await room.cards()] == [1, 0, 0]
    _reply, channel = await room.say("I like the magnet", "guest")
    assert (channel.marks, channel.notices, channel.visible) == ([], [], "")


async def test_the_best_are_combined_with_their_lineage(room: Room) -> None:
    await voting(room, "Cork lid", "Felt ring", "Magnet")
    await room.say("1 2", "guest")
    await room.say("2", "host")
    await room.say("/session skip")
    shown = lines(await room.scheduled_jobs())
    assert shown.index("Felt ring") < shown.index("Cork lid")
    combined = (await room.cards())[-1]
    assert (combined.title, combined.authors) == ("Cork and felt", (None,))
    assert "(Riff; made of 1 and 2)" in shown
    _reply, channel = await room.say("/session improve 3", "guest")
    assert "Cork ring" in channel.visible
    assert "On the board as 5, made of 3." in channel.notices[-1].text
    assert (await room.cards())[-1].origins == ((await room.cards())[2].id,)


async def test_other_commands_take_the_boards_numbers_while_it_runs(room: Room) -> None:
    await voting(room, "Cork lid", "Felt ring", "Magnet")
    _reply, channel = await room.say("/combine 1 3", "guest")
    assert channel.notices[-1].text == "On the board as 4, made of 1 and 3."
    assert "no idea number 9" in await room.told("/improve 9")
    _reply, channel = await room.say("/critique 2", "guest")
    assert "Cork may crumble" in channel.visible


async def test_a_button_improves_by_number(room: Room) -> None:
    await voting(room, "Cork lid", "Felt ring")
    await room.say("/session skip")
    target = str((await room.cards())[1].id)
    asked = await Actions(room.app.repositories).perform(
        Action(ActionKind.IMPROVE, target), Account("test", "w1", "x"), room.place
    )
    assert asked == Ask("/session improve 2", Invocation("session", "improve", {"idea": 2}))


async def test_the_end_tells_what_came_of_it_with_pictures_and_a_file(room: Room) -> None:
    await voting(room, "Cork lid", "Felt ring", "Magnet")
    await room.say("2", "guest")
    await room.say("/session end")
    channels = await room.scheduled_jobs()
    shown = lines(channels)
    assert "“Felt ring” leads with 1 vote" in shown
    assert "“Felt ring”: Close it ten times in a library." in shown
    assert "“Felt ring”: Cork may crumble. How do we deal with that?" in shown
    told, card = (panel for channel in channels for panel in channel.panels)
    files = [*told.pictures, *filter(None, [told.file])]
    assert [file.name.rpartition(".")[2] for file in files] == ["png", "png", "md"]
    assert "In front: **Felt ring** (1 vote)" in [row.text.text for row in card.rows]
    assert card.link == "Open result"
    _reply, channel = await room.say("/session export json", "guest")
    held = json.loads(channel.documents[0].content)
    assert held["outcome"]["shortlist"] == [2]
    assert held["outcome"]["summary"] in shown
    assert [idea["votes"] for idea in held["ideas"]] == [0, 1, 0]
    assert (await room.brainstorm()).phase is Phase.ENDED


async def test_without_a_model_the_outcome_is_made_of_the_board(open_room: OpenRoom) -> None:
    room = await open_room(ScriptedGenerator(GenerationError("away")))
    await voting(room, "Cork lid", "Felt ring")
    await room.say("1", "guest")
    await room.say("/session end")
    shown = lines(await room.scheduled_jobs())
    assert "“Cork lid” leads with 1 vote" in shown
    assert "Decide who takes on “Cork lid”, and by when." in shown
    assert "What would have to be true for “Cork lid” to work?" in shown


async def test_named_votes_are_shown_by_name_when_the_vote_is_over(room: Room) -> None:
    await collecting(room, "--named")
    await room.say("Cork lid")
    await room.say("/session skip vote")
    await room.say("1", "guest")
    await room.say("/session skip")
    assert "1 vote (guest)" in lines(await room.scheduled_jobs())


async def test_the_clock_leads_from_phase_to_phase_also_when_several_look(room: Room) -> None:
    await room.say('/session start "quieter lids" 20')
    for _phase in range(4):
        moment = await room.ends()
        await asyncio.gather(room.clock.tick(moment), room.clock.tick(moment))
        await room.scheduled_jobs()
    assert (await room.brainstorm()).phase is Phase.ENDED
    number = (await room.brainstorm()).id
    planned = [job.event_id for job, _channel in room.channels]
    assert planned == [f"session-{number}-{phase}" for phase in ("diverge", "vote", "converge", "ended")]


async def test_timers_survive_a_restart(open_room: OpenRoom) -> None:
    room = await open_room()
    await room.say('/session start "quieter lids" 20')
    await room.app.close()
    again = await open_room(url=room.app.settings.storage.url.get_secret_value())
    assert "Ideas, please." in lines(await again.tick(await again.ends()))
    assert (await again.brainstorm()).phase is Phase.DIVERGE


async def test_while_it_is_paused_the_clock_does_nothing(room: Room) -> None:
    await room.say('/session start "quieter lids" 20')
    moment = await room.ends() + timedelta(hours=1)
    assert "Paused" in await room.told("/session pause")
    assert await room.tick(moment) == []
    assert "On we go" in await room.told("/session resume")
    assert "5 more minutes" in await room.told("/session extend 5")
    assert (await room.brainstorm()).phase is Phase.WARM_UP


@pytest.mark.parametrize(
    ("one", "other"),
    [("Cork lid", "Felt lid"), ("Felt ring", "Cork ring")],
)
async def test_short_ideas_that_differ_in_what_matters_stand_apart(room: Room, one: str, other: str) -> None:
    await collecting(room)
    await room.say(one, "host")
    await room.say(other, "guest")
    assert [card.title for card in await room.cards()] == [one, other]
