"""What a whole text is answered with."""

import pytest

from genai.moderation import Action, Moderator, Passed
from tests.moderation.conftest import ScriptedClassifier, Start, scripted_chain


async def test_ordinary_prompt_is_allowed(moderator: Moderator) -> None:
    verdict = await moderator.check("Five names for a bakery by the sea")
    assert verdict.action is Action.ALLOW
    assert verdict.redacted_text == "Five names for a bakery by the sea"


async def test_insult_is_blocked_with_its_reason(moderator: Moderator) -> None:
    verdict = await moderator.check("You stupid fucking idiot, shut up")
    assert verdict.action is Action.BLOCK
    assert verdict.category == "toxicity"
    assert verdict.score >= verdict.threshold > 0
    assert "profanity-check" in verdict.classifier
    assert verdict.version
    assert verdict.redacted_text == ""


async def test_personal_data_is_redacted(moderator: Moderator) -> None:
    verdict = await moderator.check("Write to first@acme-lamps.com or pay 4111 1111 1111 1111.")
    assert verdict.action is Action.REDACT
    assert verdict.redacted_text == "Write to <EMAIL> or pay <CARD>."


async def test_persons_own_facts_stay(moderator: Moderator) -> None:
    allowed = frozenset({"First@Acme-Lamps.com"})
    verdict = await moderator.check(
        "Write to first@acme-lamps.com or second@acme-lamps.com", allowed_personal=allowed
    )
    assert verdict.redacted_text == "Write to first@acme-lamps.com or <EMAIL>"


async def test_listed_term_is_blocked_whatever_its_form(start: Start, chain: object) -> None:
    from genai.moderation import chain as chains

    moderator = await start(chains.load, blocklist=["Project Heron"], privacy=())
    assert (await moderator.check("tell me of PROJECT\nheron!")).category == "blocklist"
    assert (await moderator.check("a project of herons")).action is Action.ALLOW


async def test_trouble_anywhere_in_a_long_text_is_found(start: Start) -> None:
    moderator = await start(lambda _: scripted_chain(ScriptedClassifier()))
    padding = "a quiet word about gardens and boats. " * 200
    for text in (padding + "vermin", "vermin " + padding, padding + "vermin " + padding):
        assert (await moderator.check(text)).blocked


async def test_scores_between_the_thresholds_flag(start: Start) -> None:
    classifier = ScriptedClassifier(act=lambda texts: [{"toxicity": 0.7, "threat": 0.1}] * len(texts))
    moderator = await start(lambda _: scripted_chain(classifier))
    verdict = await moderator.check("hm")
    assert (verdict.action, verdict.category) == (Action.FLAG, "toxicity")
    assert verdict.scores == {"toxicity": 0.7, "threat": 0.1}


async def test_whole_text_is_passed_or_nothing(moderator: Moderator) -> None:
    passed, _ = await moderator.passed("mail first@acme-lamps.com")
    assert isinstance(passed, Passed)
    assert passed.text == "mail <EMAIL>"
    nothing, verdict = await moderator.passed("You stupid fucking idiot")
    assert nothing is None
    assert verdict.blocked


async def test_nobody_else_makes_passed_text() -> None:
    with pytest.raises(TypeError):
        Passed("anything")


async def test_many_texts_keep_their_order(moderator: Moderator) -> None:
    texts = [f"idea {number} by author{number}@acme-lamps.com" for number in range(200)]
    verdicts = await moderator.check_many(texts)
    assert [verdict.redacted_text for verdict in verdicts] == [f"idea {n} by <EMAIL>" for n in range(200)]
