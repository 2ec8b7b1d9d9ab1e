"""Names and addresses are found by a model of spaCy or of transformers; where it is missing, the cure is told."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from genai.moderation import Gate, ModerationMisconfigured, ModerationSettings, Moderator, Passed
from genai.moderation.chain import Chain
from genai.moderation.personal_data.redaction import Privacy, load
from tests.moderation.conftest import Start

MARKS = {"unk_token": "[UNK]", "pad_token": "[PAD]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
WORDS = [
    *MARKS.values(), "we", "met", "zanzi", "barbar", "in", "the", "garden", "of", "quib", "road", ".", ",", "then",
]  # fmt: skip
TAGS = ["O", "B-PER", "I-PER", "B-STREET"]
TAGGED = {"zanzi": 1, "barbar": 2, "quib": 3}


@pytest.fixture(scope="module")
def spacy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import spacy

    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PERSON", "pattern": [{"LOWER": "zanzi"}, {"LOWER": "barbar"}]},
            {"label": "STREET", "pattern": [{"LOWER": "quib"}]},
            {"label": "GPE", "pattern": "Leeds"},
        ]
    )
    folder = tmp_path_factory.mktemp("names") / "spacy"
    pipeline.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def classifier_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A token classifier that has learnt three words."""
    folder = tmp_path_factory.mktemp("names") / "classifier"
    _learn(TAGS, folder)
    return folder


def _learn(tags: Sequence[str], folder: Path) -> None:
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
    from transformers import BertConfig, BertForTokenClassification, PreTrainedTokenizerFast

    raw = Tokenizer(models.WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token=WORDS[0]))
    raw.normalizer, raw.pre_tokenizer = normalizers.Lowercase(), pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=raw, **MARKS).save_pretrained(folder)
    torch.manual_seed(1)
    model = BertForTokenClassification(
        BertConfig(
            vocab_size=len(WORDS),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            id2label=dict(enumerate(tags)),
            label2id={tag: at for at, tag in enumerate(tags)},
        )
    )
    learner = torch.optim.Adam(model.parameters(), 0.02)
    texts = torch.stack([torch.randperm(len(WORDS)) for _ in range(32)])
    wanted = torch.tensor([[TAGGED.get(WORDS[word], 0) % len(tags) for word in text] for text in texts])
    for _ in range(30):
        learner.zero_grad()
        model(input_ids=texts, labels=wanted).loss.backward()
        learner.step()
    model.save_pretrained(folder)


@pytest.fixture(params=["spacy", "transformers"])
def privacy(request: pytest.FixtureRequest, spacy_folder: Path, classifier_folder: Path) -> Privacy:
    folder = spacy_folder if request.param == "spacy" else classifier_folder
    return load(ModerationSettings(name_model=f"{request.param}:{folder}"))


def found(privacy: Privacy, text: str) -> list[tuple[str, str]]:
    return [(part.entity, text[part.start : part.end]) for part in privacy.redactions(text)]


def test_names_and_streets_are_found_in_every_sentence(privacy: Privacy) -> None:
    text = "We met Zanzi Barbar in the garden. And then, say, in Quib road. Zanzi Barbar met we."
    assert found(privacy, text) == [
        ("PERSON", "Zanzi Barbar"),
        ("ADDRESS", "Quib"),
        ("PERSON", "Zanzi Barbar"),
    ]
    assert found(privacy, "We met in the garden of Leeds.") == []
    assert "Zanzi" not in found(privacy, "Write to zanzi@acme-lamps.com")[0][1]


async def test_a_stream_shows_no_name_however_it_is_cut(start: Start, spacy_folder: Path) -> None:
    settings = ModerationSettings(name_model=f"spacy:{spacy_folder}")
    stage = load(settings)
    moderator: Moderator = await start(lambda _: Chain([stage]))
    text = (
        "So we met Zanzi Barbar there. "
        + "Then the garden grew and grew " * 20
        + "and Zanzi Barbar left. Good."
    )
    wanted = text.replace("Zanzi Barbar", "<PERSON>")
    for size in (1, 7, 31, len(text)):
        shown = []
        gate = Gate(moderator)
        for begin, end in pairwise([*range(0, len(text), size), len(text)]):
            shown += await gate.feed(text[begin:end])
        shown += await gate.close()
        assert "".join(event.text for event in shown if isinstance(event, Passed)) == wanted


@pytest.mark.parametrize("kind", ["spacy", "transformers"])
def test_a_missing_model_is_told_with_the_cure(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ModerationMisconfigured, match="leave the setting empty"):
        load(ModerationSettings(name_model=f"{kind}:{tmp_path / 'none'}"))


def test_a_model_that_knows_no_names_is_refused(tmp_path: Path) -> None:
    _learn(["O", "B-ORG"], tmp_path / "organisations")
    with pytest.raises(ModerationMisconfigured, match="knows neither names nor addresses, but B-ORG, O"):
        load(ModerationSettings(name_model=f"transformers:{tmp_path / 'organisations'}"))


def test_without_the_setting_no_model_is_asked() -> None:
    assert found(load(ModerationSettings(privacy=("PERSON",))), "We met Zanzi Barbar.") == []


def test_a_name_is_not_known_from_the_middle_of_a_word(spacy_folder: Path) -> None:
    privacy = load(ModerationSettings(name_model=f"spacy:{spacy_folder}"))
    for known, is_known in (("I am zanzi  barbar.", True), ("ranzanzi barbarian", False), ("Zanzi", False)):
        assert (privacy.redactions("We met Zanzi Barbar.", frozenset({known})) == []) == is_known, known
