"""One text, one verdict: what is shown does not depend on how it came, and no border takes back what was read."""

from collections.abc import AsyncGenerator, Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genai.moderation import Action, Gate, Moderator, Passed, Withdrawn
from genai.moderation.borders import Unit, borders
from genai.moderation.chain import Chain
from genai.moderation.verdict import Redaction, StageVerdict
from tests.moderation.conftest import ScriptedClassifier, Start, scripted_chain

PLACES = (
    "12601 W. 7th Street, Los Angeles, CA 90057",
    "742 Evergreen Terrace\nSpringfield, IL 62704",
    "221 Baker Street, London NW1 6XE",
)
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow. IBAAKCAQ.\nEA7bq. XyZ=\n-----END RSA PRIVATE KEY-----"
PARTS = [
    *PLACES, KEY, "first.last@example.net", "4111 1111\n1111 1111", "+1 (212) 555-0123 ext. 12", "192.0.2.77",
    "DE89 3704 0044 0532 0130 00", "you fucking idiot", "What a lovely morning it is by the sea today.",
    "1. **Cup**: a mug for 3 Museums.\n", "2. **Swap**: 12 Elm Street is near.\n", "It costs 20.", "\n\n", "so",
    "的确如此。", "真的？！", "```py\nx = 1\n```", "-----BEGIN CERTIFICATE-----", "Dr. Who", "…", "20\n30 Cats",
    "f.u.c.k you.", "you fück\u200bing ıdiot!", "ｙｏｕ ｉｄｉｏｔ", "y0u 1d10t", "i d i o t\n", "idi\u202dto\u202c",
    "**you** _idiot_", "<b>you</b> fucking <i>idiot</i>.", "[you idiot](https://example.net/a?b=1). ",
    "| you | idiot |\n", "> you stupid bitch\n", "- [ ] call +44 20 7946 0958\n",
    "🖕🏽 you!", "e\u0301\u0301 …", "\r\n", "\ufeff",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PARTS) | st.text(max_size=10), min_size=1, max_size=10).map(" ".join)
PLACES_CUT = st.lists(st.integers(0, 900), max_size=30)
relaxed = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


async def stream(pieces: Sequence[str]) -> AsyncGenerator[str]:
    for piece in pieces:
        yield piece


