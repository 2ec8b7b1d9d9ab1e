"""A verdict is explained by the words without which it would be another."""

from collections.abc import Mapping, Sequence

import pytest

from genai.moderation import Action, Moderator
from genai.moderation.occlusion import MOST_SENTENCES, MOST_WORDS, explain
from tests.moderation.conftest import ScriptedClassifier, Start, scripted_chain


async def test_the_word_that_decided_is_named(moderator: Moderator) -> None:
    text = "The idea is fine, but you are a fucking idiot and I said so."
    verdict = await moderator.check(text)
    found = await explain(text, verdict, moderator.check_many)
    assert found is not None
    assert {"fucking", "idiot"} & {one.word for one in found.words[:2]}
    assert "fine" not in [one.word for one in found.words]
    assert all(0.0 < one.weight <= 1.0 for one in found.words)


async def test_a_listed_word_is_named_wherever_it_stands(start: Start) -> None:
    moderator = await start(lambda _: scripted_chain(ScriptedClassifier()))
    text = "Vermin here, and vermin there."
    found = await explain(text, await moderator.check(text), moderator.check_many)
    assert found is not None
    assert (found.by, [(one.word, one.weight) for one in found.words]) == ("without", [("Vermin", 1.0)])


async def test_of_several_words_that_each_suffice_each_is_told_alone(start: Start) -> None:
    classifier = ScriptedClassifier(bad=frozenset({"vermin", "scum"}))
    moderator = await start(lambda _: scripted_chain(classifier))
    text = "You vermin and scum."
    found = await explain(text, await moderator.check(text), moderator.check_many)
    assert found is not None
    assert (found.by, {one.word for one in found.words}) == ("alone", {"vermin", "scum"})


async def test_in_a_long_text_only_the_sentences_that_counted_are_read_word_by_word(start: Start) -> None:
    classifier = ScriptedClassifier()
    moderator = await start(lambda _: scripted_chain(classifier))
    calm = [
        f"Sentence {number} says something{number} quiet{number} about gardens{number}."
        for number in range(18)
    ]
    text = " ".join([*calm[:9], "They are vermin, all of them.", *calm[9:]])
    verdict = await moderator.check(text)
    judged: list[str] = []

    async def judge(texts: Sequence[str]) -> Sequence[object]:
        judged.extend(texts)
        return await moderator.check_many(texts)

    found = await explain(text, verdict, judge)  # type: ignore[arg-type]
    assert found is not None
    assert [one.word for one in found.words] == ["vermin"]
    assert len(judged) <= MOST_SENTENCES + 2 * MOST_WORDS


@pytest.mark.parametrize("text", ["A quiet word.", "Write to jane.roe@acme-tools.com."])
async def test_what_is_let_through_needs_no_explanation(moderator: Moderator, text: str) -> None:
    assert await explain(text, await moderator.check(text), moderator.check_many) is None


async def test_chinese_is_looked_at_by_characters(start: Start) -> None:
    def act(texts: Sequence[str]) -> list[Mapping[str, float]]:
        return [{"toxicity": float("蠢" in text)} for text in texts]

    moderator = await start(lambda _: scripted_chain(ScriptedClassifier(act=act)))
    text = "这个蠢主意。"
    verdict = await moderator.check(text)
    assert verdict.action is Action.BLOCK
    found = await explain(text, verdict, moderator.check_many)
    assert found is not None
    assert [one.word for one in found.words] == ["蠢"]
