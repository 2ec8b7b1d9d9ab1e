"""Blocks text that holds a term of the operator's or a place's list, whatever its case and disguise."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from genai.moderation.errors import ModerationMisconfigured
from genai.moderation.policy import Item
from genai.moderation.reading import load as load_reader
from genai.moderation.settings import ModerationSettings
from genai.moderation.verdict import Action, StageVerdict


class Blocklist:
    """A stage that knows whole words and phrases."""

    name = "blocklist"

    def __init__(self, terms: Iterable[str]) -> None:
        known = sorted({" ".join(term.casefold().split()) for term in terms} - {""})
        self.version = hashlib.sha256("\n".join(known).encode()).hexdigest()[:12]
        alternatives = "|".join(re.escape(term).replace(r"\ ", r"\s+") for term in known)
        self._pattern = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)") if known else None
        self._reader = load_reader(known) if known else None

    def judge(self, items: Sequence[Item]) -> Sequence[StageVerdict]:
        return [self._judge(item.text) for item in items]

    def _judge(self, text: str) -> StageVerdict:
        if not self.holds_term(text):
            return StageVerdict(self.name, classifier=self.name, version=self.version)
        return StageVerdict(self.name, Action.BLOCK, "blocklist", 1.0, 1.0, self.name, self.version)

    def holds_term(self, text: str) -> bool:
        """Whether a term stands in `text`, as it is written or as it is meant."""
        if self._pattern is None or self._reader is None:
            return False
        readings = (text, *self._reader.readings(text))
        return any(self._pattern.search(reading.casefold()) for reading in readings)


def load(settings: ModerationSettings) -> Blocklist:
    """The terms of the settings and of their file: one a line, `#` opens a comment."""
    path = settings.blocklist_file
    return Blocklist([*settings.blocklist, *(_read(path) if path else ())])


def _read(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ModerationMisconfigured(f"moderation.blocklist_file cannot be read: {path}: {error}") from error
    return [line for line in lines if not line.lstrip().startswith("#")]


# The blocklist stage of each item's own scope, beside the one of the settings.


class ScopeTerms:
    """A stage that judges each item under the terms of its policy; lists that were used stay compiled."""

    name = "scope-blocklist"
    version = "1"

    def __init__(self) -> None:
        self._blocklist = lru_cache(maxsize=256)(Blocklist)

    def judge(self, items: Sequence[Item]) -> Sequence[StageVerdict]:
        return [self._judge(item) for item in items]

    def _judge(self, item: Item) -> StageVerdict:
        if item.policy is None or not item.policy.blocklist:
            return StageVerdict(self.name, classifier=self.name, version=self.version)
        (verdict,) = self._blocklist(item.policy.blocklist).judge([item])
        return StageVerdict(
            self.name,
            verdict.action,
            verdict.category,
            verdict.score,
            verdict.threshold,
            self.name,
            verdict.version,
        )
