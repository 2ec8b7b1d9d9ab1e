"""Detoxify's own class on a tiny checkpoint, several classifiers together, and files that would run code."""

import os
import pickle
from collections.abc import Sequence
from pathlib import Path

import pytest

from genai.evaluation.moderation_speed import CLASSES, TinyDetoxify, make
from genai.moderation import Action, ModerationMisconfigured, ModerationSettings
from genai.moderation.classifiers import Classifier, load
from genai.moderation.policy import Item
from genai.moderation.toxicity import Toxicity
from tests.moderation.conftest import ScriptedClassifier


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinyDetoxify:
    return make(tmp_path_factory.mktemp("detoxify"))


@pytest.fixture(scope="module")
def detoxify(tiny: TinyDetoxify) -> Classifier:
    return load("detoxify", of(tiny))


def of(tiny: TinyDetoxify) -> ModerationSettings:
    return ModerationSettings(checkpoint=tiny.checkpoint, huggingface_config_path=tiny.folder, batch_size=4)


def test_local_checkpoint_scores_its_categories(detoxify: Classifier) -> None:
    (scores,) = detoxify.score(["hello there"])
    assert set(scores) == set(CLASSES)
    assert all(0.0 < score < 1.0 for score in scores.values())
    assert detoxify.version


def test_batches_score_as_single_texts_do(detoxify: Classifier) -> None:
    texts = ["a", "a longer text about boats", "", "you there", "gardens " * 12, "six", "seven"]
    together = detoxify.score(texts)
    alone = [detoxify.score([text])[0] for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert one == pytest.approx(dict(other), abs=1e-5)


def test_all_of_a_long_text_is_read(detoxify: Classifier) -> None:
    (whole,) = detoxify.score(["boats " * 400])
    (half,) = detoxify.score(["boats " * 20])
    assert set(whole) == set(half)


def test_several_classifiers_count_by_maximum_or_mean() -> None:
    def says(name: str, **scores: float) -> ScriptedClassifier:
        return ScriptedClassifier(act=lambda texts: [scores] * len(texts), name=name)

    both: Sequence[Classifier] = [says("one", toxicity=0.9, threat=0.2), says("two", toxicity=0.5)]
    highest = Toxicity(both, ModerationSettings(combine="max"))
    average = Toxicity(both, ModerationSettings(combine="mean"))
    assert highest.scores(["x"]) == [{"toxicity": 0.9, "threat": 0.2}]
    assert average.scores(["x"]) == [{"toxicity": pytest.approx(0.7), "threat": 0.2}]
    assert highest.judge([Item("x")])[0].action is Action.BLOCK
    assert average.judge([Item("x")])[0].action is Action.FLAG


def test_detoxify_and_the_embedded_classifier_work_together(detoxify: Classifier) -> None:
    stage = Toxicity([load("profanity-check", ModerationSettings()), detoxify], ModerationSettings())
    (verdict,) = stage.judge([Item("You stupid fucking idiot")])
    assert verdict.action is Action.BLOCK
    assert "profanity-check" in verdict.classifier
    assert "detoxify" in verdict.classifier


class _RunsCode:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.mark),)


@pytest.mark.parametrize("form", ["pickle", "torch"])
def test_checkpoint_that_would_run_code_is_refused(tmp_path: Path, form: str) -> None:
    import torch

    evil, mark = tmp_path / "evil.ckpt", tmp_path / "mark"
    if form == "torch":
        torch.save({"state_dict": _RunsCode(mark)}, evil)
    else:
        evil.write_bytes(pickle.dumps(_RunsCode(mark)))
    with pytest.raises(ModerationMisconfigured, match="more than weights"):
        load("detoxify", ModerationSettings(checkpoint=evil))
    assert not mark.exists()


def test_missing_checkpoint_and_unknown_variant_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModerationMisconfigured, match="not a file"):
        load("detoxify", ModerationSettings(checkpoint=tmp_path / "none.ckpt"))
    with pytest.raises(ModerationMisconfigured, match=r"set moderation\.checkpoint"):
        load("detoxify", ModerationSettings())
    with pytest.raises(ModerationMisconfigured, match="unbiased"):
        load("detoxify:unbiast", ModerationSettings())
