"""What Riff remembers of a person: asked for once, shown in full, deleted line by line, told to nobody else."""

from datetime import UTC, datetime

import pytest

from bot.app import App
from bot.core.buttons import ActionKind
from bot.core.commands import typed_command
from bot.core.domain import Account, Outcome, Place
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.interactions.actions import Actions
from bot.personalization.preference_prompts import repeated, wishes_before, wishes_in
from genai.request import GenerationRequest
from storage.values.records import FeedbackKind, StoredMessage
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

IDEAS = "1. **Stamp card**: Sell stamps at noon.\n2. **Jar loan**: Lend jars to neighbours.\n"
WORDS = "Here is a short answer about it."


PLACE = incoming("").place


async def said(
    app: App, text: str, user: str = "u1", *, direct: bool = True, thread: str = "t1"
) -> RecordingChannel:
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming(text, user=user, direct=direct, thread=thread), channel)
    assert reply.outcome in {Outcome.ANSWERED, Outcome.REFUSED}, channel.notices
    return channel


async def person(app: App, user: str = "u1") -> int:
    return await app.repositories.people.find_or_create(Account("test", "w1", user))


def kept(text: str) -> StoredMessage:
    """A question as it is remembered."""
    typed = typed_command(text)
    return StoredMessage(1, 1, 1, "user", text, datetime.now(UTC), command=typed.name if typed else "")


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("/copy tea --length short --tone Bold", {("length", "short"), ("tone", "bold")}),
        ('/ad tea --audience "Night  Owls"', {("audience", "night owls")}),
        ("Shorter please", {("length", "short")}),
        ("能短一点吗", {("length", "short")}),
        ("please be more formal", {("tone", "formal")}),
        ("/copy tea --length endless", set()),
        ("/forget --tone bold", set()),
        (
            "a shorter coat for winter walks is what this long message about tailoring is all about, really",
            set(),
        ),
    ],
)
def test_wishes_are_read_off_options_and_words(text: str, wishes: set[tuple[str, str]]) -> None:
    assert wishes_before(kept(text)) == wishes


def test_a_wish_must_be_had_again_and_again() -> None:
    shorter = wishes_in("shorter please")
    before = ["make it shorter", "of lanterns", "/copy tea --length short"]
    assert repeated(shorter, [wishes_in("make it shorter")]) is None
    assert repeated(shorter, [wishes_before(kept(text)) for text in before]) == ("length", "short")
    assert repeated(wishes_in("of lanterns"), [shorter] * 5) is None


async def test_the_person_is_asked_once_and_their_yes_is_remembered(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(WORDS))
    channels = [await said(app, f"/copy tea number {n} --length short") for n in range(5)]
    asked = [panel for channel in channels for panel in channel.panels]
    assert [len(channel.panels) for channel in channels] == [0, 0, 1, 0, 0]
    assert "prefer short answers" in asked[0].heading.text
    assert (await app.repositories.people.profile(await person(app))).length == ""
    yes = asked[0].buttons[0].action
    assert yes.kind is ActionKind.REMEMBER
    with pytest.raises(CommandError, match="no open question"):
        await Actions(app.repositories).perform(yes, Account("test", "w1", "somebody else"), PLACE)
    assert isinstance(
        await Actions(app.repositories).perform(yes, Account("test", "w1", "u1"), PLACE), Notice
    )
    assert (await app.repositories.people.profile(await person(app))).length == "short"


async def test_after_a_no_the_person_is_never_asked_again(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(WORDS))
    for _ in range(3):
        await said(app, "/copy tea --tone bold")
    assert "won't ask again" in (await said(app, "/profile no")).notices[0].text
    for _ in range(4):
        assert (await said(app, "/copy tea --tone bold")).panels == []
        assert (await said(app, "/copy tea --tone formal")).panels == []
    assert (await app.repositories.people.profile(await person(app))).tone == ""
    assert "no open question" in (await said(app, "/profile yes")).notices[0].text


async def test_in_a_channel_only_wishes_from_there_are_asked_about(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(WORDS))
    for _ in range(2):
        await said(app, '/copy tea --audience "secret guild"')
    channel = await said(app, '/copy tea --audience "secret guild"', direct=False)
    assert channel.panels == []
    for _ in range(2):
        channel = await said(app, '/copy tea --audience "secret guild"', direct=False)
    (panel,) = channel.panels
    assert "secret guild" not in panel.heading.text
    assert panel.rows == ()


