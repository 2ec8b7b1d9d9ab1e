"""Recognises the tone of a text by its wording, learnt from the corpus; used only to measure replies."""

from dataclasses import dataclass
from random import Random

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from genai.prompts import TONES, Brief, Preferences, Task
from genai.training.demo.answers import list_answer
from genai.training.demo.briefs import make_topic
from genai.training.demo.library import Library
from genai.training.demo.writer import Writer

_REPLIES_PER_TONE = 250


@dataclass(frozen=True, slots=True)
class ToneRecogniser:
    """A linear classifier over words and word pairs."""

    pipeline: Pipeline

    def tone_of(self, text: str) -> str:
        """The most probable of `genai.prompts.TONES`."""
        return str(self.pipeline.predict([text])[0])


def train_recogniser(library: Library, seed: int = 0) -> ToneRecogniser:
    """Learn from corpus replies of each tone, with topics and wishes left random."""
    rng = Random(seed)
    texts: list[str] = []
    tones: list[str] = []
    for tone in TONES:
        for _ in range(_REPLIES_PER_TONE):
            texts.append(_reply(library, tone, rng))
            tones.append(tone)
    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=10, max_iter=500)
    )
    return ToneRecogniser(pipeline.fit(texts, tones))


def _reply(library: Library, tone: str, rng: Random) -> str:
    brief = Brief(
        Task.BRAINSTORM, make_topic(library, rng), count=rng.randint(1, 6), preferences=Preferences(tone=tone)
    )
    return list_answer(Writer(library, brief, rng))
