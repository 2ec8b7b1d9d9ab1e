"""What is known of a person and a channel: their language, and how a brief is fitted to both.

What was asked for wins, then the profile. Of what was said before nothing is given that only its author was shown.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from bot.core.commands.declaration import is_private
from bot.core.domain import Account, Brief, Place, Preferences, Profile, Scope, Voice
from bot.language import spoken, tag_of
from genai.request import Turn
from storage.errors import StorageError
from storage.repositories import Repositories
from storage.repositories.workspaces import Channels
from storage.values.records import StoredMessage

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
            known = await repositories.people.known(account)
    except (StorageError, TimeoutError):
        return platform_locale
    return chosen_locale(known[1], platform_locale) if known else platform_locale


def told_to_all(messages: Sequence[StoredMessage]) -> tuple[StoredMessage, ...]:
    """The exchanges, each question before its answer, without commands whose answers are for their author only."""
    private = {
        message.id
        for message in messages
        if message.role == "user" and is_private(message.command, message.verb)
    }
    return tuple(
        message for message in messages if message.id not in private and message.in_reply_to_id not in private
    )


# Fits a brief to its person and channel: what was asked for wins, then the profile.


WHOLE_WORKSPACE = "*"
"""The channel under which a workspace's own voice is kept, which holds where a channel has none."""


def whole(workspace: Scope) -> Place:
    """Where the voice of a whole workspace is kept."""
    return Place(workspace.platform, workspace.workspace, WHOLE_WORKSPACE)


async def voice_in(channels: Channels, place: Place) -> Voice:
    """The voice of the place's channel; what it leaves open is as in its workspace, whose words hold too.

    What a workspace leaves open is as in the organisation that it is in.
    """
    voices = await channels.voices(place, *map(whole, reversed(place.scopes)))
    return Voice(
        next((one.brand_voice for one in voices if one.brand_voice), ""),
        _joined(*(one.use_words for one in voices)),
        _joined(*(one.avoid_words for one in voices)),
        next((one.voice_examples for one in voices if one.voice_examples), ()),
    )


def personalise(brief: Brief, profile: Profile, voice: Voice, *, is_private: bool = False) -> Brief:
    """The brief with every preference filled that is known.

    Where others read, of the profile only what says nothing about the person (tone, length, language, don't-words):
    what a person told about themselves in their own words must not come back there, in the model's.
    """
    asked = brief.preferences
    profile = profile if is_private else _unrevealing(profile)
    return replace(
        brief,
        preferences=Preferences(
            tone=asked.tone or profile.tone,
            length=asked.length or profile.length,
            audience=asked.audience or profile.audience,
            role=asked.role or profile.role,
            language=asked.language or profile.language,
            interests=asked.interests or profile.interests,
            brand_voice=asked.brand_voice or voice.brand_voice or profile.brand_voice,
            voice_examples=asked.voice_examples or (() if asked.brand_voice else voice.voice_examples),
            use_words=_joined(asked.use_words, voice.use_words, profile.use_words),
            avoid_words=_joined(asked.avoid_words, voice.avoid_words, profile.avoid_words),
        ),
    )


def _unrevealing(profile: Profile) -> Profile:
    return Profile(
        tone=profile.tone,
        length=profile.length,
        language=profile.language,
        avoid_words=profile.avoid_words,
    )


def _joined(*lists: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for words in lists for word in words))


def own_facts(profile: Profile) -> frozenset[str]:
    """What the person told Riff about themselves, whose parts need no redaction in private."""
    return frozenset(
        (profile.display_name, profile.role, profile.audience, profile.brand_voice, *profile.interests)
    )


def in_chain(
    messages: Iterable[StoredMessage], chain: Collection[str], turns: int
) -> tuple[StoredMessage, ...]:
    """The last `turns` questions that events of the chain brought, with their answers; oldest first."""
    every = tuple(messages)
    asked = [message.id for message in every if message.role == "user" and message.event_id in chain]
    kept = set(asked[-turns:] if turns else ())
    return tuple(message for message in every if {message.id, message.in_reply_to_id} & kept)


def as_history(messages: Iterable[StoredMessage]) -> tuple[Turn, ...]:
    """Earlier questions and answers as the turns that a model is given, oldest first; nothing that was private."""
    return tuple(Turn(message.role, message.content) for message in told_to_all(tuple(messages)))