def cut(text: str, positions: Sequence[int]) -> list[str]:
    edges = [0, *sorted({position % (len(text) + 1) for position in positions}), len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


async def outcome(gate: Gate, deltas: Sequence[str]) -> tuple[str, bool, Action | None, str]:
    """What was shown, whether it stays, and the verdict on it."""
    events = [event async for event in gate.pieces(stream(deltas))]
    text = "".join(event.text for event in events if isinstance(event, Passed))
    verdict = gate.verdict
    action, category = (verdict.action, verdict.category) if verdict else (None, "")
    return text, not any(isinstance(event, Withdrawn) for event in events), action, category


def ends(text: str, deltas: Sequence[str], unit: Unit, longest: int) -> list[int]:
    """The borders that are found as a text comes."""
    found, seen, came = list[int](), 0, ""
    for number, delta in enumerate([*deltas, ""]):
        came += delta
        new = list(borders(came, seen, unit, longest, is_last=number == len(deltas)))
        found += new
        seen = found[-1] if found else 0
    return found


@settings(max_examples=400, deadline=None)
@given(TEXTS, PLACES_CUT, st.sampled_from(["sentence", "line"]), st.integers(40, 300))
def test_borders_are_the_same_however_a_text_comes(
    text: str, positions: list[int], unit: Unit, longest: int
) -> None:
    whole = ends(text, [text], unit, longest)
    assert ends(text, cut(text, positions), unit, longest) == whole
    assert ends(text, list(text), unit, longest) == whole


@relaxed
@given(text=TEXTS, positions=PLACES_CUT, unit=st.sampled_from(["sentence", "line"]))
async def test_what_is_shown_and_the_verdict_do_not_depend_on_the_cuts(
    moderator: Moderator, text: str, positions: list[int], unit: Unit
) -> None:
    whole = await outcome(Gate(moderator, unit=unit), [text])
    assert await outcome(Gate(moderator, unit=unit), cut(text, positions)) == whole
    assert await outcome(Gate(moderator, unit=unit), list(text)) == whole


async def rewritten(gate: Gate, deltas: Sequence[str], anew: str) -> tuple[str, list[str]]:
    """What is shown, and what was rolled back, where `anew` is written in place of what is blocked."""
    shown, rolled_back = "", list[str]()
    for part in (deltas, [anew]):
        events = list[Passed | Withdrawn]()
        for delta in part:
            events += await gate.feed(delta)
            if events and isinstance(events[-1], Withdrawn):
                break
        else:
            events += await gate.close()
        shown += "".join(event.text for event in events if isinstance(event, Passed))
        if not any(isinstance(event, Withdrawn) for event in events):
            break
        rolled_back.append(gate.roll_back())
        if not gate.unchecked:
            shown = ""
    return shown, rolled_back


@relaxed
@given(text=TEXTS, positions=PLACES_CUT)
async def test_what_is_kept_when_the_rest_is_written_anew_does_not_depend_on_the_cuts(
    moderator: Moderator, text: str, positions: list[int]
) -> None:
    ways = []
    for deltas in ([text], cut(text, positions), list(text)):
        gate = Gate(moderator)
        shown, rolled_back = await rewritten(gate, deltas, "And all ends well.")
        assert gate.verdict is None or not gate.verdict.blocked or len(rolled_back) == 2
        ways.append((shown, len(rolled_back), gate.unchecked))
    assert ways[0] == ways[1] == ways[2]


@relaxed
@given(text=TEXTS, positions=PLACES_CUT)
async def test_what_is_not_blocked_stays_and_is_the_redacted_text(
    moderator: Moderator, text: str, positions: list[int]
) -> None:
    verdict = await moderator.check(text)
    shown, stays, action, _category = await outcome(Gate(moderator), cut(text, positions))
    if action is not Action.BLOCK:
        assert stays
        assert shown == verdict.redacted_text
    assert not verdict.blocked or not stays


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("unit", ["sentence", "line"])
async def test_an_address_over_a_border_is_held_back_and_shown_redacted(
    moderator: Moderator, place: str, unit: Unit
) -> None:
    text = f"We met on a sunny day. Send the cups to {place}. They will be glad to have them. And so on."
    for deltas in ([text], list(text)):
        shown, stays, *_ = await outcome(Gate(moderator, unit=unit), deltas)
        assert stays
        assert shown == text.replace(place, "<ADDRESS>")


async def test_a_key_is_held_back_to_its_end(moderator: Moderator) -> None:
    text = f"Put it there. {KEY} And keep it safe. Nothing else."
    gate = Gate(moderator)
    events = [event async for event in gate.pieces(stream(list(text)))]
    pieces = [event.text for event in events if isinstance(event, Passed)]
    assert pieces[0] == "Put it there. "
    assert "".join(pieces) == text.replace(KEY, "<SECRET>")


class _LateFinder:
    """A stage that finds "one. two" only once both words are there, as if it were personal."""

    name, version = "privacy", "1"

    def judge(self, items: Sequence[object]) -> list[StageVerdict]:
        return [self._judge(str(getattr(item, "text", ""))) for item in items]

    def _judge(self, text: str) -> StageVerdict:
        start = text.find("one. two")
        if start < 0:
            return StageVerdict(self.name)
        return StageVerdict(self.name, Action.REDACT, redactions=(Redaction(start, start + 8, "IBAN"),))


async def test_what_nobody_could_foresee_is_redacted_from_there_on_and_not_withdrawn(start: Start) -> None:
    moderator = await start(lambda _: Chain([_LateFinder()]))
    shown, stays, *_ = await outcome(Gate(moderator), ["It is one. ", "two and three. ", "Four."])
    assert stays
    assert shown == "It is one. <IBAN> and three. Four."


async def test_one_unit_is_blocked_and_the_others_stay(moderator: Moderator) -> None:
    gate = Gate(moderator)
    lines = ["1. **Cup**: a mug.\n", "2. **Rude**: you fucking idiot.\n", "2. **Swap**: first@example.net\n"]
    events = [await gate.unit(line) for line in lines]
    assert [type(event) for event in events] == [Passed, Withdrawn, Passed]
    assert gate.verdict is not None
    assert gate.verdict.action is Action.REDACT
    assert gate.unchecked == lines[0] + lines[2]
    assert gate.shown(0, len(gate.unchecked)) == "1. **Cup**: a mug.\n2. **Swap**: <EMAIL>\n"
    assert await gate.close() == []


async def test_trouble_in_the_middle_of_a_delta_shows_what_came_before_and_no_more(start: Start) -> None:
    moderator = await start(lambda _: scripted_chain(ScriptedClassifier()))
    for deltas in (["All is well. Vermin. And on. "], list("All is well. Vermin. And on. ")):
        shown, stays, *_ = await outcome(Gate(moderator), deltas)
        assert (shown, stays) == ("All is well. ", False)


async def test_a_whole_is_no_worse_than_its_pieces(start: Start) -> None:
    """Each window that the whole is judged in was judged before its last piece was shown."""
    seen: set[str] = set()

    def act(texts: Sequence[str]) -> list[dict[str, float]]:
        seen.update(texts)
        return [{"toxicity": 0.0}] * len(texts)

    moderator = await start(lambda _: scripted_chain(ScriptedClassifier(act=act)))
    text = " ".join(f"Sentence number {number} of a long and quiet text." for number in range(60))
    gate = Gate(moderator)
    for word in text.split(" "):
        await gate.feed(f"{word} ")
    await gate.flush()
    before = set(seen)
    await moderator.check(gate.unchecked)
    assert seen <= before
