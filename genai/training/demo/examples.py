"""Training conversations out of the corpus, and what measures them: how much text, how much of it twice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from random import Random

from genai.prompts import LIST_TASKS, Brief, Task, build_turns
from genai.request import Turn
from genai.training.demo.answers import list_answer, prose_answer
from genai.training.demo.briefs import BROAD, Mix, make_brief, make_topic
from genai.training.demo.library import Library, expand
from genai.training.demo.writer import Writer
from genai.training.measure.tasks import uses_any

_LIMITS = (
    60,
    80,
    100,
    120,
    140,
    160,
    200,
    240,
    280,
    300,
    350,
    400,
    500,
    600,
    700,
    800,
    1000,
    1200,
    1500,
    2000,
)
_JOINTS = ("; ", "; ", " + ", " and ", " / ", "\n")
_LONGEST_IDEA = 130
_COUNT_UNASKED = 5
_IDEA_TASKS = frozenset({Task.IMPROVE, Task.COMBINE, Task.CRITIQUE})


@dataclass(frozen=True, slots=True)
class Example:
    """One conversation that ends with the answer to learn."""

    brief: Brief
    turns: tuple[Turn, ...]
    answer: str
    copied: tuple[str, ...] = ()
    """Texts that the answer has to repeat as they were typed: the topic, an idea, wanted words."""


def make_examples(library: Library, seed: int, start: int = 0, mix: Mix = BROAD) -> Iterator[Example]:
    """Examples without end; the same seed and start give the same ones."""
    index = start
    while True:
        yield make_example(library, Random(f"{seed}:{index}"), mix=mix)
        index += 1


def make_example(library: Library, rng: Random, task: Task | None = None, mix: Mix = BROAD) -> Example:
    """One random example, whose answer keeps away from the words that it should; `task` fixes the task."""
    example = _any_example(library, rng, task, mix)
    avoided = example.brief.preferences.avoid_words
    return example if not uses_any(example.answer, avoided) else make_example(library, rng, task, mix)


def _any_example(library: Library, rng: Random, task: Task | None, mix: Mix) -> Example:
    brief = make_brief(library, rng, task, mix)
    if brief.task is Task.CHAT:
        return _chat_example(library, brief, rng, mix)
    if brief.task in _IDEA_TASKS:
        return _idea_example(library, brief, rng)
    if brief.task in LIST_TASKS and rng.random() < 0.1:
        brief = replace(brief, already=_titles(library, brief, rng))
    return _finished(brief, _answer(library, brief, rng), rng)


def _answer(library: Library, brief: Brief, rng: Random) -> str:
    writer = Writer(library, brief, rng)
    return list_answer(writer) if brief.task in LIST_TASKS else prose_answer(writer)


def _finished(brief: Brief, answer: str, rng: Random) -> Example:
    """Some answers get a limit that they keep, as the brief's wish for at most so many characters."""
    limits = [limit for limit in _LIMITS if limit >= len(answer)]
    if limits and rng.random() < 0.1:
        brief = replace(brief, max_characters=rng.choice(limits[:3]))
    wanted = brief.preferences
    copied = (brief.subject, wanted.audience, *wanted.interests, *wanted.use_words)
    return Example(brief, build_turns(brief), answer, tuple(filter(None, copied)))


def _titles(library: Library, brief: Brief, rng: Random) -> tuple[str, ...]:
    earlier = list_answer(Writer(library, replace(brief, count=rng.randint(1, 6)), rng))
    return tuple(_title(line) for line in earlier.splitlines())


def _title(line: str) -> str:
    return line.split(". ", 1)[1].split("**: ")[0].strip("*")


def _idea_example(library: Library, brief: Brief, rng: Random) -> Example:
    if brief.task is not Task.COMBINE:
        brief = replace(brief, subject=_idea(library, rng))
        return _finished(brief, prose_answer(Writer(library, brief, rng)), rng)
    first, second = _idea(library, rng).rstrip("."), _idea(library, rng)
    brief = replace(brief, subject=f"{first}{rng.choice(_JOINTS)}{second}")
    example = _finished(brief, prose_answer(Writer(library, brief, rng), first, second), rng)
    return replace(example, copied=(*example.copied, first, second))


def _idea(library: Library, rng: Random) -> str:
    """An idea as a person would type it: a bare topic, a note, or an idea from an earlier list."""
    brief = make_brief(library, rng, Task.IMPROVE)
    writer = Writer(library, brief, rng)
    kind = rng.choices(("topic", "note", "title", "sentence"), weights=(25, 45, 10, 20))[0]
    if kind == "topic":
        return brief.subject
    if kind == "note":
        return _as_typed(writer.fill(rng.choice(library.lines["idea"])), rng)
    title, text = writer.ideas(library.toned_patterns("general", "plain"), 1)[0]
    sentence = text.split(". ")[0].rstrip(".")
    if kind == "title" or len(sentence) > _LONGEST_IDEA:
        return title
    return _as_typed(rng.choice((sentence, f"{title}: {sentence}")), rng)


def _chat_example(library: Library, brief: Brief, rng: Random, mix: Mix) -> Example:
    kind = rng.choices(("talk", "beyond", "request", "more"), weights=mix.chats)[0]
    if kind == "talk":
        writer = Writer(library, brief, rng)
        question, answer = writer.ideas(library.patterns["chat_talk"], 1)[0]
    elif kind == "beyond":
        question = expand(rng.choice(library.lines["chat_beyond_question"]), library.words, {}, rng)
        answer = Writer(library, brief, rng).line("chat_beyond_answer")
    else:
        return _free_request(library, brief, rng, follow_up=kind == "more")
    chat = replace(brief, subject=_as_typed(question, rng))
    return Example(chat, build_turns(chat), answer)


def _free_request(library: Library, brief: Brief, rng: Random, *, follow_up: bool) -> Example:
    """A list asked for in a person's own words, perhaps after an earlier list on the same topic."""
    task = rng.choices((Task.BRAINSTORM, Task.SLOGAN, Task.NAME), weights=(4, 1, 1))[0]
    asked = replace(brief, task=task, subject=make_topic(library, rng))
    request = rng.choice(library.lines["chat_more" if follow_up else f"chat_{task.value}"])
    if "{count}" not in request:
        asked = replace(asked, count=_COUNT_UNASKED)
    values = {"topic": asked.subject, "count": str(asked.count)}
    typed = expand(_as_typed(request, rng), library.words, values, rng)
    chat = replace(asked, task=Task.CHAT, subject=typed)
    if not follow_up:
        answer = list_answer(Writer(library, asked, rng))
        return Example(chat, build_turns(chat), answer, (asked.subject,))
    earlier = replace(asked, count=rng.randint(1, 5))
    before = list_answer(Writer(library, earlier, rng))
    history = (build_turns(earlier)[-1], Turn("assistant", before))
    known = tuple(_title(line) for line in before.splitlines())
    fresh = list_answer(Writer(library, replace(asked, already=known), rng))
    return Example(chat, build_turns(chat, history), fresh, (asked.subject,))


def _as_typed(text: str, rng: Random) -> str:
    """People leave out capitals and full stops."""
    return rng.choice((text, text, text.rstrip(".?!"), text.lower(), text.lower().rstrip(".?!")))


# Measures the corpus as training sees it: how much text there is, how much of it twice, what leaked.


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
