"""Finds words that look hostile and are not: rejected, said of oneself or of a thing, or sworn in good spirits.

Works on the words of one sentence, in lower case. English only. The harshest words always count.
"""

from collections.abc import Iterator, Sequence

from genai.moderation.hostility.lexicon import HARMLESS_SWEARING, NAMES, WEIGHT_OF, WEIGHTS, words_of

_NOT = words_of("not never nobody don't dont doesn't didn't isn't aren't wasn't weren't no-one")
_NOT_REALLY = words_of("why only just even sure if")
_ME = words_of("i'm im i am was feel feeling we're myself")
_I = words_of("i i'm im i've me my myself we we're")
_BETWEEN = words_of(
    "proud a an the such so just really a bit little kind of total complete the own very being"
)
_OTHERS = words_of("""
    you your u ur ya you're youre yourself he he's she she's him her his hers they they're them
    their those these who people guy guys man men woman women girl girls boy boys kid person dude
    bitch somebody someone bot robot machine computer ai siri alexa program being creature""")
_GOOD = words_of("""
    amazing awesome great good best brilliant beautiful perfect hilarious funny happy nice cool
    delicious incredible excellent fantastic gorgeous proud yeah won win wow yay brave delighted
    lovely fun tasty talented""")
_ABOUT_THINGS = words_of("""
    stupid dumb dumbest pathetic ridiculous worthless useless disgusting dirty filthy nasty gross
    ugly sick rotten crazy insane evil vile horrible terrible awful boring annoying lame toxic fake
    cruel idiotic moronic""")
_DETERMINERS = words_of("a an the this that my such some what any no its our")
_LINKS = words_of(
    """
    and or but so as in of to for on at with is are was were be if when that than then too very"""
)
_NO_THINGS = _LINKS | _OTHERS | _I | NAMES
_SAID_OF_PEOPLE = (WEIGHT_OF["insult"], WEIGHT_OF["slur"])
_REACH = 3


def blameless(words: Sequence[str]) -> Iterator[int]:
    """The positions of words of the lexicon that attack nobody."""
    to_others = not _OTHERS.isdisjoint(words)
    for at, word in enumerate(words):
        weight = WEIGHTS.get(word, 0.0)
        if word in HARMLESS_SWEARING:
            harmless = not to_others and _is_friendly(words, at)
        elif weight in _SAID_OF_PEOPLE and not to_others and _is_of_myself(words, at):
            harmless = True
        else:
            mild = 0.0 < weight <= WEIGHT_OF["insult"]
            harmless = mild and (_is_rejected(words, at) or _is_of_a_thing(words, at))
        if harmless:
            yield at


def _is_rejected(words: Sequence[str], at: int) -> bool:
    """Whether a negation stands shortly before, as in "do not hate"; "why not" and "not only" reject nothing."""
    for position in range(max(0, at - _REACH), at):
        if words[position] in _NOT:
            return _NOT_REALLY.isdisjoint(words[max(0, position - 1) : position + 2])
    return False


def _is_of_myself(words: Sequence[str], at: int) -> bool:
    """Whether it is said of the writer, as in "I'm such an idiot"."""
    before = at - 1
    while before >= 0 and words[before] in _BETWEEN:
        before -= 1
    return before >= 0 and words[before] in _ME and not _I.isdisjoint(words[max(0, before - 1) : before + 1])


def _is_friendly(words: Sequence[str], at: int) -> bool:
    """Whether swearing strengthens a word of praise, as in "so fucking good"."""
    return not _GOOD.isdisjoint(words[max(0, at - 4) : at + 6])


def _is_of_a_thing(words: Sequence[str], at: int) -> bool:
    """Whether an adjective stands before the name of a thing, as in "a stupid mistake"."""
    if words[at] not in _ABOUT_THINGS or at + 1 == len(words):
        return False
    if _DETERMINERS.isdisjoint(words[max(0, at - 2) : at]):
        return False
    after = words[at + 1]
    return after not in _NO_THINGS and WEIGHTS.get(after, 0.0) <= 0.0


def is_at_nobody(words: Sequence[str]) -> bool:
    """Whether `words` swear in the way of friends, and no person or group is there to be sworn at."""
    suspects = [word for word in words if WEIGHTS.get(word, 0.0) > 0.0]
    return HARMLESS_SWEARING.issuperset(suspects) and _OTHERS.isdisjoint(words) and NAMES.isdisjoint(words)
