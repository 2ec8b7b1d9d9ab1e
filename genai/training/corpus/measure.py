"""Measures the corpus as training sees it: how much text there is, how much of it twice, what leaked."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

from genai.training.corpus.examples import Example, make_examples
from genai.training.corpus.library import Library


@dataclass(frozen=True, slots=True)
class CorpusFigures:
    """Of the first conversations of a training run."""

    written_lines: int
    """Patterns, lines and topics that people wrote; not the lists that fill their slots."""
    slot_words: int
    conversations: int
    tokens: int
    duplicate_conversations: float
    """Share that repeats an earlier one exactly, instruction and answer."""
    duplicate_answers: float
    """Share whose answer alone repeats an earlier one exactly; small talk is meant to."""
    held_out_topics: int
    """Conversations about a topic that is kept for measuring; has to be 0."""


def measure_corpus(
    library: Library, tokens: int, count_tokens: Callable[[Example], int], seed: int = 1
) -> CorpusFigures:
    """Make conversations, as training with this seed does, until they have `tokens` tokens; then count."""
    held_out = [topic.lower() for topic in library.held_out]
    conversations: set[bytes] = set()
    answers: set[bytes] = set()
    made = seen = leaked = 0
    for example in make_examples(library, seed):
        if seen >= tokens:
            break
        made += 1
        seen += count_tokens(example)
        conversations.add(_digest(*(turn.content for turn in example.turns), example.answer))
        answers.add(_digest(example.answer))
        leaked += any(topic in example.turns[-1].content.lower() for topic in held_out)
    return CorpusFigures(
        written_lines=sum(map(len, (*library.lines.values(), *library.patterns.values(), library.topics))),
        slot_words=sum(map(len, (*library.words.values(), *library.parts.values()))),
        conversations=made,
        tokens=seen,
        duplicate_conversations=1 - len(conversations) / made,
        duplicate_answers=1 - len(answers) / made,
        held_out_topics=leaked,
    )


def _digest(*texts: str) -> bytes:
    return blake2b("\0".join(texts).encode(), digest_size=12).digest()