async def test_everything_that_is_remembered_is_listed_and_each_line_can_be_deleted(
    make_app: MakeApp,
) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    await said(app, "/brainstorm 2 tea shops")
    me = Account("test", "w1", "u1")
    await app.repositories.people.link(me, Account("other", "", "7"))
    for text in ("/like 2", "/save 1", "/profile set role heron keeper", "/consent on"):
        await said(app, text)
    for _ in range(3):
        await said(app, "/slogan 2 tea --tone bold")
    await said(app, "/profile no")
    shown = await said(app, "/profile show")
    assert shown.private
    for part in (
        "role: heron keeper",
        "agreed that a model learns",
        "Account on other",
        "Your taste, from opinions: 1",
        "prompts today: 4",
        "remember tone: bold; you said no",
        "Saved idea: Stamp card: Sell stamps at noon.",
        "your messages: ",
    ):
        assert part in shown.visible, shown.visible
    deleted = 0
    for _ in range(20):
        lines = [line for line in (await said(app, "/profile")).visible.splitlines() if line[:1].isdigit()]
        open_lines = [line for line in lines if not ("this one" in line or "prompts today" in line)]
        thread_lines = [line for line in open_lines if "your messages" in line]
        if len(open_lines) == len(thread_lines):
            break
        number = next(line for line in open_lines if line not in thread_lines).partition(".")[0]
        answer = await said(app, f"/profile delete {number}")
        assert "Forgotten" in answer.visible
        deleted += 1
    assert deleted >= 6
    assert not await app.repositories.feedback.has_consent(await person(app))
    assert await app.repositories.ideas.saved(await person(app), 5) == ()
    assert await app.repositories.opinions.of_person(await person(app), 5) == ()
    assert "Which line?" in (await said(app, "/profile delete 99")).notices[0].text


