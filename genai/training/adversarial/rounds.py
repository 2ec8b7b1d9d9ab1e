"""One round's files, and the steps that make them. A step whose file is there already is not done again.

round-N/
    model/            the model after N rounds of learning; round 0 has none, it is the one to start from
    generated.jsonl   its answers, a JSON list of candidates for each prompt
    chosen.jsonl      what the next round's model learns from
    figures.json      the round's row of the table, written last
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from genai.training.adversarial.judging import Answered, Diversity, Judge, measure_diversity
from genai.training.data.readers import Conversation
from genai.training.measure.answer_sampling import Written
from genai.training.measure.report import Row, markdown
from genai.training.measure.statistics import Estimate, Separation
from genai.training.run.folder import write_whole
from genai.training.run.model_card import ModelCard

Writer = Callable[[], list[list[Written]]]
"""Gives the candidates of each prompt."""


@dataclass(frozen=True, slots=True)
class RoundFolder:
    """Where the parts of a round are."""

    path: Path

    @property
    def model(self) -> Path:
        """The model after the round."""
        return self.path / "model"

    @property
    def generated(self) -> Path:
        """Answers of the model."""
        return self.path / "generated.jsonl"

    @property
    def chosen(self) -> Path:
        """Conversations to learn from."""
        return self.path / "chosen.jsonl"

    @property
    def figures(self) -> Path:
        """The row of the table."""
        return self.path / "figures.json"


@dataclass(frozen=True, slots=True)
class Round:
    """What was measured of the model after `number` rounds: of its answers, and of telling them from written ones."""

    number: int
    accuracy: float
    accuracy_low: float
    accuracy_high: float
    area: float
    distinct_1: float
    distinct_2: float
    distinct_texts: float
    finished: float
    chosen: int

    @property
    def diversity(self) -> Diversity:
        """The diversity of its answers."""
        return Diversity(self.distinct_1, self.distinct_2, self.distinct_texts)


def written_candidates(folder: RoundFolder, write: Writer) -> list[list[Written]]:
    """The candidates of each prompt, from the round's file or else newly written."""
    if not folder.generated.is_file():
        rows = [[[item.text, item.finished] for item in candidates] for candidates in write()]
        write_whole(folder.generated, "".join(json.dumps(row) + "\n" for row in rows))
    lines = folder.generated.read_text(encoding="utf-8").splitlines()
    return [[Written(text, finished) for text, finished in json.loads(line)] for line in lines]


def judge_round(
    number: int,
    folder: RoundFolder,
    conversations: Sequence[Conversation],
    candidates: Sequence[Sequence[Written]],
    judge: Judge,
    *,
    held_out: int,
    replay: bool,
) -> Round:
    """Measure the round and write what the next learns from; the last `held_out` prompts are only measured."""
    answered = [
        Answered(
            json.dumps([turn.content for turn in talk.turns[:-1]]),
            talk.turns[-1].content,
            tuple(c.text for c in some),
        )
        for talk, some in zip(conversations, candidates, strict=True)
    ]
    split = len(answered) - held_out
    chosen = _choose(conversations[:split], candidates[:split], judge.scores(answered[:split]))
    rows = [*chosen, *(_row(talk, talk.turns[-1].content) for talk in conversations[:split] if replay)]
    write_whole(folder.chosen, "".join(json.dumps(row) + "\n" for row in rows))
    told = judge.accuracy(answered[:split], answered[split:])
    found = _round(number, told, [item for some in candidates for item in some], len(chosen))
    write_whole(folder.figures, json.dumps(asdict(found), indent=2) + "\n")
    return found


def read_round(folder: RoundFolder) -> Round | None:
    """The round's row, when it was finished before."""
    if not folder.figures.is_file():
        return None
    return Round(**json.loads(folder.figures.read_text(encoding="utf-8")))


def _round(number: int, told: Separation, candidates: Sequence[Written], chosen: int) -> Round:
    diversity = measure_diversity([item.text for item in candidates])
    return Round(
        number=number,
        accuracy=told.accuracy.value,
        accuracy_low=told.accuracy.lower,
        accuracy_high=told.accuracy.upper,
        area=told.area.value,
        distinct_1=diversity.distinct_1,
        distinct_2=diversity.distinct_2,
        distinct_texts=diversity.texts,
        finished=sum(item.finished for item in candidates) / len(candidates),
        chosen=chosen,
    )


def _choose(
    conversations: Sequence[Conversation],
    candidates: Sequence[Sequence[Written]],
    scores: Sequence[Sequence[float]],
) -> list[dict[str, Any]]:
    """For each prompt the candidate with the highest score, if it is finished and was not chosen before."""
    chosen: dict[str, dict[str, Any]] = {}
    for talk, some, found in zip(conversations, candidates, scores, strict=True):
        fit = [
            (score, item.text) for score, item in zip(found, some, strict=True) if item.finished and item.text
        ]
        if fit:
            text = max(fit)[1]
            chosen.setdefault(text, _row(talk, text))
    return list(chosen.values())


def _row(talk: Conversation, answer: str) -> dict[str, Any]:
    turns = [{"role": turn.role, "content": turn.content} for turn in talk.turns[:-1]]
    return {"messages": [*turns, {"role": "assistant", "content": answer}]}


# How rounds are shown: as rows of a table, as lines of `metrics.jsonl`, and in the card.


SOURCES: Final = (
    "Goodfellow et al. 2014, Generative adversarial networks, arXiv 1406.2661",
    "Dong et al. 2023, RAFT: Reward ranked finetuning, arXiv 2304.06767",
    "Li et al. 2016, A diversity-promoting objective function, arXiv 1510.03055",
    "Shumailov et al. 2024, AI models collapse when trained on recursively generated data, Nature 631",
    "Gerstgrasser et al. 2024, Is model collapse inevitable?, arXiv 2404.01413",
)


def row_of(found: Round) -> Row:
    """The round as the terminal and the card show it; the accuracy with its 95 % interval."""
    return {
        "round": str(found.number),
        "discriminator accuracy": str(Estimate(found.accuracy, found.accuracy_low, found.accuracy_high)),
        "area under ROC": found.area,
        "distinct-1": found.distinct_1,
        "distinct-2": found.distinct_2,
        "different texts": found.distinct_texts,
        "finished": found.finished,
        "chosen": found.chosen,
    }


def result_line(output: Path, kept: int, *, fell: bool) -> str:
    """What came out, for people."""
    stopped = "; it was stopped there, because diversity fell too far in the round after" if fell else ""
    if not kept:
        return (
            f"{output}: no model, because diversity fell too far in the first round already. Set a lower "
            "schedule.learning_rate, keep replay on, or allow for more with largest_fall."
        )
    return f"{output}: the model after round {kept}{stopped}"


def write_rounds(file: Path, rounds: Sequence[Round]) -> None:
    """Write a JSON object for each round, whole."""
    rows = [{"step": found.number, **asdict(found)} for found in rounds]
    write_whole(file, "".join(json.dumps(row) + "\n" for row in rows))


def with_rounds(card: ModelCard, rounds: Sequence[Round], said: str) -> ModelCard:
    """The card with the table of rounds."""
    text = (
        f"{markdown([row_of(found) for found in rounds])}\n\nRound 0 is the model to start from. The accuracy is "
        "that of telling the model's answers from written ones, on prompts that nothing was learnt from; 0.5 is "
        f"chance. {said}."
    )
    return replace(card, sections={"Rounds": text}, sources=SOURCES)
