"""The chain of stages that every text goes through, one batch at a time, off the event loop."""

from collections.abc import Sequence

from genai.moderation import blocklist, toxicity
from genai.moderation.privacy import stage as privacy
from genai.moderation.settings import ModerationSettings
from genai.moderation.stage import Item, Stage
from genai.moderation.verdict import Verdict, combine


class Chain:
    """Blocklist, classifiers and privacy, in this order; every stage sees the text as it was written."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._stages = tuple(stages)
        self.version = "; ".join(f"{stage.name}: {stage.version}" for stage in stages)

    def judge(self, items: Sequence[Item]) -> list[Verdict]:
        """A verdict for each item; raises where any stage cannot decide."""
        readable = [Item(whole(item.text), item.allowed_personal) for item in items]
        columns = [stage.judge(readable) for stage in self._stages]
        rows = zip(*columns, strict=True)
        return [combine(item.text, verdicts) for item, verdicts in zip(readable, rows, strict=True)]


def whole(text: str) -> str:
    """`text` with lone surrogates, which no tokenizer takes, shown as `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def load(settings: ModerationSettings) -> Chain:
    """The chain of `settings`, its weights in memory; blocks for seconds."""
    return Chain([blocklist.load(settings), toxicity.load(settings), privacy.load(settings)])
