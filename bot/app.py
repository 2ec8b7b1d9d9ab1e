"""Riff, put together: built once from the settings, started and closed in order; its adapters are found by name."""

import asyncio
import gc
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.metadata import entry_points
from types import TracebackType
from typing import Any, Protocol, Self

import genai.factory
import genai.moderation
from bot.answering.pipeline import Pipeline
from bot.config import Settings
from bot.core.commands import all_commands
from bot.core.domain import Listener
from bot.core.errors import ConfigError
from bot.core.readiness import Readiness
from bot.interactions import first_contact
from bot.interactions.first_contact import FirstContact
from bot.jobs.inbox import Inbox
from bot.jobs.retention import Purge
from bot.jobs.scheduled import ScheduledJobs
from bot.language import speaking
from bot.personalization import linked_accounts
from bot.places import review_desk
from bot.places.calendars import Calendars
from bot.places.channel_privacy import ChannelPrivacy
from bot.places.membership import Memberships
from bot.places.moderation_policy import Policies
from bot.places.review import ReviewQueue
from bot.places.review_desk import ReviewClock, ReviewDesk
from bot.session import idea_changes, reactions, scheduling, timing
from bot.session.facilitator import Facilitator
from bot.session.idea_changes import MessageChanges
from bot.session.planned_jobs import PlanClock, PlannedJobs
from bot.session.reactions import Reactions
from bot.session.session_presses import SessionPresses
from bot.session.timing import Clock
from genai.moderation import Moderator
from genai.request import Generator
from storage.database import Database
from storage.errors import StorageError
from storage.repositories import Repositories


class App:
    """The parts that every adapter shares. Use as an async context manager."""

    def __init__(
        self, settings: Settings, *, generator: Generator | None = None, moderator: Moderator | None = None
    ) -> None:
        self.settings = settings
        self.database = Database(settings.storage)
        self.repositories = Repositories(self.database)
        self.inbox = Inbox(self.repositories.inbox, settings.inbox)
        self.moderator = moderator or genai.moderation.load(settings.moderation)
        self.generator = generator or genai.factory.load(settings.generator)
        self.memberships = Memberships()
        self.pipeline = Pipeline(
            settings, self.generator, self.moderator, self.repositories, self.memberships
        )
        self.policies = Policies(settings.moderation, self.repositories.scopes)
        self.listener = Listener(settings.speech)
        self.reviews = ReviewQueue(self.repositories.audit, self.policies)
        self.channel_privacy = ChannelPrivacy()
        self.review_desk = ReviewDesk(self.repositories, self.reviews, self.moderator, self.channel_privacy)
        self.scheduled_jobs = ScheduledJobs()
        self.scheduled_jobs.register(review_desk.KIND, self.review_desk.do)
        self.facilitator = Facilitator(
            settings, self.repositories, self.moderator, self.generator, self.policies
        )
        self.scheduled_jobs.register(timing.KIND, self.facilitator.do)
        self.session_presses = SessionPresses(
            self.repositories, self.moderator, self.policies, self.memberships, self.inbox
        )
        self.scheduled_jobs.register(linked_accounts.KIND, linked_accounts.Telling(self.moderator).do)
        self.first_contact = FirstContact(self.repositories)
        self.scheduled_jobs.register(first_contact.KIND, self.first_contact.do)
        changes = MessageChanges(settings, self.repositories, self.moderator, self.policies)
        self.scheduled_jobs.register(idea_changes.KIND, changes.do)
        self.scheduled_jobs.register(reactions.KIND, Reactions(self.repositories).do)
        self._clock = Clock(settings.session, self.repositories, settings.language.default)
        self.calendars = Calendars()
        planned = PlannedJobs(self.repositories, self.moderator, self.policies, self.calendars)
        self.scheduled_jobs.register(scheduling.KIND, planned.do)
        self._plan_clock = PlanClock(self.repositories, settings.language.default)
        self._review_clock = ReviewClock(self.repositories, settings.language.default)
        self._purge = Purge(self.repositories.audit, self.repositories.own_ideas, self.repositories.usage)
        self.readiness = Readiness()
        self._watched = ExitStack()

    async def start(self) -> None:
        """Bring up database, moderation and model, at the same time.

        Raises StorageError, ModerationError or GenerationError; what had started is closed again.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.database.start())
                tasks.create_task(self.moderator.start())
                tasks.create_task(self.generator.start())
        except ExceptionGroup as group:
            await self.close()
            raise group.exceptions[0] from None
        except BaseException:
            await self.close()
            raise
        self._purge.start()
        self._clock.start()
        self._review_clock.start()
        self._plan_clock.start()
        self._watched.enter_context(self.readiness.of("database", self._database_fault))
        self._watched.enter_context(self.readiness.of("moderation", self._moderation_fault))
        self._watched.enter_context(self.readiness.of("model", self._model_fault))

    async def close(self) -> None:
        """Stop what can be stopped; safe to call twice."""
        self.readiness.end()
        self._watched.close()
        await self._clock.close()
        await self._review_clock.close()
        await self._plan_clock.close()
        await self._purge.close()
        await self.generator.close()
        await self.moderator.close()
        await self.database.close()

    async def _database_fault(self) -> str:
        try:
            await self.inbox.refresh("riff")
        except StorageError as error:
            return type(error).__name__
        return ""

    async def _moderation_fault(self) -> str:
        return "" if self.moderator.is_loaded else "nothing is loaded"

    async def _model_fault(self) -> str:
        return self.generator.fault()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class Adapter(Protocol):
    """One platform; registered under the entry-point group `riff.adapters`, and made without arguments."""

    def is_configured(self, settings: Settings) -> bool:
        """Whether `riff run` should start this adapter."""

    async def run(self, starting: "asyncio.Task[App]") -> None:
        """Serve until cancelled; the app may still be waking up, and is not the adapter's to cancel."""