async def test_a_deleted_thread_is_gone_with_its_ideas(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    await said(app, "/brainstorm 2 tea shops", thread="t1")
    lines = (await said(app, "/profile", thread="t2")).visible.splitlines()
    number = next(line for line in lines if "tea shops" in line).partition(".")[0]
    await said(app, f"/profile delete {number}", thread="t2")
    assert await app.repositories.ideas.recent_of_person(await person(app), 5) == ()


async def test_private_facts_reach_no_channel_and_nobody_else(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(WORDS, IDEAS, IDEAS, WORDS)
    app = await make_app(generator)
    for fact in ("role heron keeper", "interests gannets", "audience puffins", "display-name Pelican"):
        await said(app, f"/profile set {fact}")
    await said(app, "/profile set tone bold")
    # the list of all that is remembered, asked for in a shared thread, is private and not history either
    assert (await said(app, "/profile show", direct=False)).private
    secrets = ("heron", "gannets", "puffins", "Pelican")
    await said(app, "what is new?", direct=False)
    await said(app, "/brainstorm 2 tea", direct=False)
    await said(app, "/brainstorm 2 tea", "u2", direct=False)
    await said(app, "and what now?", "u2", direct=False)
    assert len(generator.requests) >= 4
    for request in generator.requests:
        assert not [word for word in secrets if word in str(request.turns)]
    assert "Tone: bold" in str(generator.requests[1].turns)
    generator.requests.clear()
    await said(app, "what is new?")
    assert "heron keeper" in str(generator.requests[0].turns)


async def test_recall_finds_saved_ideas_by_what_they_say(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    assert "saved nothing" in (await said(app, "/recall")).notices[0].text
    await said(app, "/brainstorm 2 tea shops")
    await said(app, "/save 1 and 2")
    found = await said(app, "/recall a jar for my neighbour")
    assert found.private
    ideas, _, said_here = found.visible.partition("Said in this thread:")
    assert "Jar loan" in ideas
    assert "Stamp card" not in ideas
    assert "Jar loan" in said_here
    assert "Jar loan" in (await said(app, "/recall")).visible
    assert "I find nothing" in (await said(app, "/recall zebras", thread="t9")).notices[0].text
    # what was saved in private is found in no channel, and by nobody else
    assert "I find nothing" in (await said(app, "/recall jar", direct=False)).notices[0].text
    assert "I find nothing" in (await said(app, "/recall jar", "u2")).notices[0].text


async def test_saved_ideas_that_a_question_is_about_come_to_mind(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(IDEAS, WORDS)
    app = await make_app(generator)
    await said(app, "/brainstorm 2 tea shops")
    await said(app, "/save 1 and 2")
    await said(app, "how would a jar loan work?", thread="t2")
    assert (
        "Ideas the person saved: Jar loan: Lend jars to neighbours."
        in generator.requests[-1].turns[0].content
    )
    assert "Stamp card" not in generator.requests[-1].turns[0].content
    await said(app, "how would a jar loan work?", thread="t2", direct=False)
    assert "Ideas the person saved" not in generator.requests[-1].turns[0].content


async def test_a_long_thread_is_kept_in_short_and_searched(make_app: MakeApp) -> None:
    generator = ScriptedGenerator("The lighthouse wants a cafe with blue cups and herons.")
    app = await make_app(generator, limits={"history_turns": 2})
    await said(app, "Our lighthouse needs a cafe with blue cups.")
    for n in range(6):
        await said(app, f"More about the menu, number {n}, with scones and jam.")
    me = await person(app)
    (thread,) = await app.repositories.threads.of_person(me, 5)
    assert "lighthouse" in thread.summary
    assert len(thread.summary) <= 600
    await said(app, "What about the cups for the lighthouse?")
    instruction = generator.requests[-1].turns[0].content
    assert "Said earlier: " in instruction
    assert "blue cups" in instruction
    await said(app, "/forget conversation")
    (thread,) = await app.repositories.threads.of_person(me, 5)
    assert thread.summary == ""
    await said(app, "What about the cups?")
    assert "lighthouse" not in str(generator.requests[-1].turns)


async def test_a_summary_that_says_something_else_is_replaced_by_what_was_said(make_app: MakeApp) -> None:
    def answer(request: GenerationRequest) -> str:
        asked = request.turns[-1].content
        return "Bananas travel by submarine tonight." if asked.startswith("Summarise") else "That is noted."

    generator = ScriptedGenerator(answer)
    app = await make_app(generator, limits={"history_turns": 1})
    for n in range(6):
        await said(app, f"The lighthouse cafe needs blue cups and plan {n}.")
    (thread,) = await app.repositories.threads.of_person(await person(app), 5)
    assert "lighthouse" in thread.summary


async def everybody(_account: Account, _channel: Place) -> bool:
    return True


async def test_recommendations_say_why_and_name_nobody(make_app: MakeApp) -> None:
    first = (
        "1. **Street Party**: Cook together in the street with neighbours.\n"
        "2. **Stamp Card**: Stamp a card at the till.\n"
    )
    later = "1. **Harbour Lunch**: Eat at the harbour on a boat with music.\n"
    last = (
        "1. **Boat Dinner**: Dinner on a boat at the harbour with music.\n"
        "2. **Chess Night**: Play chess at the bar.\n"
    )
    generator = ScriptedGenerator(first, later, last)
    app = await make_app(generator)
    app.memberships.register("test", everybody)
    listed = await app.pipeline.handle(incoming("/brainstorm 2 tea", direct=False), RecordingChannel())
    more = await app.pipeline.handle(
        incoming("/brainstorm 1 fun", user="u2", direct=False), RecordingChannel()
    )
    party = next(idea.id for idea in listed.ideas if idea.title == "Street Party")
    assert party is not None
    assert more.ideas[0].id is not None
    for user in ("u1", "u2", "u3"):
        await app.repositories.feedback.add(await person(app, user), party, FeedbackKind.LIKE)
    for user in ("u2", "u3"):
        await app.repositories.feedback.add(await person(app, user), more.ideas[0].id, FeedbackKind.SAVE)
    await said(app, "/profile set interests chess")
    reply = await app.pipeline.handle(incoming("/recommend 2 outings"), RecordingChannel())
    because = {idea.title: idea.because for idea in reply.ideas}
    assert because["Boat Dinner"] == "because people with a taste like yours liked “Harbour Lunch”"
    assert because["Chess Night"] == "because you are interested in chess"
    instruction = generator.requests[-1].turns[0].content
    assert "Liked by people with a similar taste: Harbour Lunch" in instruction
    assert "Liked before: Street Party" in instruction
    assert "u2" not in reply.text + str(because)


async def test_without_anything_to_go_by_a_recommendation_says_so(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    channel = await said(app, "/recommend 2 outings")
    assert "don't know your taste" in channel.notices[0].text
    assert "What about?" in (await said(app, "/recommend")).notices[0].text
    await said(app, "/profile set interests chess, jazz")
    channel = await said(app, "/recommend")
    assert channel.visible
    assert "I went by your interests" in channel.notices[0].text
