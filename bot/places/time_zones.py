"""Time zones by the names of their cities, of zones and of all towns of 15,000 people and more.

The towns are GeoNames' (https://www.geonames.org, CC BY 4.0); `deploy/make_cities.py` makes their list.
"""

import gzip
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

_FEWEST = 2
"""Letters of a town's name before it is looked for: fewer fit thousands."""


@dataclass(frozen=True, slots=True)
class City:
    """A town, its names in Chinese with a bar between, and the name of its time zone."""

    name: str
    chinese: str
    country: str
    zone: str

    @property
    def label(self) -> str:
        """What people choose it by."""
        own = " ".join(self.names[:2])
        return f"{own}, {self.country} ({self.zone})"

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called."""
        return (self.name, *filter(None, self.chinese.split("|")))


def cities_named(typed: str, most: int) -> list[City]:
    """The towns whose names begin so, the largest first."""
    wanted = _plain(typed)
    if len(wanted) < (1 if wanted > "\u4e00" else _FEWEST):
        return []
    every, names = _cities()
    at, ranks = bisect_left(names, (wanted,)), set[int]()
    while at < len(names) and names[at][0].startswith(wanted):
        ranks.add(names[at][1])
        at += 1
    return [every[rank] for rank in sorted(ranks)[:most]]


def zone_of(typed: str) -> str:
    """The zone of that name, of its city, or of the largest town called so; "" where there is none."""
    zones = sorted(available_timezones())
    known = {name.rpartition("/")[2].lower(): name for name in zones} | {name.lower(): name for name in zones}
    if found := known.get(typed.lower().replace(" ", "_")):
        return found
    wanted = _plain(typed)
    named = cities_named(typed, most=1000)
    return next((city.zone for city in named if wanted in map(_plain, city.names)), "")


@cache
def _cities() -> tuple[list[City], list[tuple[str, int]]]:
    """The towns, the largest first, and all their names in order, each with its place among them."""
    packed = (files("bot.places") / "cities.tsv.gz").read_bytes()
    every = [City(*line.split("\t")) for line in gzip.decompress(packed).decode().splitlines()]
    names = {(_plain(name), rank) for rank, one in enumerate(every) for name in one.names}
    return every, sorted(names)


def _plain(name: str) -> str:
    """Small letters without their marks, so that Zurich is Zürich."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(
        "".join(sign for sign in parts if not unicodedata.combining(sign)).replace("-", " ").split()
    )
