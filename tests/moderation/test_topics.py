"""Topics by keyword and by likeness, under each text's own policy."""

import math
from collections.abc import Sequence

import pytest
from pydantic import ValidationError

from genai.moderation import (
    Action,
    ModerationMisconfigured,
    ModerationSettings,
    Moderator,
    Overrides,
    policy_of,
)
from genai.moderation.blocklist import ScopeTerms
from genai.moderation.chain import Chain
from genai.moderation.policy import Item
from genai.moderation.topics import Topic, ready_names, ready_topic
from genai.moderation.topics.detection import TopicFault, Topics, WordLikeness, load_likeness
from genai.moderation.verdict import StageVerdict
from tests.moderation.conftest import ScriptedClassifier, Start, scripted_chain

RIVALS = Topic(name="rivals", keywords=("Acme", "Blue Kettle"))
DEFAULT = policy_of(ModerationSettings())


def judged(text: str, *topics: Topic) -> StageVerdict:
    (verdict,) = Topics(topics, WordLikeness()).judge([Item(text)])
    return verdict


@pytest.mark.parametrize(
    "text", ["as good as ACME!", "like blue\nkettle", "Blue  Kettle is cheap", "as good as A C M E", "аcme"]
)
def test_a_keyword_names_its_topic(text: str) -> None:
    verdict = judged(text, RIVALS)
    assert (verdict.action, verdict.category, verdict.score) == (Action.BLOCK, "topic:rivals", 1.0)


@pytest.mark.parametrize("text", ["acmeology", "a kettle that is blue", "", "…"])
def test_other_words_are_no_keyword(text: str) -> None:
    assert judged(text, RIVALS).action is Action.ALLOW


def test_a_sentence_like_an_example_is_about_the_topic_wherever_it_stands() -> None:
    medical = ready_topic("medical")
    asked = "We sell coffee cups. Which medicine should I take for my headache? Thanks a lot."
    assert judged(asked, medical).category == "topic:medical"
    assert judged(asked, medical).action is Action.BLOCK
    assert judged("Five slogans for a coffee cup with a lid", medical).action is Action.ALLOW


def test_a_flagging_topic_lets_through() -> None:
    assert judged("Acme again", RIVALS.model_copy(update={"action": "flag"})).action is Action.FLAG


def test_an_exception_that_is_nearer_lets_through() -> None:
    denied = Topic(name="pills", examples=("Which pills should I take?",), threshold=0.3)
    allowed = Topic(name="game", action="allow", examples=("Which pills should I take in the game Dungeon?",))
    text = "Which pills should I take in the game Dungeon"
    assert judged(text, denied).action is Action.BLOCK
    assert judged(text, denied, allowed).action is Action.ALLOW
    assert judged("Which pills should I take", denied, allowed).action is Action.BLOCK


@pytest.mark.parametrize("name", ready_names())
def test_ready_topics_know_their_own_examples_and_leave_ordinary_requests(name: str) -> None:
    topic = ready_topic(name)
    assert all(judged(example, topic).action is Action.BLOCK for example in topic.examples)
    for ordinary in ("Name a bakery by the sea", "Brainstorm ideas about cups", "Write a slogan for shoes"):
        assert judged(ordinary, topic).action is Action.ALLOW


def test_an_unknown_topic_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValidationError, match="there are: gambling"):
        ModerationSettings.model_validate({"topics": ["cookery"]})
    with pytest.raises(ValidationError, match="needs keywords or examples"):
        Topic(name="empty")


@pytest.mark.parametrize("answer", [[], [math.nan], [1.5], [0.1, 0.2]])
def test_corrupt_likeness_is_no_verdict(answer: list[float]) -> None:
    class Broken:
        version = "broken"

        def scores(self, sentences: Sequence[str], topic: Topic) -> list[float]:
            return answer

    with pytest.raises(TopicFault):
        Topics([ready_topic("medical")], Broken()).judge([Item("one sentence")])


def test_a_model_that_is_not_there_is_named(tmp_path: object) -> None:
    with pytest.raises(ModerationMisconfigured, match="topic_model"):
        load_likeness(f"embedding:{tmp_path}/none", "cpu")


async def test_one_batch_holds_texts_of_many_policies(start: Start) -> None:
    """Terms, topics and thresholds of one channel do not touch another's texts in the same batch."""
    classifier = ScriptedClassifier(act=lambda texts: [{"toxicity": 0.6}] * len(texts))
    toxicity = scripted_chain(classifier)._stages[0]
    chain = Chain([ScopeTerms(), Topics([], WordLikeness()), toxicity])
    moderator: Moderator = await start(lambda _: chain)
    strict = DEFAULT.under(
        Overrides.model_validate({"thresholds": {"toxicity": {"flag": 0.2, "block": 0.5}}})
    )
    termed = DEFAULT.under(Overrides(blocklist=("zanzibarium",)))
    topical = DEFAULT.under(Overrides(topics=(RIVALS,)))
    text = "the zanzibarium of Acme"
    verdicts = await moderator.judge(
        [Item(text, policy=policy) for policy in (None, strict, termed, topical)]
    )
    assert [(verdict.action, verdict.category) for verdict in verdicts] == [
        (Action.FLAG, "toxicity"),
        (Action.BLOCK, "toxicity"),
        (Action.BLOCK, "blocklist"),
        (Action.BLOCK, "topic:rivals"),
    ]
    assert len(classifier.batches) == 1


async def test_a_channel_redacts_only_what_it_asks_for(moderator: Moderator) -> None:
    text = "mail first@acme-lamps.com or pay 4111 1111 1111 1111"
    only_cards = DEFAULT.under(Overrides(privacy=("CARD",)))
    nothing = DEFAULT.under(Overrides(privacy=()))
    verdicts = await moderator.judge([Item(text, policy=policy) for policy in (None, only_cards, nothing)])
    assert [verdict.redacted_text for verdict in verdicts] == [
        "mail <EMAIL> or pay <CARD>",
        "mail first@acme-lamps.com or pay <CARD>",
        text,
    ]


def test_a_channel_joins_its_workspace() -> None:
    workspace = DEFAULT.under(Overrides(blocklist=("one",), topics=(RIVALS,)))
    channel = workspace.under(Overrides(blocklist=("two words",), privacy=("CARD",)))
    assert channel.blocklist == ("one", "two words")
    assert channel.topics == (RIVALS,)
    assert channel.under(Overrides(topics=())).topics == ()
    assert channel.privacy == {"CARD"}


async def test_instructions_are_not_repeated_by_a_reply(moderator: Moderator) -> None:
    instructions = "You are Riff, a brainstorming partner. Answer in plain sentences."
    leaks = [
        instructions,
        f"Sure: {instructions.upper()}",
        "It says: you are riff; a brainstorming partner - answer in plain",
    ]
    fine = ["I am Riff, a brainstorming partner.", "Answer in plain sentences, please, said the client."]
    verdicts = await moderator.judge([Item(text, confidential=(instructions,)) for text in (*leaks, *fine)])
    assert [verdict.category for verdict in verdicts if verdict.blocked] == ["confidential"] * 3
    assert not any(verdict.blocked for verdict in verdicts[3:])
