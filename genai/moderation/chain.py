"""The chain of stages that every text goes through, one batch at a time, off the event loop."""

from collections.abc import Sequence
from dataclasses import replace

from genai.moderation import blocklist, toxicity
from genai.moderation.blocklist import ScopeTerms
from genai.moderation.errors import StageFailed
from genai.moderation.personal_data import redaction as privacy
from genai.moderation.policy import Item, Stage
from genai.moderation.prompt_leak import Confidential
from genai.moderation.settings import ModerationSettings
from genai.moderation.topics import detection as topics
from genai.moderation.verdict import StageVerdict, Verdict, combine


class Chain:
    """The stages in order; each sees the text as it was written."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._stages = tuple(stages)
        self.version = "; ".join(f"{stage.name}: {stage.version}" for stage in stages)

    def judge(self, items: Sequence[Item]) -> list[Verdict]:
        """A verdict for each item; raises where any stage cannot decide."""
        readable = [replace(item, text=whole(item.text)) for item in items]
        columns = [_judged(stage, readable) for stage in self._stages]
        rows = zip(*columns, strict=True)
        return [_combined(item, verdicts) for item, verdicts in zip(readable, rows, strict=True)]


def _judged(stage: Stage, items: Sequence[Item]) -> Sequence[StageVerdict]:
    """The stage's verdicts; raises StageFailed, which names it, where there is not one for each item."""
    try:
        verdicts = stage.judge(items)
    except Exception as error:
        # the kind only: what a library says may quote the text that it could not read
        raise StageFailed(f"stage {stage.name} failed: {type(error).__name__}") from error
    if len(verdicts) != len(items):
        raise StageFailed(f"stage {stage.name} answered {len(verdicts)} of {len(items)} texts")
    return verdicts


def _combined(item: Item, verdicts: Sequence[StageVerdict]) -> Verdict:
    policy = item.policy
    return combine(item.text, tuple(policy.applied(one) if policy else one for one in verdicts))


def whole(text: str) -> str:
    """`text` with lone surrogates, which no tokenizer takes, shown as `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def load(settings: ModerationSettings) -> Chain:
    """The chain of `settings`, its weights in memory; blocks for seconds."""
    return Chain(
        [
            blocklist.load(settings),
            ScopeTerms(),
            topics.load(settings),
            Confidential(),
            toxicity.load(settings),
            privacy.load(settings),
        ]
    )
