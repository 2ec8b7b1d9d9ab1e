"""`/recommend`: what fits the person; without words, by their own interests or what they liked."""

from dataclasses import replace

from bot.commands.creative import COUNT, TOPIC, about, creative_command
from bot.core.commands.call import Answer, Call
from bot.core.domain import Task
from bot.language import N_, _
from bot.personalization.taste import name_in, opinion_of

_INTERESTS = 2
_LATELY = 50


async def _recommend(call: Call) -> Answer:
    (verb,) = COMMAND.verbs
    assert verb.brief is not None  # noqa: S101 - it is creative
    return verb.brief(about(call, call.text("topic") or await _subject(call)), call.limits)


async def _subject(call: Call) -> str:
    """What to recommend where the person does not say: where others read, not their interests."""
    place = call.incoming.place
    if place.direct:
        profile = await call.repositories.people.profile(call.person_id)
        if profile.interests:
            return _(" and ").join(profile.interests[:_INTERESTS])
    for held in await call.repositories.opinions.of_person(call.person_id, _LATELY):
        if opinion_of(held).value > 0 and held.topic and name_in(held, call.person_id, place):
            return held.topic
    return ""


COMMAND = creative_command(
    Task.RECOMMEND,
    N_("what fits you: your interests, what you liked, what others with your taste liked"),
    N_("/recommend 3 team outings"),
    topic=replace(TOPIC, label=N_("Recommendations for what?"), placeholder=N_("TOPIC"), required=False),
    count=replace(COUNT, default=3),
    run=_recommend,
)
