"""`riff likeness`: for two texts a line, how surely people would say that they say the same."""

import sys
from typing import Annotated, Any

import typer

from bot.cli.json_lines import answer_lines, text
from bot.cli.shared import EXPECTED, Failure, operator_sentence, settings


def likeness(
    as_json: Annotated[
        bool, typer.Option("--json", help='Read JSON lines {"id", "a", "b"} and print JSON lines, in order.')
    ] = False,
) -> None:
    """Say of each two texts on standard input how alike they are, 0 to 1, and whether they say the same.

    A bad line is named on standard error, the others are answered, and the exit status is 1.
    """
    from genai.likeness.measure import likeness as load

    if not as_json:
        raise Failure("likeness reads and writes JSON lines; give --json.")
    try:
        measure = load(settings().reranking.similarity_model)
    except EXPECTED as error:
        raise Failure(operator_sentence(error)) from error

    def answer(entry: dict[str, Any]) -> dict[str, Any]:
        alike = float(measure.pairwise([text(entry, "a")], [text(entry, "b")])[0, 0])
        return {"likeness": round(alike, 4), "same": alike >= measure.thresholds.alike}

    if answer_lines(sys.stdin.buffer, answer, sys.stdout, sys.stderr):
        raise typer.Exit(1)
