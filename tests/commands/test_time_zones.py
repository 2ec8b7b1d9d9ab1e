"""Time zones are found by any town's name."""

import pytest

from bot.interactions.completion import completions
from bot.places.time_zones import zone_of
from bot.session.arguments import START
from tests.support.messages import incoming

ZONE = next(option for option in START if option.name == "zone")


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Leipzig", "Europe/Berlin"),
        ("austin", "America/Chicago"),
        ("Zurich", "Europe/Zurich"),
        ("São Paulo", "America/Sao_Paulo"),
        ("成都", "Asia/Shanghai"),
        ("europe/berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("nowhere at all", ""),
    ],
)
def test_a_town_has_its_zone(typed: str, zone: str) -> None:
    assert zone_of(typed) == zone


@pytest.mark.parametrize(
    ("typed", "zone"), [("Leip", "Europe/Berlin"), ("Aust", "America/Chicago"), ("莱比", "Europe/Berlin")]
)
async def test_a_town_is_completed_while_it_is_typed(typed: str, zone: str) -> None:
    said = incoming("x")
    found = await completions(None, ZONE, typed, said.author, said.place)
    assert zone in [one.value for one in found]
    assert len({one.label for one in found}) == len(found)


async def test_zones_begin_as_before() -> None:
    said = incoming("x")
    found = await completions(None, ZONE, "berl", said.author, said.place)
    assert found[0].value == "Europe/Berlin"
