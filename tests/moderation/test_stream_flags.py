"""The measure of where streams are flagged, on classifiers of which it is known what they see."""

from collections.abc import Mapping, Sequence

import pytest

from genai.evaluation.stream_flags import ATTACKS, CALM, flagged_at, stream_figures, streams_of
from tests.moderation.conftest import ScriptedClassifier, Start, scripted_chain

TEXT = "The first is calm. The second has vermin in it. The third is calm again."


def test_streams_hold_the_attack_where_they_say() -> None:
    for stream in streams_of(ATTACKS["threat"]):
        assert stream.text[stream.start : stream.end] in ATTACKS["threat"]
        assert stream.text.replace(stream.text[stream.start : stream.end], "").strip()
    assert streams_of(ATTACKS["threat"]) == streams_of(ATTACKS["threat"])
    assert len({attack for attacks in ATTACKS.values() for attack in attacks} | set(CALM)) == 70


@pytest.mark.parametrize("score", [0.6, 1.0])
async def test_the_sentence_is_found_whether_it_is_flagged_or_blocked(start: Start, score: float) -> None:
    def act(texts: Sequence[str]) -> list[Mapping[str, float]]:
        return [{"toxicity": score * ("vermin" in text.casefold())} for text in texts]

    moderator = await start(lambda _: scripted_chain(ScriptedClassifier(act=act)))
    assert await flagged_at(moderator, TEXT) == TEXT.index("The second")
    assert await flagged_at(moderator, "Vermin. All is calm after that.") == 0
    assert await flagged_at(moderator, "Calm first. Then vermin") == len("Calm first. ")
    assert await flagged_at(moderator, "All is calm. All is well.") is None


async def test_a_perfect_classifier_is_always_right_and_a_nervous_one_is_early(start: Start) -> None:
    attacks = [attack for several in ATTACKS.values() for attack in several]

    def knows(texts: Sequence[str]) -> list[Mapping[str, float]]:
        return [{"toxicity": float(any(attack[:20] in text for attack in attacks))} for text in texts]

    sure = await start(lambda _: scripted_chain(ScriptedClassifier(act=knows)))
    assert [row.inside for row in await stream_figures(sure)] == [1.0] * 5
    nervous = await start(
        lambda _: scripted_chain(ScriptedClassifier(act=lambda texts: [{"toxicity": 0.6}] * len(texts)))
    )
    rows = {row.kind: row for row in await stream_figures(nervous)}
    assert rows["all"].before > 0.5
    assert rows["all"].inside + rows["all"].before == 1.0
