"""`/recommend`: what fits the person; without words, by their own interests or what they liked."""

from dataclasses import replace

from bot.commands.creative import creative_command
from bot.config.settings import LimitSettings
from bot.core.commands.base import Answer, Call
from bot.core.domain import Task
from bot.core.forms import Field, audience_field, number_field, topic_field
from bot.language import N_, _
from bot.personalization.taste import name_in, opinion_of

_COUNT = 3
_INTERESTS = 2
_LATELY = 50


def _fields(limits: LimitSettings) -> tuple[Field, ...]:
    return (
        topic_field(_("Recommendations for what?")),
        number_field("count", _("How many?"), min(_COUNT, limits.ideas), limits.ideas),
        audience_field(),
    )


_BY_WORDS = creative_command(
    Task.RECOMMEND,
    N_("what fits you: your interests, what you liked, what others with your taste liked"),
    "[N] [TOPIC]",
    N_("/recommend 3 team outings"),
    count=_COUNT,
    fields=_fields,
)


async def _recommend(call: Call) -> Answer:
    return await _BY_WORDS.run(call if call.words else replace(call, words=await _subject(call)))


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


COMMAND = replace(_BY_WORDS, run=_recommend)
