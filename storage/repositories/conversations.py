"""What was asked and answered, thread by thread."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningInsert

from storage.database import Database
from storage.errors import ConflictError, ForgottenError, InvalidValueError
from storage.models import Channel, Conversation, Idea, Message, Person
from storage.repositories.rows import (
    CHANNEL_KEY,
    channel_key,
    dialect_of,
    find_or_add,
    find_or_add_channel,
    hold_people,
    insert_for,
    message_value,
    place_of_channel,
)
from storage.values.records import MAX_KEY_CHARACTERS, NewIdea, Outcome, Place, StoredMessage

_GONE = "This was erased while it was being worked on; nothing of it is kept."


class Conversations:
    """Questions, each with how it ended, and their answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def remember(
        self,
        person_id: int,
        place: Place,
        content: str,
        *,
        event_id: str | None = None,
        task: str = "",
        command: str = "",
        verb: str = "",
    ) -> StoredMessage | None:
        """Keeps a question, or gives None when the platform already delivered the event.

        `command` and `verb` are those that it used. `event_id` is the platform's own id of the event, unique in
        the platform; without it every call is a new question. Raises ForgottenError when the person was erased
        meanwhile, InvalidValueError for an `event_id` of more than 255 characters.
        """
        if event_id is not None and len(event_id) > MAX_KEY_CHARACTERS:
            raise InvalidValueError(f"The event id is longer than {MAX_KEY_CHARACTERS} characters.")
        values = {
            "person_id": person_id,
            "platform": place.platform,
            "event_id": event_id,
            "role": "user",
            "content": content,
            "task": task,
            "command": command,
            "verb": verb,
            "outcome": Outcome.PENDING,
        }
        try:
            return await self._add_question(place, values)
        except ConflictError:
            # The thread may have gone with the last person in it between being found and being added to.
            try:
                return await self._add_question(place, values)
            except ConflictError as error:
                raise ForgottenError(_GONE) from error

    async def _add_question(self, place: Place, values: dict[str, Any]) -> StoredMessage | None:
        async with self._database.transaction() as session:
            if not await hold_people(session, values["person_id"]):
                raise ForgottenError(_GONE)
            conversation_id = await _conversation(session, place, values["person_id"])
            values = {**values, "conversation_id": conversation_id}
            added = await session.scalar(_question_added(dialect_of(session)), [values])
            return None if added is None else message_value(added)

    async def find(self, platform: str, event_id: str) -> tuple[StoredMessage, StoredMessage | None] | None:
        """The question that the event brought, and its answer where there is one; None for an unknown event."""
        answer = aliased(Message)
        query = (
            select(Message, answer)
            .outerjoin(answer, answer.in_reply_to_id == Message.id)
            .where(Message.platform == platform, Message.event_id == event_id)
        )
        async with self._database.session() as session:
            pair = (await session.execute(query)).one_or_none()
            if pair is None:
                return None
            return message_value(pair[0]), None if pair[1] is None else message_value(pair[1])

    async def message(self, message_id: int) -> StoredMessage | None:
        """The question or answer with that id; None when it was erased."""
        async with self._database.session() as session:
            row = await session.get(Message, message_id)
            return None if row is None else message_value(row)

    async def place_of(self, message_id: int) -> Place | None:
        """The channel in which it was said, direct where it is somebody's own; None when it was erased."""
        query = (
            select(Channel, Message.is_private)
            .join(Conversation, Conversation.channel_id == Channel.id)
            .join(Message, Message.conversation_id == Conversation.id)
            .where(Message.id == message_id)
        )
        async with self._database.session() as session:
            row = (await session.execute(query)).one_or_none()
            return None if row is None else place_of_channel(row[0], private=row[1])

    async def rewrite(self, message_id: int, content: str) -> None:
        """Replaces what is kept of a question, as when moderation redacted it; raises ForgottenError."""
        async with self._database.transaction() as session:
            (await _question(session, message_id)).content = content

    async def conclude(
        self, message_id: int, outcome: Outcome, *, model: str | None = None, latency_ms: int | None = None
    ) -> None:
        """Notes how a question ended that got no answer to keep; raises ForgottenError."""
        async with self._database.transaction() as session:
            _end(await _question(session, message_id), outcome, model, latency_ms)

    async def answer(
        self,
        message_id: int,
        content: str,
        *,
        ideas: Sequence[NewIdea] = (),
        model: str | None = None,
        latency_ms: int | None = None,
        private: bool = False,
        prompt_version: str | None = None,
    ) -> StoredMessage:
        """Keeps the answer to a question with the ideas in it; `latency_ms` runs from arrival to answer.

        A `private` one was shown to who asked alone, in a channel that others read: it stays between the two.
        `prompt_version` says which wording the model was asked with; None where it was not asked.

        Raises ForgottenError when the question was erased meanwhile, and ConflictError when it has an answer.
        """
        async with self._database.transaction() as session:
            await _hold_asker(session, message_id)
            question = await _question(session, message_id)
            _end(question, Outcome.ANSWERED, model, latency_ms)
            question.is_private = private
            answer = Message(
                conversation_id=question.conversation_id,
                person_id=question.person_id,
                platform=question.platform,
                in_reply_to_id=question.id,
                role="assistant",
                content=content,
                task=question.task,
                is_private=private,
                prompt_version=prompt_version,
            )
            session.add(answer)
            await session.flush()
            session.add_all(_idea_row(idea, answer) for idea in ideas)
            await session.flush()
            await session.refresh(answer)
            return message_value(answer)

    async def share(self, answer_id: int) -> None:
        """Everybody in the channel is shown a private answer now."""
        question = select(Message.in_reply_to_id).where(Message.id == answer_id).scalar_subquery()
        shared = update(Message).where(or_(Message.id == answer_id, Message.id == question))
        async with self._database.transaction() as session:
            await session.execute(shared.values(is_private=False))

    async def history(
        self, message_id: int, limit: int, *, private: bool = False
    ) -> tuple[StoredMessage, ...]:
        """What was asked and answered in the thread before this question, each answer after its question.

        At most the last `limit` answered questions, oldest first, since the thread was last cleared; in a
        direct channel only those of the person who asks. What only its author was shown is for answers to that
        person that are `private` too. Raises ForgottenError.
        """
        async with self._database.session() as session:
            question = await _question(session, message_id, lock=False)
            asked = {
                "thread": question.conversation_id,
                "after": 0,
                "before": question.id,
                "asker": question.person_id,
                "privately": question.person_id if private else 0,
                "most": limit,
            }
            pairs = (await session.execute(exchanges_before(), asked)).all()
            return tuple(message_value(row) for pair in reversed(pairs) for row in pair)

    async def recent_questions(self, person_id: int, limit: int) -> tuple[str, ...]:
        """What the person asked last, in any thread, newest first and each text once."""
        newest = func.max(Message.id)
        query = (
            select(Message.content)
            .where(Message.person_id == person_id, Message.role == "user", Message.content != "")
            .group_by(Message.content)
            .order_by(newest.desc())
            .limit(limit)
        )
        async with self._database.session() as session:
            return tuple(await session.scalars(query))

    async def clear(self, conversation_id: int) -> None:
        """Starts the thread's context anew: what was said up to now is kept but no longer looked at."""
        last = select(func.coalesce(func.max(Message.id), 0)).where(
            Message.conversation_id == conversation_id
        )
        async with self._database.transaction() as session:
            await session.execute(
                update(Conversation)
                .where(Conversation.id == conversation_id)
                .values(cleared_through_id=last.scalar_subquery())
            )


