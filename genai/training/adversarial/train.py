"""`riff train adversarial`: a model and a discriminator, one after the other, for K rounds.

As in a generative adversarial network (Goodfellow et al. 2014, arXiv 1406.2661) one part writes and the other learns to
tell what it wrote from what people wrote. Text is made of choices that no gradient passes through, so the model does
not descend the discriminator's loss but learns by maximum likelihood from what the discriminator takes for written:
the best of n samples for each prompt (rejection sampling; RAFT, Dong et al. 2023, arXiv 2304.06767),

    y*(x) = argmax_{y ~ p_θ(.|x), n draws} D(y),    L(θ) = -E_x log p_θ(y*(x) | x).

An accuracy of the discriminator near 0.5 says that it cannot tell any more. Learning from oneself narrows what one says
(Shumailov et al. 2024, Nature 631); written answers among the chosen ones hold against it (Gerstgrasser et al. 2024,
arXiv 2404.01413), and a round after which diversity has fallen by a set share is given up.
"""

import shutil
import time
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import Annotated, Final

from pydantic import Field

from genai.request import Turn
from genai.training.adversarial.judging import Judge
from genai.training.adversarial.rounds import (
    Round,
    RoundFolder,
    judge_round,
    read_round,
    result_line,
    row_of,
    with_rounds,
    write_rounds,
    written_candidates,
)
from genai.training.data.readers import Conversation, describe_data, read_conversations
from genai.training.discriminator.dataset import read_labelled
from genai.training.measure.answer_sampling import Writing, Written, write_answers
from genai.training.measure.report import Row
from genai.training.run.config import Model, Output, identity, settings
from genai.training.run.distributed import is_main, joined
from genai.training.run.dry_run import Estimate
from genai.training.run.errors import DataError
from genai.training.run.folder import open_run
from genai.training.run.hyperparameters import Schedule
from genai.training.run.model_card import DataFile, ModelCard, hashes, write_card
from genai.training.run.model_folders import load_quantised, load_tokenizer
from genai.training.run.stage import Stage
from genai.training.sft import SftConfig, estimate_sft, sft

_FEWEST: Final = 10
_TIMED: Final = 8
_OF_THE_RUN: Final = {"run.json", "metrics.jsonl", "README.md"}


@settings
class AdversarialConfig:
    """Who learns from which conversations, for how many rounds."""

    model: Model
    data: Path
    """Conversations, a .jsonl file or a folder of them; the last turn of each is what people wrote."""
    output: Output
    preferences: tuple[Path, ...] = ()
    """Pairs as `riff train feedback` makes them: the discriminator also learns liked from disliked."""
    rounds: Annotated[int, Field(ge=1, le=100)] = 3
    """Rounds at most."""
    prompts: Annotated[int, Field(ge=_FEWEST)] = 500
    """Conversations that are used at most."""
    samples: Annotated[int, Field(ge=1, le=64)] = 4
    """Answers that the model gives to each prompt, of which the best is learnt."""
    replay: bool = True
    """Whether the written answers are learnt along with the chosen ones."""
    largest_fall: Annotated[float, Field(gt=0, lt=1)] = 0.2
    """Share by which diversity may fall below that of the model to start from."""
    held_out: Annotated[float, Field(gt=0, le=0.5)] = 0.25
    """Share of the prompts that discriminators are measured on; nothing is learnt from them."""
    features: Annotated[int, Field(ge=100)] = 30_000
    """Most n-grams of each sort that the discriminator looks at."""
    longest: Annotated[int, Field(ge=8)] = 1024
    """Conversations of more tokens are not learnt from."""
    writing: Writing = Writing()
    schedule: Schedule = Schedule(epochs=1.0, learning_rate=1e-5)
    """Of the fine-tuning in each round."""


@dataclass(frozen=True, slots=True)
class AdversarialSummary:
    """The rounds, from 0, the model to start from; `kept` is the round whose model is the result, 0 for none."""

    output: Path
    rounds: tuple[Round, ...]
    kept: int
    fell: bool

    def rows(self) -> list[Row]:
        """The table of rounds."""
        return [row_of(found) for found in self.rounds]

    def lines(self) -> list[str]:
        """The result for people."""
        return [result_line(self.output, self.kept, fell=self.fell)]


