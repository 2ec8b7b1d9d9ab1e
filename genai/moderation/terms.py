"""The blocklist stage of each item's own scope, beside the one of the settings."""

from collections.abc import Sequence
from functools import lru_cache

from genai.moderation.blocklist import Blocklist
from genai.moderation.stage import Item
from genai.moderation.verdict import StageVerdict


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
