"""Says which way readers prefer, how sure that is, and how far they agree with each other."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from bot.evaluation.blind_reading.filled import Judgement, Key
from genai.training.measure.statistics import Estimate, mean, proportion

_WORTH = {"left": 1.0, "equal": 0.5, "right": 0.0}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two ways beside each other. `preference` is the share of preferences for `one`, an equal pair counting half,
    with the bootstrap over prompts; `winner` is "" where its interval has one half in it."""

    one: str
    other: str
    prompts: int
    wins: int
    ties: int
    losses: int
    preference: Estimate

    @property
    def winner(self) -> str:
        """The way that readers prefer, as far as that is certain."""
        if self.preference.lower > 0.5:
            return self.one
        return self.other if self.preference.upper < 0.5 else ""


@dataclass(frozen=True, slots=True)
class Usable:
    """The share of a way's ideas that were marked as usable, with the bootstrap over prompts."""

    way: str
    ideas: int
    share: Estimate


@dataclass(frozen=True, slots=True)
class Concord:
    """How far readers agree: the share of pairs of readers that say the same of a pair of answers, and Krippendorff's
    alpha (0: as by chance, 1: always). None where no two readers judged the same."""

    preferences_same: float | None
    preferences_alpha: float | None
    usable_alpha: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """All that a sheet says; `left` is the share of preferences for the left side, which should be about one half."""

    readers: int
    judgements: int
    comparisons: tuple[Comparison, ...]
    usable: tuple[Usable, ...]
    concord: Concord
    left: Estimate | None

    def as_json(self) -> dict[str, Any]:
        """The figures by name."""
        found = asdict(self)
        for row, one in zip(found["comparisons"], self.comparisons, strict=True):
            row["winner"] = one.winner or None
        return found


def result_of(judgements: Sequence[Judgement], key: Key) -> Result:
    """What the judgements come to."""
    asides = [one.prefer for one in judgements if one.prefer != "equal"]
    return Result(
        len({one.reader for one in judgements}),
        len(judgements),
        tuple(_comparisons(judgements, key)),
        tuple(_usable(judgements, key)),
        _concord(judgements, key),
        proportion(asides.count("left"), len(asides)) if asides else None,
    )


def _comparisons(judgements: Sequence[Judgement], key: Key) -> Iterable[Comparison]:
    for one, other in itertools.combinations(key.ways, 2):
        values: defaultdict[str, list[float]] = defaultdict(list)
        for judgement in judgements:
            origin = key.origins[judgement.pair]
            if {origin.left, origin.right} == {one, other}:
                worth = _WORTH[judgement.prefer]
                values[origin.prompt_id].append(worth if origin.left == one else 1 - worth)
        if values:
            counts = Counter(itertools.chain.from_iterable(values.values()))
            preference = mean([fmean(some) for some in values.values()])
            yield Comparison(one, other, len(values), counts[1.0], counts[0.5], counts[0.0], preference)


def marks(judgements: Sequence[Judgement], key: Key) -> Mapping[tuple[int, str, int], list[bool]]:
    """Whether each idea that readers were asked about is usable, a value for each reader: by pair, side and place."""
    found: defaultdict[tuple[int, str, int], list[bool]] = defaultdict(list)
    for one in judgements:
        sides = (("left", one.usable_left, key.left), ("right", one.usable_right, key.right))
        for side, usable, texts in sides:
            if usable is not None:
                for place in range(len(texts[one.pair])):
                    found[one.pair, side, place].append(place in usable)
    return found


def way_of(key: Key, pair: int, side: str) -> str:
    """Where one side of a pair came from."""
    return key.origins[pair].left if side == "left" else key.origins[pair].right


def _usable(judgements: Sequence[Judgement], key: Key) -> Iterable[Usable]:
    by_way: dict[str, defaultdict[str, list[float]]] = {way: defaultdict(list) for way in key.ways}
    for (pair, side, _place), values in marks(judgements, key).items():
        by_way[way_of(key, pair, side)][key.origins[pair].prompt_id].append(fmean(values))
    for way, by_prompt in by_way.items():
        if by_prompt:
            shares = [fmean(values) for values in by_prompt.values()]
            yield Usable(way, sum(map(len, by_prompt.values())), mean(shares))


def _concord(judgements: Sequence[Judgement], key: Key) -> Concord:
    by_pair: defaultdict[int, list[str]] = defaultdict(list)
    for one in judgements:
        by_pair[one.pair].append(one.prefer)
    twos = [two for said in by_pair.values() for two in itertools.combinations(said, 2)]
    same = fmean(first == second for first, second in twos) if twos else None
    return Concord(same, nominal_alpha(by_pair.values()), nominal_alpha(marks(judgements, key).values()))


def nominal_alpha(units: Iterable[Sequence[Hashable]]) -> float | None:
    """Krippendorff's alpha for names without an order; None where no unit has two values.

    Each unit holds the values that readers gave it, whoever left it out. Krippendorff, "Content analysis" (2018),
    chapter 12. Where all give one and the same value there is nothing to tell apart, and alpha is 1.
    """
    paired = [unit for unit in units if len(unit) > 1]
    if not paired:
        return None
    totals = Counter(itertools.chain.from_iterable(paired))
    size = sum(totals.values())
    disagreed = sum(
        sum(count * (len(unit) - count) for count in Counter(unit).values()) / (len(unit) - 1)
        for unit in paired
    )
    expected = sum(count * (size - count) for count in totals.values()) / (size - 1)
    return 1 - disagreed / expected if expected else 1.0
