"""How rounds are shown: as rows of a table, as lines of `metrics.jsonl`, and in the card."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from genai.training.adversarial.rounds import Round
from genai.training.measure.statistics import Estimate
from genai.training.measure.table import Row, markdown
from genai.training.run import atomic
from genai.training.run.model_card import ModelCard

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
    atomic.write_text(file, "".join(json.dumps(row) + "\n" for row in rows))


def with_rounds(card: ModelCard, rounds: Sequence[Round], said: str) -> ModelCard:
    """The card with the table of rounds."""
    text = (
        f"{markdown([row_of(found) for found in rounds])}\n\nRound 0 is the model to start from. The accuracy is "
        "that of telling the model's answers from written ones, on prompts that nothing was learnt from; 0.5 is "
        f"chance. {said}."
    )
    return replace(card, sections={"Rounds": text}, sources=SOURCES)
