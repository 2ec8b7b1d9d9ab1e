"""Quotas hold for a person wherever they ask; what was used is shown to them."""

from dataclasses import replace

from bot.app import App
from bot.core.domain import Account, Incoming, Outcome, Place, Scope
from bot.places.quotas import Quotas
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

IDEAS = "1. **Stamp card**: Sell stamps at noon.\n2. **Jar loan**: Lend jars to neighbours.\n"


async def told(app: App, message: Incoming | str) -> tuple[Outcome | None, str]:
    channel = RecordingChannel()
    asked = incoming(message) if isinstance(message, str) else message
    reply = await app.pipeline.handle(asked, channel)
    return reply.outcome, channel.visible or channel.notices[0].text


def elsewhere(text: str) -> Incoming:
    """The same words on another platform."""
    return replace(
        incoming(text), author=Account("other", "", "7"), place=Place("other", "g1", "c1", "t1", direct=True)
    )


async def test_a_persons_quota_holds_on_all_platforms_together(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("Hello."), limits={"prompts_per_minute": 2})
    await app.repositories.people.link(Account("test", "w1", "u1"), Account("other", "", "7"))
    assert (await told(app, "of lanterns"))[0] is Outcome.ANSWERED
    assert (await told(app, elsewhere("of lanterns")))[0] is Outcome.ANSWERED
    for message in (incoming("of lanterns"), elsewhere("of lanterns")):
        outcome, text = await told(app, message)
        assert outcome is Outcome.REFUSED
        assert "more than 2 in a minute" in text
    assert (await told(app, incoming("of lanterns", user="u2")))[0] is Outcome.ANSWERED
    assert (await told(app, "/techniques"))[0] is Outcome.ANSWERED
    assert (await told(app, "/privacy"))[0] is Outcome.ANSWERED


async def test_a_day_has_a_quota_and_the_person_sees_what_is_left(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS), limits={"prompts_per_day": 2})
    await told(app, "/brainstorm 2 tea shops")
    _, text = await told(app, "/usage")
    assert "Today: prompts 1, ideas 2, characters " in text
    assert "Left today: 1 of 2 prompts." in text
    await told(app, "/brainstorm 2 tea shops")
    outcome, text = await told(app, "/brainstorm 2 tea shops")
    assert outcome is Outcome.REFUSED
    assert "2 prompts of today" in text


async def test_a_workspace_may_allow_less_but_not_more(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("Hello."), limits={"prompts_per_minute": 2})
    quotas = Quotas(app.repositories.usage, app.repositories.scopes, app.settings.limits)
    here = Scope("test", "w1")
    await quotas.set(here, "in_minute", 5)
    assert [(await told(app, "of lanterns"))[0] for _ in range(3)][-1] is Outcome.REFUSED
    await quotas.set(here, "in_workspace", 1)
    outcome, text = await told(app, incoming("of lanterns", user="u2"))
    assert (outcome, "All of you together" in text) == (Outcome.REFUSED, True)
    await quotas.set(here, "in_workspace", None)
    assert (await told(app, incoming("of lanterns", user="u2")))[0] is Outcome.ANSWERED
    assert "people: 2; prompts 3," in await quotas.shown_of_workspace(here)


async def test_what_is_refused_or_asked_twice_is_not_counted_again(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("Hello."))
    message = incoming("of lanterns", event="e1")
    await told(app, message)
    await app.pipeline.handle(message, RecordingChannel(), resume=True)
    await told(app, "you fucking stupid bitch")
    _, text = await told(app, "/usage")
    assert "Today: prompts 1," in text
    assert "no limit" in text


async def test_the_queue_is_fair_to_a_person_not_to_an_account(make_app: MakeApp) -> None:
    generator = ScriptedGenerator("Hello.")
    app = await make_app(generator)
    await app.repositories.people.link(Account("test", "w1", "u1"), Account("other", "", "7"))
    for message in (incoming("of lanterns"), elsewhere("of lanterns"), incoming("of lanterns", user="u2")):
        await told(app, message)
    one, same, other = (request.person for request in generator.requests)
    assert one == same != other
