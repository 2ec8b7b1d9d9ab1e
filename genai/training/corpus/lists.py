"""Answers that are numbered lists: brainstorm, recommend, name and slogan."""

from random import Random

from genai.prompts import Task
from genai.training.corpus.library import Pattern
from genai.training.corpus.writer import Writer

_TAILS = {"short": (1, 0, 0), "": (6, 3, 0), "medium": (4, 5, 1), "long": (0, 4, 6)}
"""Weights of no, one and two further sentences behind an idea, by the length asked for."""


def list_answer(writer: Writer) -> str:
    """A numbered list of exactly `brief.count` ideas, one a line."""
    if writer.brief.task is Task.SLOGAN:
        entries = _slogans(writer)
    else:
        entries = [f"**{title}**: {text}" for title, text in _ideas(writer)]
    return "\n".join(f"{number}. {entry}" for number, entry in enumerate(entries, 1))


def idea_patterns(writer: Writer) -> tuple[Pattern, ...]:
    """The patterns that suit the brief's task, technique and tone."""
    task, technique = writer.brief.task, writer.brief.technique.lower().replace(" ", "_")
    if task is Task.BRAINSTORM:
        return writer.library.toned_patterns(technique or "general", writer.tone)
    return writer.library.toned_patterns(task.value, writer.tone)


def _ideas(writer: Writer) -> list[tuple[str, str]]:
    count = writer.brief.count
    if writer.brief.task is Task.NAME:
        ideas = _names(writer)
    else:
        ideas = writer.ideas(_mixed(writer, idea_patterns(writer)), count)
    required = _required(writer, count)
    return [(title, _with_tails(writer, text, required[index])) for index, (title, text) in enumerate(ideas)]


def _mixed(writer: Writer, toned: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    """Own patterns of the tone first; plain ones join where the tone has too few."""
    if len(toned) >= 2 * writer.brief.count:
        return toned
    return (*toned, *writer.library.toned_patterns("general", writer.tone))


def _names(writer: Writer) -> list[tuple[str, str]]:
    reasons = writer.lines("name_reason", writer.brief.count)
    named: dict[str, str] = {}
    while len(named) < len(reasons):
        title = writer.fill(writer.rng.choice(writer.library.lines["name_form"]))
        if title not in named and not writer.forbidden(title):
            named[title] = capitalised(reasons[len(named)])
    return list(named.items())


def capitalised(sentence: str) -> str:
    """The sentence with a capital first letter."""
    return sentence[:1].upper() + sentence[1:]


def _slogans(writer: Writer) -> list[str]:
    brief = writer.brief
    more = writer.lines("slogan", brief.count + len(brief.already))
    slogans = [slogan for slogan in more if slogan not in brief.already][: brief.count]
    for word in brief.preferences.use_words:
        place = writer.rng.randrange(len(slogans))
        slogans[place] = writer.line("slogan_word", word=word)
    return slogans


def _required(writer: Writer, count: int) -> list[list[str]]:
    """Sentences that the wishes call for, spread over the ideas."""
    wanted = writer.brief.preferences
    wishes = [writer.line("tails.word", word=word) for word in wanted.use_words]
    if wanted.audience:
        wishes += writer.lines("tails.audience", max(1, count // 2))
    if wanted.interests:
        wishes += writer.lines("tails.interest", max(1, count // 3))
    if wanted.role:
        wishes.append(writer.line("tails.role"))
    spread: list[list[str]] = [[] for _ in range(count)]
    places = spread_places(len(wishes), count, writer.rng)
    for place, wish in zip(places, wishes, strict=True):
        spread[place].append(wish)
    return spread


def spread_places(wishes: int, count: int, rng: Random) -> list[int]:
    """Places 0..count-1 for the wishes, as few doubled as possible."""
    places: list[int] = []
    while len(places) < wishes:
        places += rng.sample(range(count), k=count)
    return places[:wishes]


def _with_tails(writer: Writer, text: str, required: list[str]) -> str:
    weights = _TAILS[writer.brief.preferences.length]
    extra = max(0, writer.rng.choices((0, 1, 2), weights=weights)[0] - len(required))
    names = ["tails.detail", "tails." + writer.tone]
    if writer.brief.task is not Task.BRAINSTORM:
        names, extra = ["tails." + writer.tone], int(writer.tone != "plain" and not required)
    elif writer.tone != "plain" and writer.rng.random() < 0.75:
        names.reverse()
    tails = [writer.line(name) for name in names[:extra]]
    return " ".join([text, *required, *tails])
