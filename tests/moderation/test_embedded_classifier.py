"""The embedded classifier reads sentences: what is said of whom, and in what spirit."""

from collections import defaultdict

import pytest

from genai.evaluation.functional_tests import UNTOUCHED, sentences
from genai.moderation import ModerationSettings
from genai.moderation.classifiers import Classifier, load

HOSTILE_ABILITIES = 10


@pytest.fixture(scope="module")
def embedded() -> Classifier:
    return load("profanity-check+hostility", ModerationSettings())


def toxicity(classifier: Classifier, *texts: str) -> list[float]:
    return [scores["toxicity"] for scores in classifier.score(texts)]


def test_each_form_of_attack_is_found(embedded: Classifier) -> None:
    found: dict[str, list[bool]] = defaultdict(list)
    attacks = [sentence for sentence in sentences() if sentence.hostile]
    for sentence, score in zip(attacks, toxicity(embedded, *(each.text for each in attacks)), strict=True):
        found[sentence.ability].append(score >= 0.5)
    assert len(found) == HOSTILE_ABILITIES
    assert {ability for ability, hits in found.items() if sum(hits) < 0.9 * len(hits)} == set()


@pytest.mark.parametrize(
    "ability",
    ["self-identification", "neutral mention", "praise", "negated attack", "counter-speech"],
)
def test_who_means_no_harm_is_not_toxic(embedded: Classifier, ability: str) -> None:
    texts = [sentence.text for sentence in sentences() if sentence.ability == ability]
    wrong = [text for text, score in zip(texts, toxicity(embedded, *texts), strict=True) if score >= 0.5]
    assert len(wrong) <= 0.1 * len(texts), wrong[:5]


def test_unknown_harmless_sentences_about_groups_pass(embedded: Classifier) -> None:
    texts = [sentence.text for sentence in sentences(UNTOUCHED) if not sentence.hostile]
    assert sum(score >= 0.5 for score in toxicity(embedded, *texts)) <= 0.02 * len(texts)


@pytest.mark.parametrize(
    ("harmless", "hostile"),
    [
        ("I'm such an idiot, I locked myself out", "You're such an idiot, you locked me out"),
        ("What a stupid mistake that was", "What a stupid person you are"),
        ("That concert was fucking amazing", "You are fucking useless"),
        ("I do not hate women", "I do hate women"),
        ("Saying that women are inferior is wrong", "Women are inferior"),
        ('"Women are inferior" is a horrible thing to write', "Women are inferior, I write it daily"),
        ("How do I kill a Python process?", "I will kill you and your family"),
        ("Cut me some slack", "I'll cut you open"),
    ],
)
def test_near_doubles_are_told_apart(embedded: Classifier, harmless: str, hostile: str) -> None:
    low, high = toxicity(embedded, harmless, hostile)
    assert low < 0.5 <= high


def test_kinds_of_attack_are_named(embedded: Classifier) -> None:
    threat, attack, insult = embedded.score(
        ["I am going to kill you", "All immigrants are parasites", "he is a pathetic loser"]
    )
    assert threat["threat"] >= 0.85
    assert attack["identity_attack"] >= 0.85
    assert insult["insult"] >= 0.6
    assert insult["threat"] == insult["identity_attack"] == 0.0


def test_swearing_at_nobody_is_flagged_and_not_blocked(embedded: Classifier) -> None:
    settings = ModerationSettings().thresholds_of("toxicity")
    (score,) = toxicity(embedded, "Shit, I missed the bus again")
    assert settings.flag <= score < settings.block


def test_word_model_alone_can_still_be_chosen() -> None:
    alone = load("profanity-check", ModerationSettings())
    (scores,) = alone.score(["you fucking idiot"])
    assert set(scores) == {"toxicity"}
    assert scores["toxicity"] > 0.85
