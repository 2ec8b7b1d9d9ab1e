"""Has any model brainstorm about topics that the embedded model never saw, and scores the replies.

What the scores mean, and how they are taken: `genai.training.evaluation`.
"""

from typing import TYPE_CHECKING

from genai.prompts import build_turns
from genai.training.measure.answer_sampling import Writing, write_answers
from genai.training.measure.measured_model import Measured

if TYPE_CHECKING:
    from genai.training.corpus.library import Library

SEED = 7
_LONGEST = 700


def score_tasks(measured: Measured, library: "Library", prompts: int, seed: int = SEED) -> dict[str, float]:
    """Shares from 0 to 1 (unless the name says otherwise) over one sampled reply to each of `prompts` briefs."""
    from genai.training.evaluation import Answered, evaluation_briefs, measures

    briefs = evaluation_briefs(library, prompts, seed)
    turns = [build_turns(brief) for brief in briefs]
    replies = write_answers(measured.model, measured.tokenizer, turns, Writing(longest=_LONGEST), seed)
    pairs = zip(briefs, replies, strict=True)
    return measures(library, [Answered(brief, reply.text) for brief, reply in pairs])
