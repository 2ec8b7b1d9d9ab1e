"""Channels and the voice of the brand in them."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from sqlalchemy import func, select, update

from storage.database import Database
from storage.models import Channel, Conversation, Message
from storage.repositories.preferences import Preference, checked, cleared
from storage.repositories.rows import channel_key, find_or_add_channel
from storage.values.common import Place, Voice


class Channels:
    """A channel is found by its place; the thread does not matter."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_used(self, platform: str, limit: int) -> Sequence[Place]:
        """The platform's channels in which something was asked, the last ones first."""
        query = (
            select(Channel.workspace, Channel.external_id, Channel.owner_id)
            .join(Conversation, Conversation.channel_id == Channel.id)
            .join(Message, Message.conversation_id == Conversation.id)
            .where(Channel.platform == platform)
            .group_by(Channel.id, Channel.workspace, Channel.external_id, Channel.owner_id)
            .order_by(func.max(Message.id).desc())
            .limit(limit)
        )
        async with self._database.session() as session:
            rows = (await session.execute(query)).all()
            return [
                Place(platform, row.workspace, row.external_id, direct=row.owner_id is not None)
                for row in rows
            ]

    async def voice(self, place: Place) -> Voice:
        """The channel's voice; blank when nothing was said."""
        async with self._database.session() as session:
            row = await session.scalar(select(Channel).filter_by(**channel_key(place)))
            return Voice() if row is None else _voice_value(row)

    async def update_voice(
        self, place: Place, changes: Mapping[str, Preference], *, person_id: int | None = None
    ) -> Voice:
        """Sets the named fields and gives the whole voice.

        A direct channel that is new belongs to `person_id`. Raises InvalidValueError for an unknown field or
        a value that does not fit.
        """
        return await self._change(place, checked(Voice, changes), person_id)

    async def clear_voice_field(self, place: Place, name: str) -> Voice:
        """Makes one field blank and gives the whole voice; raises InvalidValueError for an unknown field."""
        return await self._change(place, cleared(Voice, name), None)

    async def clear_voice(self, place: Place) -> None:
        """Makes the whole voice blank, and drops what waits for approval."""
        blank = {field.name: [] if field.default == () else "" for field in fields(Voice)}
        async with self._database.transaction() as session:
            statement = update(Channel).filter_by(**channel_key(place))
            await session.execute(statement.values(**blank, voice_proposal=None))

    async def propose_voice(
        self, place: Place, proposal: Mapping[str, Preference], *, person_id: int | None = None
    ) -> None:
        """Keeps a voice that is not in use until it is approved; it takes the place of an earlier proposal.

        Raises InvalidValueError as `update_voice` does.
        """
        kept = checked(Voice, proposal)
        async with self._database.transaction() as session:
            channel_id = await find_or_add_channel(session, place, person_id)
            await session.execute(update(Channel).where(Channel.id == channel_id).values(voice_proposal=kept))

    async def approve_voice(self, place: Place) -> Voice | None:
        """Takes the proposal into use and gives the whole voice; None where nothing was proposed."""
        async with self._database.transaction() as session:
            query = select(Channel).filter_by(**channel_key(place)).with_for_update()
            row = await session.scalar(query)
            if row is None or not row.voice_proposal:
                return None
            for name, value in checked(Voice, row.voice_proposal).items():
                setattr(row, name, value)
            row.voice_proposal = None
            return _voice_value(row)

    async def discard_voice(self, place: Place) -> bool:
        """Drops the proposal; whether there was one."""
        async with self._database.transaction() as session:
            row = await session.scalar(select(Channel).filter_by(**channel_key(place)).with_for_update())
            was_there = row is not None and bool(row.voice_proposal)
            if row is not None:
                row.voice_proposal = None
            return was_there

    async def _change(
        self, place: Place, changes: Mapping[str, str | list[str]], person_id: int | None
    ) -> Voice:
        async with self._database.transaction() as session:
            channel_id = await find_or_add_channel(session, place, person_id)
            if changes:
                await session.execute(update(Channel).where(Channel.id == channel_id).values(**changes))
            return _voice_value(await session.get_one(Channel, channel_id))


def _voice_value(row: Channel) -> Voice:
    return Voice(row.brand_voice, tuple(row.use_words), tuple(row.avoid_words), tuple(row.voice_examples))
