"""What readers found, as Markdown: who wins, what is usable, how far they agree, and ideas as they were read."""

import re
from collections.abc import Mapping, Sequence
from random import Random
from statistics import fmean

from bot.evaluation.blind_reading.filled import Judgement, Key
from bot.evaluation.blind_reading.sheet_result import Comparison, Concord, Result, marks, way_of
from bot.evaluation.idea_page import markdown_table
from genai.training.measure.statistics import Estimate

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|#~&])")


def result_tables(result: Result) -> str:
    """The figures."""
    counts = f"{result.readers} readers, {result.judgements} judgements."
    rows = [
        (
            f"{_plain(one.one)} against {_plain(one.other)}",
            str(one.prompts),
            f"{one.wins} / {one.ties} / {one.losses}",
            _percent(one.preference),
            _winner(one),
        )
        for one in result.comparisons
    ]
    parts = [
        counts,
        markdown_table(rows, ("ways", "prompts", "won / equal / lost", "preference", "preferred")),
        "Preference: the share for the first way, an equal pair counting half, with the 95 % interval of a bootstrap "
        "over prompts.",
    ]
    if result.usable:
        usable = [(_plain(one.way), str(one.ideas), _percent(one.share)) for one in result.usable]
        parts.append(markdown_table(usable, ("way", "ideas", "usable")))
    return "\n\n".join([*parts, *_agreement(result.concord), *_sides(result.left)])


def _winner(one: Comparison) -> str:
    return _plain(one.winner) if one.winner else "not certain"


def _percent(value: Estimate) -> str:
    return f"{value.value:.0%} [{value.lower:.0%}, {value.upper:.0%}]"


def _agreement(concord: Concord) -> list[str]:
    if concord.preferences_same is None:
        return []
    usable = "" if concord.usable_alpha is None else f"; of usable ideas {concord.usable_alpha:.2f}"
    return [
        f"Two readers prefer the same in {concord.preferences_same:.0%} of cases. Krippendorff's alpha of preferences "
        f"is {concord.preferences_alpha:.2f}{usable} (0: as by chance, 1: always)."
    ]


def _sides(left: Estimate | None) -> list[str]:
    return (
        []
        if left is None
        else [f"Of preferences {_percent(left)} went to the left side (Wilson's interval)."]
    )


def examples(judgements: Sequence[Judgement], key: Key, count: int, seed: int) -> str:
    """Ideas word by word, half of them usable to most readers and half not, drawn with the seed; "" for none."""
    random = Random(seed)
    shares = {place: fmean(values) for place, values in sorted(marks(judgements, key).items())}
    good = [place for place, share in shares.items() if share > 0.5]
    bad = [place for place in shares if place not in set(good)]
    drawn = [
        *random.sample(good, min(len(good), count - count // 2)),
        *random.sample(bad, min(len(bad), count // 2)),
    ]
    rows = [_example(place, shares, key) for place in drawn]
    return markdown_table(rows, ("idea, unedited", "request", "way", "usable to")) if rows else ""


def _example(
    place: tuple[int, str, int], shares: Mapping[tuple[int, str, int], float], key: Key
) -> tuple[str, str, str, str]:
    pair, side, number = place
    texts = key.left[pair] if side == "left" else key.right[pair]
    way = way_of(key, pair, side)
    return _plain(texts[number]), _plain(key.prompts[pair]), _plain(way), f"{shares[place]:.0%}"


def _plain(text: str) -> str:
    """Text in one line that Markdown shows as it is: what models write is not to be marked up or run."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