GROUP = "riff.adapters"


def adapter_names() -> list[str]:
    """The names of the adapters that are installed."""
    return sorted(entry_points(group=GROUP).names)


def load_adapter(name: str, **options: Any) -> Adapter:
    """The adapter called `name`; raises ConfigError when none is."""
    found = entry_points(group=GROUP, name=name)
    if not found:
        raise ConfigError(f"There is no adapter called {name}; there are: {', '.join(adapter_names())}.")
    adapter: Adapter = next(iter(found)).load()(**options)
    return adapter


async def serve(
    settings: Settings,
    adapters: Sequence[Adapter],
    make_app: "Callable[[], App] | None" = None,
    *,
    watch: Adapter | None = None,
) -> None:
    """Run the adapters until all have ended, or until SIGTERM, which lets work under way end.

    They are there for people while Riff still wakes up; `watch` runs beside them, until all the others have ended.
    Raises what stops Riff from starting, and what an adapter raises; everything is closed before.
    """
    with speaking(settings.language.default), _ended_by_sigterm():
        await _serve(make_app or partial(App, settings), adapters, watch)


async def _serve(make_app: "Callable[[], App]", adapters: Sequence[Adapter], watch: Adapter | None) -> None:
    starting = asyncio.create_task(_launch(make_app), name="start")
    watching = asyncio.create_task(watch.run(starting)) if watch else None
    serving = [asyncio.create_task(adapter.run(starting)) for adapter in adapters]
    try:
        await asyncio.wait({starting, *serving}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
        done, _others = await asyncio.wait(serving, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        try:
            await _end(starting, serving)
        finally:
            if watching:
                watching.cancel()
                await asyncio.wait({watching})


async def _end(starting: "asyncio.Task[App]", serving: "Sequence[asyncio.Task[None]]") -> None:
    if starting.done() and not starting.cancelled() and not starting.exception():
        starting.result().readiness.end()
    for task in (starting, *serving):
        task.cancel()
    await asyncio.wait({starting, *serving})
    if not starting.cancelled() and not starting.exception():
        await starting.result().close()


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """SIGTERM cancels what is inside, and what then ends has ended well."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    asked: list[int] = []

    def end() -> None:
        asked.append(signal.SIGTERM)
        if task is not None:
            task.cancel()

    loop.add_signal_handler(signal.SIGTERM, end)
    try:
        yield
    except asyncio.CancelledError:
        if not asked:
            raise
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


async def _launch(make_app: "Callable[[], App]") -> App:
    app = await asyncio.to_thread(make_app)  # imports torch, which takes seconds
    await app.start()
    all_commands()  # imports them all, so that the first person need not wait for it
    # What is loaded stays: without it a full collection takes milliseconds, not a fifth of a second of everyone's.
    # There is no garbage in it worth such a collection before the first answer: some dozens of objects.
    gc.freeze()
    return app
