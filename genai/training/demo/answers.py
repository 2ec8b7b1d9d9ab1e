"""Answers out of the corpus: numbered lists (brainstorm, recommend, name, slogan) and prose (copy, ad, design, ...)."""

from random import Random

from genai.prompts import Task
from genai.training.demo.library import Pattern
from genai.training.demo.writer import Writer

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
    further = _further_sentences(writer, _required(writer, count))
    return [(title, " ".join([text, *more])) for (title, text), more in zip(ideas, further, strict=True)]


def _mixed(writer: Writer, toned: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    """Own patterns of the tone first; plain ones join where the tone has too few."""
    if len(toned) >= 2 * writer.brief.count:
        return toned
    return (*toned, *writer.library.toned_patterns("general", writer.tone))


def _names(writer: Writer) -> list[tuple[str, str]]:
    """Names whose first parts go forward through their list, as ideas go forward through the patterns."""
    reasons = writer.ordered_lines("name_reason", writer.brief.count)
    words, forms = writer.library.words, writer.library.lines["name_form"]
    firsts, nouns = (_in_fixed_order(words[name]) for name in ("name_first", "name_noun"))
    already = " ".join(writer.brief.already[-1:])
    place = next((at for at, first in enumerate(firsts) if first in already), None)
    if place is None:
        place = writer.rng.randrange(len(firsts))
    widest = max(1, len(firsts) // (len(reasons) + len(writer.brief.already)))
    named: list[tuple[str, str]] = []
    for reason in reasons:
        place = (place + writer.rng.randint(1, widest)) % len(firsts)
        parts = {"name_first": firsts[place], "name_noun": nouns[place % len(nouns)]}
        named.append((writer.fill(writer.rng.choice(forms), **parts), capitalised(reason)))
    return named


def _in_fixed_order(words: tuple[str, ...]) -> list[str]:
    """The lists of words are alphabetical; names in that order would look odd."""
    return Random("names").sample(words, len(words))


def capitalised(sentence: str) -> str:
    """The sentence with a capital first letter."""
    return sentence[:1].upper() + sentence[1:]


def _slogans(writer: Writer) -> list[str]:
    brief = writer.brief
    more = writer.ordered_lines("slogan", brief.count + len(brief.already))
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


def _further_sentences(writer: Writer, required: list[list[str]]) -> list[list[str]]:
    """What follows each idea: the required sentences, and as many others as the length asks for."""
    names = [_tail_names(writer, len(some)) for some in required]
    drawn = {
        name: iter(writer.ordered_lines(name, sum(name in some for some in names)))
        for name in sorted({name for some in names for name in some})
    }
    return [
        [*some, *(next(drawn[name]) for name in wanted)] for some, wanted in zip(required, names, strict=True)
    ]


def _tail_names(writer: Writer, required: int) -> list[str]:
    weights = _TAILS[writer.brief.preferences.length]
    extra = max(0, writer.rng.choices((0, 1, 2), weights=weights)[0] - required)
    names = ["tails.detail", "tails." + writer.tone]
    if writer.brief.task is not Task.BRAINSTORM:
        names, extra = ["tails." + writer.tone], int(writer.tone != "plain" and not required)
    elif writer.tone != "plain" and writer.rng.random() < 0.75:
        names.reverse()
    return names[:extra]


# Answers that are not lists: copy, ad, design, improve, combine and critique.


_MIDDLES = {"short": 0, "": 1, "medium": 1, "long": 3}


def prose_answer(writer: Writer, first: str = "", second: str = "") -> str:
    """The answer in the form that the system prompt names.

    `first` and `second` are the ideas that are to be combined; the other tasks take the brief's subject.
    """
    match writer.brief.task:
        case Task.COPY:
            return _copy(writer)
        case Task.AD:
            return _ad(writer)
        case Task.DESIGN:
            return _design(writer)
        case Task.IMPROVE:
            return _improve(writer)
        case Task.COMBINE:
            return _combine(writer, first, second)
        case _:
            return _critique(writer)


def _copy(writer: Writer) -> str:
    middles = writer.lines("copy_middle", 1 + _MIDDLES[writer.brief.preferences.length])
    sentences = [writer.line("copy_opening"), *middles, *_wishes(writer), writer.line("copy_closing")]
    return " ".join(sentences)


def _ad(writer: Writer) -> str:
    body = " ".join([writer.line("ad_body"), *_wishes(writer)])
    return f"Headline: {writer.line('ad_headline')}\nBody: {body}\nCall to action: {writer.line('ad_action')}"


def _design(writer: Writer) -> str:
    labels = ("Problem", "Users", "Constraints", "Concept", "Features", "Risks")
    lines = {label: writer.line(f"design_{label.lower()}") for label in labels}
    lines["Concept"] = " ".join([lines["Concept"], *_wishes(writer)])
    return "\n".join(f"{label}: {text}" for label, text in lines.items())


def _improve(writer: Writer) -> str:
    title, text = writer.ideas(writer.library.patterns["improve"], 1, idea=_as_quoted(writer.brief.subject))[
        0
    ]
    better, _, change = text.partition(" // ")
    return f"**{title}**: {' '.join([better, *_wishes(writer)])}\nWhat changed: {change}"


def _combine(writer: Writer, first: str, second: str) -> str:
    values = {"first": _as_quoted(first), "second": _as_quoted(second)}
    title, text = writer.ideas(writer.library.patterns["combine"], 1, **values)[0]
    return f"**{title}**: {' '.join([text, *_wishes(writer)])}"


def _critique(writer: Writer) -> str:
    idea = _as_quoted(writer.brief.subject)
    labels = ("Strength", "Risk", "Test")
    return "\n".join(f"{label}: {writer.line(f'critique_{label.lower()}', idea=idea)}" for label in labels)


def _as_quoted(idea: str) -> str:
    return f'"{idea.rstrip(".!?")}"'


def _wishes(writer: Writer) -> list[str]:
    wanted = writer.brief.preferences
    wishes = [writer.line("tails.word", word=word) for word in wanted.use_words]
    if wanted.audience:
        wishes.append(writer.line("tails.prose_audience"))
    if wanted.interests:
        wishes.append(writer.line("tails.prose_interest"))
    return wishes