def adversarial(config: AdversarialConfig) -> AdversarialSummary:
    """Run the rounds, or go on with a run that was stopped, and save the last model that kept its diversity.

    Raises TrainingError.
    """
    files = describe_data(config.data, (".jsonl",))
    more = tuple(file for path in config.preferences for file in describe_data(path, (".jsonl",)))
    talks = _conversations(config)
    folder = open_run(config.output, "adversarial", identity(config), hashes((*files, *more)))
    folder.metrics.touch()  # from here on another configuration is refused
    done: list[Round] = []
    fell = False
    while len(done) <= config.rounds and not fell:
        model = _model_of(config, len(done))
        with joined(config.schedule.device).main_process_first():
            done.append(_measured(config, len(done), model, talks))
        fell = done[-1].diversity.fell_below(done[0].diversity, config.largest_fall)
        if is_main():
            write_rounds(folder.metrics, done)
    summary = AdversarialSummary(config.output, tuple(done), len(done) - 1 - fell, fell)
    if is_main():
        _save_result(config, summary)
        write_card(_card(config, summary, (*files, *more)), folder.card)
    return summary


def estimate_adversarial(config: AdversarialConfig) -> tuple[Estimate, int, float]:
    """For one round: what fine-tuning on written answers would need, how many answers are written, and seconds.

    Writing is timed on a few answers. Nothing is kept. Raises TrainingError.
    """
    talks = _conversations(config)
    found = estimate_sft(_tuning(config, config.model, config.data, config.output, 1))
    few = talks[:_TIMED]
    begun = time.perf_counter()
    _write(config, 0, config.model, few)
    return found, len(talks) * config.samples, (time.perf_counter() - begun) * len(talks) / len(few)


def plan(config: AdversarialConfig) -> list[str]:
    """What one round would need, for a dry run. Raises TrainingError."""
    found, answers, seconds = estimate_adversarial(config)
    return [
        "fine-tuning of one round:",
        *found.lines(),
        f"writing     {answers:,} answers in each round: about {seconds:.0f} s",
    ]


def _conversations(config: AdversarialConfig) -> list[Conversation]:
    """Conversations with different prompts in a random order, those to measure on at the end."""
    by_prompt = {talk.turns[:-1]: talk for talk in read_conversations(config.data)}
    found = Random(config.schedule.seed).sample(sorted(by_prompt.values(), key=repr), len(by_prompt))
    if len(found) < _FEWEST:
        raise DataError(f"{config.data} has {len(found)} different prompts; give at least {_FEWEST}.")
    return list(islice(found, config.prompts))


def _model_of(config: AdversarialConfig, number: int) -> str:
    """The model after `number` rounds, trained from the round before where it is not there yet."""
    if number == 0:
        return config.model
    before, here = _folder(config, number - 1), _folder(config, number)
    start = config.model if number == 1 else str(before.model)
    sft(_tuning(config, start, before.chosen, here.model, number))
    return str(here.model)


def _tuning(config: AdversarialConfig, start: str, data: Path, output: Path, number: int) -> SftConfig:
    schedule = replace(config.schedule, seed=config.schedule.seed + number)
    return SftConfig(start, data, output, longest=config.longest, schedule=schedule)


def _measured(config: AdversarialConfig, number: int, model: str, talks: list[Conversation]) -> Round:
    folder = _folder(config, number)
    if (found := read_round(folder)) is not None:
        return found
    candidates = written_candidates(folder, lambda: _write(config, number, model, talks))
    judge = Judge(config.features, config.schedule.seed, tuple(read_labelled((), (), config.preferences)))
    held_out = max(2, round(config.held_out * len(talks)))
    return judge_round(number, folder, talks, candidates, judge, held_out=held_out, replay=config.replay)


def _write(
    config: AdversarialConfig, number: int, model: str, talks: list[Conversation]
) -> list[list[Written]]:
    prompts: list[tuple[Turn, ...]] = [talk.turns[:-1] for talk in talks for _ in range(config.samples)]
    seed = config.schedule.seed + 1000 * (number + 1)
    written = write_answers(
        load_quantised(model, "none"), load_tokenizer(model), prompts, config.writing, seed
    )
    return [written[start : start + config.samples] for start in range(0, len(written), config.samples)]


def _folder(config: AdversarialConfig, number: int) -> RoundFolder:
    return RoundFolder(config.output / f"round-{number}")


def _save_result(config: AdversarialConfig, summary: AdversarialSummary) -> None:
    if summary.kept:
        made = _folder(config, summary.kept).model
        for file in made.iterdir():
            if file.is_file() and file.name not in _OF_THE_RUN:
                shutil.copy2(file, config.output / file.name)


def _card(config: AdversarialConfig, summary: AdversarialSummary, files: tuple[DataFile, ...]) -> ModelCard:
    card = ModelCard(
        title=config.output.name,
        summary=f"{config.model}, trained in turns with a discriminator on the best of its own answers.",
        base=config.model,
        data=files,
        config=identity(config),
    )
    return with_rounds(card, summary.rounds, summary.lines()[0])


STAGE: Final = Stage(
    AdversarialConfig,
    adversarial,
    plan=plan,
    shortcuts={"schedule.steps": "steps"},
    needs=("trl", "datasets", "matplotlib", "sklearn", "scipy"),
)
