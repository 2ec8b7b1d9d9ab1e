"""Who is spoken to in which language: settings, what Riff does by itself, and a memory that is away."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from bot.config.settings import LanguageSettings
from bot.core.channel import Channel
from bot.core.domain import Account, Place, Profile
from bot.jobs.scheduled import ScheduledJob, ScheduledJobs
from bot.language import LOCALE, speaking
from bot.personalization.profile import chosen_locale, locale_of
from storage.errors import StorageError
from storage.values.records import ClaimedEvent
from tests.support.doubles import RecordingChannel

PLACE = Place("test", "w1", "general", "t1")


@pytest.mark.parametrize(
    ("own", "platform", "spoken"),
    [("", "zh-CN", "zh-CN"), ("Chinese", "en-US", "zh"), ("English", "zh-CN", "en"), ("German", "zh-CN", "zh-CN"),
     ("", "", "")],
)  # fmt: skip
def test_a_chosen_language_wins_where_riff_speaks_it(own: str, platform: str, spoken: str) -> None:
    assert chosen_locale(Profile(language=own), platform) == spoken


class Away:
    """A memory that cannot be reached."""

    @property
    def people(self) -> "Away":
        return self

    async def known(self, account: Account) -> tuple[int, Profile] | None:
        raise StorageError("away")


async def test_without_memory_people_are_spoken_to_as_their_platform_knows() -> None:
    assert await locale_of(Away(), Account("test", "w1", "u1"), "zh-CN") == "zh-CN"  # type: ignore[arg-type]


@pytest.mark.parametrize("tag", ["", "de", "klingon"])
def test_the_default_is_a_language_that_riff_speaks(tag: str) -> None:
    with pytest.raises(ValidationError, match="zh_Hans"):
        LanguageSettings(default=tag)
    assert LanguageSettings(default="zh-CN").default == "zh-CN"


async def test_an_errand_speaks_as_those_who_planned_it() -> None:
    heard: list[str] = []

    async def run(job: ScheduledJob, channel: Channel, resume: bool) -> None:
        heard.append(LOCALE.get())

    scheduled_jobs = ScheduledJobs()
    scheduled_jobs.register("remind", run)
    with speaking("zh-CN"):
        planned = ScheduledJob("e1", PLACE, "remind").event("thread")
    now = datetime.now(UTC)
    claimed = ClaimedEvent(1, "test", planned.event_id, "thread", now, now, 1, 0.0, planned.payload)
    job = ScheduledJob.read(claimed)
    assert job is not None
    await scheduled_jobs.do(job, RecordingChannel(), resume=False)
    assert heard == ["zh-CN"]
    assert LOCALE.get() == "en"