async def _conversation(session: AsyncSession, place: Place, person_id: int) -> int:
    """The id of the place's thread, added with its channel where there is none."""
    key = {f"of_{name}": value for name, value in channel_key(place).items()}
    known: int | None = await session.scalar(_thread_of(), {**key, "thread": place.thread})
    if known is not None:
        return known
    channel_id = await find_or_add_channel(session, place, person_id)
    return await find_or_add(
        session, Conversation, {"channel_id": channel_id, "external_id": place.thread}, {}
    )


@cache
def _thread_of() -> Select[int]:
    """Made once. Its parameters: `thread`, and those of the channel's key, each with `of_` before it."""
    channel = (getattr(Channel, name) == bindparam(f"of_{name}") for name in CHANNEL_KEY)
    return (
        select(Conversation.id)
        .join(Channel, Channel.id == Conversation.channel_id)
        .where(*channel, Conversation.external_id == bindparam("thread"))
    )


@cache
def _question_added(dialect: str) -> ReturningInsert[Message]:
    """Made once. Its parameters are the row's values."""
    return insert_for(dialect, Message).on_conflict_do_nothing().returning(Message)


async def _hold_asker(session: AsyncSession, message_id: int) -> None:
    if await session.scalar(_asker_held(), {"question": message_id}) is None:
        raise ForgottenError(_GONE)


@cache
def _asker_held() -> Select[int]:
    """Made once. Its parameter: `question`."""
    asker = select(Message.person_id).where(Message.id == bindparam("question")).scalar_subquery()
    return select(Person.id).where(Person.id == asker).with_for_update(read=True, key_share=True)


async def _question(session: AsyncSession, message_id: int, *, lock: bool = True) -> Message:
    question: Message | None = await session.scalar(_question_asked(lock=lock), {"question": message_id})
    if question is None:
        raise ForgottenError(_GONE)
    return question


@cache
def _question_asked(*, lock: bool) -> Select[Message]:
    """Made once. Its parameter: `question`."""
    query = select(Message).where(Message.id == bindparam("question"), Message.role == "user")
    return query.with_for_update() if lock else query


def _end(question: Message, outcome: Outcome, model: str | None, latency_ms: int | None) -> None:
    question.outcome = outcome
    question.model = model
    question.latency_ms = latency_ms


def _idea_row(idea: NewIdea, answer: Message) -> Idea:
    return Idea(
        message_id=answer.id,
        person_id=answer.person_id,
        position=idea.position,
        title=idea.title,
        body=idea.body,
        topic=idea.topic,
        task=idea.task,
    )


@cache
def exchanges_before() -> Select[Message, Message]:
    """Made once: making it takes longer than asking it. Its parameters: `thread`, `after`, `before`, `asker`, `most`,
    and `privately`: whose private exchanges are among them."""
    earlier, answer = aliased(Message), aliased(Message)
    return (
        select(earlier, answer)
        .join(answer, answer.in_reply_to_id == earlier.id)
        .join(Conversation, Conversation.id == earlier.conversation_id)
        .join(Channel, Channel.id == Conversation.channel_id)
        .where(
            earlier.conversation_id == bindparam("thread"),
            earlier.id > bindparam("after"),
            earlier.id < bindparam("before"),
            earlier.id > Conversation.cleared_through_id,
            or_(Channel.owner_id.is_(None), earlier.person_id == bindparam("asker")),
            or_(earlier.is_private.is_(False), earlier.person_id == bindparam("privately")),
        )
        .order_by(earlier.id.desc())
        .limit(bindparam("most", type_=Integer))
    )
