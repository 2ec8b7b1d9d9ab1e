"""Names of places on the command line, and what their settings are kept with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bot.cli.shared import Failure, run_async, settings
from bot.core.domain import Place, Scope

if TYPE_CHECKING:
    from genai.moderation import Moderator
    from storage.repositories import Repositories

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Keeper:
    """Memory, and the moderation that comes before it."""

    repositories: "Repositories"
    moderator: "Moderator"


def scope_of(text: str) -> Scope:
    """The workspace that `platform:workspace` names; raises Failure."""
    from bot.core.errors import CommandError
    from bot.places.moderation_policy import parse_scope

    try:
        return parse_scope(text)
    except CommandError as error:
        raise Failure(error.say) from error


def place_of(text: str) -> Place:
    """The channel, or all of the workspace, that a name stands for; raises Failure."""
    from bot.personalization.profile import whole

    scope = scope_of(text)
    return Place(scope.platform, scope.workspace, scope.channel) if scope.channel else whole(scope)


def with_keeper(work: "Callable[[Keeper], Awaitable[T]]") -> T:
    """What `work` gives, with database and moderation up; raises Failure."""
    from genai.moderation import load
    from storage.database import Database
    from storage.repositories import Repositories

    loaded = settings()

    async def run() -> T:
        database, moderator = Database(loaded.storage), load(loaded.moderation)
        try:
            await database.start()
            await moderator.start()
            return await work(Keeper(Repositories(database), moderator))
        finally:
            await moderator.close()
            await database.close()

    return run_async(run)
