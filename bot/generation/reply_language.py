"""The language that ideas are written in: the person's own where the model can write it."""

from collections import OrderedDict
from dataclasses import replace

from bot.core import notices
from bot.core.domain import Brief
from bot.core.notices import Notice
from bot.language import LOCALE, SOURCE, code, language_name, listed, tag_of
from genai.settings import GeneratorSettings

_PEOPLE = 10_000


class ReplyLanguage:
    """Fits briefs to the person's language and to what the model can write, and says once where they differ."""

    def __init__(self, settings: GeneratorSettings) -> None:
        self._known = settings.writes
        self._told: OrderedDict[int, None] = OrderedDict()

    def fit(self, brief: Brief) -> Brief:
        """The brief in the language asked for, else that of the person's locale; in none that the model lacks."""
        asked = brief.preferences.language
        if not asked and code(LOCALE.get()) != SOURCE:
            asked = language_name(LOCALE.get())
        language = asked if self._can_write(asked) else ""
        return replace(brief, preferences=replace(brief.preferences, language=language))

    def remark(self, brief: Brief, person_id: int) -> Notice | None:
        """What the person is told, once while Riff runs, when the model cannot write the brief's language."""
        asked = brief.preferences.language or language_name(LOCALE.get())
        if self._can_write(asked) or person_id in self._told:
            return None
        self._told[person_id] = None
        if len(self._told) > _PEOPLE:
            self._told.popitem(last=False)
        return notices.writes_only(listed(language_name(tag, LOCALE.get()) or tag for tag in self._known))

    def _can_write(self, language: str) -> bool:
        known = {code(tag) for tag in self._known}
        return not known or not language or code(tag_of(language)) in known


__all__ = ["ReplyLanguage"]
