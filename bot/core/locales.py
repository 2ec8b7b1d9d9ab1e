"""Which language a person is spoken to in: the one they chose, else the one that their platform knows."""

import asyncio

from bot.core.domain import Account, Profile
from bot.core.repositories import Repositories
from bot.language import spoken, tag_of
from storage.errors import StorageError

_PATIENCE_SECONDS = 0.5
"""Discord waits three seconds for an answer to a button."""


def chosen_locale(profile: Profile, platform_locale: str) -> str:
    """The tag to speak by; "" where nothing is known, which leaves the default."""
    own = tag_of(profile.language)
    return own if spoken(own) else platform_locale


async def locale_of(repositories: Repositories, account: Account, platform_locale: str) -> str:
    """The same for an adapter, before it says something itself; as the platform knows it where memory is slow."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            person = await repositories.people.find(account)
            profile = Profile() if person is None else await repositories.people.profile(person)
    except (StorageError, TimeoutError):
        return platform_locale
    return chosen_locale(profile, platform_locale)
