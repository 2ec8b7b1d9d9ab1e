"""`riff choose`: of the candidates on each line so many as are asked for, the best and most different ones first."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.json_lines import answer_lines, text, texts, whole_number
from bot.cli.shared import EXPECTED, Failure, operator_sentence, settings

if TYPE_CHECKING:
    from genai.reranking.reasons import Reason

_DIGITS = 4


def choose(
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help='Read JSON lines {"id", "topic", "candidates", "count"} and print JSON lines, in order.',
        ),
    ] = False,
) -> None:
    """Choose among the candidates for a topic as Riff chooses its ideas: about the topic, concrete, and different.

    Says for each line which places it chose, from 0, the first choice first, and why. A bad line is named on standard
    error, the others are answered, and the exit status is 1.
    """
    from genai.likeness.measure import likeness
    from genai.reranking.choosing import choose as chosen_of

    if not as_json:
        raise Failure("choose reads and writes JSON lines; give --json.")
    chosen_by = settings().reranking
    try:
        measure = likeness(chosen_by.similarity_model)
    except EXPECTED as error:
        raise Failure(operator_sentence(error)) from error

    def answer(entry: dict[str, Any]) -> dict[str, Any]:
        topic, candidates = text(entry, "topic"), texts(entry, "candidates")
        chosen = chosen_of(topic, candidates, whole_number(entry, "count"), chosen_by, measure)
        return {"chosen": [place for place, _why in chosen], "why": [_told(why) for _place, why in chosen]}

    if answer_lines(sys.stdin.buffer, answer, sys.stdout, sys.stderr):
        raise typer.Exit(1)


def _told(why: "Reason | None") -> dict[str, float | str]:
    """The numbers that decided, without those that nothing is known of here."""
    if why is None:
        return {"kind": "same words"}
    numbers = {
        "score": why.score,
        "relevance": why.relevance,
        "concreteness": why.concreteness,
        "form": why.form,
        "likeness": why.likeness,
    }
    told = {name: round(value, _DIGITS) for name, value in numbers.items() if value is not None}
    return {"kind": why.kind, **told}
