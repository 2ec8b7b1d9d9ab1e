"""What a person answers to the question whether Riff shall remember a wish of theirs."""

from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.core.repositories import Memory
from bot.language import N_, _
from storage.values.personal import StoredSuggestion

_REMEMBERED = N_("I remember it from now on. /profile show lists it, and /profile delete forgets it again.")
_DECLINED = N_("I don't remember it, and won't ask again.")


async def answered(memory: Memory, person_id: int, *, yes: bool, suggestion_id: int | None = None) -> Notice:
    """Remembers what the person was asked about, or that they want it not; raises CommandError, StorageError."""
    suggestion = await memory.suggestions.answer(person_id, yes=yes, suggestion_id=suggestion_id)
    if suggestion is None:
        raise CommandError(
            _("There is no open question of mine to you; /profile show lists what I remember.")
        )
    return await _kept(memory, person_id, suggestion)


async def _kept(memory: Memory, person_id: int, suggestion: StoredSuggestion) -> Notice:
    if suggestion.answer != "yes":
        return Notice(_(_DECLINED))
    await memory.people.update_profile(person_id, {suggestion.field: suggestion.value})
    return Notice(_(_REMEMBERED))
