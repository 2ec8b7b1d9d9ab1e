"""`riff eval reading`: a blind sheet of ideas got in different ways, and what its readers say."""

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.evaluate.ideas import (
    DeadlineOption,
    LimitOption,
    ParallelOption,
    PromptOption,
    SeedOption,
    WayOption,
    collect_all,
)
from bot.cli.shared import Failure, run_async, settings
from bot.language import environment_tag, speaking

if TYPE_CHECKING:
    from bot.evaluation.kept_answers import Answered

FolderArgument = Annotated[Path, typer.Argument(help="The folder that `make` wrote.", file_okay=False)]


def make(
    way: WayOption,
    folder: Annotated[Path, typer.Option("--output", help="Folder of the sheet and its key.")],
    prompts: PromptOption = ["team"],  # noqa: B006 - typer copies it
    shown: Annotated[int, typer.Option(min=0, help="Ideas of each answer that are read; 0 is all.")] = 5,
    limit: LimitOption = 0,
    seed: SeedOption = 1,
    parallel: ParallelOption = 1,
    deadline: DeadlineOption = 600.0,
) -> None:
    """Make a sheet of two or more ways: sheet.html and sheet.jsonl for readers, key.json for nobody but yourself."""
    from bot.evaluation.asked_ways import parse_ways
    from bot.evaluation.collecting import Terms
    from bot.evaluation.prompt_sets import read_prompts

    if (folder / "key.json").exists():
        raise Failure(f"{folder} holds a sheet already; give another --output.")
    loaded = settings()

    async def work() -> int:
        ways = parse_ways(way, loaded.generator, loaded.reranking)
        if len(ways) < 2:
            raise Failure("a sheet needs two ways at least; give --way again.")
        asked = () if all(one.file for one in ways) else read_prompts(prompts, limit)
        collected = await collect_all(ways, asked, folder / "answers", Terms(seed, parallel, deadline))
        answers = {one.way.name: one.answers for one in collected}
        return await asyncio.to_thread(_write, answers, folder, shown, seed)

    typer.echo(f"{run_async(work)} pairs in {folder}: give readers sheet.html or sheet.jsonl, not key.json.")


def _write(answers: "dict[str, tuple[Answered, ...]]", folder: Path, shown: int, seed: int) -> int:
    """The three files; how many pairs there are."""
    from bot.evaluation.blind_reading.pairs import make_sheet, sheet_rows
    from bot.evaluation.blind_reading.sheet_page import fields, sheet_page, task
    from bot.evaluation.growing_files import append

    sheet = make_sheet(answers, shown, seed)
    folder.mkdir(parents=True, exist_ok=True)
    with speaking(environment_tag(os.environ)):
        (folder / "sheet.html").write_text(sheet_page(sheet), encoding="utf-8")
        rows = sheet_rows(sheet, f"{task()} {fields()}")
    (folder / "sheet.jsonl").unlink(missing_ok=True)
    for row in rows:
        append(folder / "sheet.jsonl", row)
    (folder / "key.json").write_text(json.dumps(sheet.key_json(), indent=2) + "\n", encoding="utf-8")
    return len(sheet.pairs)


def result(
    folder: FolderArgument,
    filled: Annotated[list[Path], typer.Argument(help="What readers filled in, one file each.")],
    examples: Annotated[int, typer.Option(min=0, help="Also print so many ideas word by word.")] = 0,
    seed: SeedOption = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say which way readers prefer, with a confidence interval, and how far they agree."""
    from bot.evaluation.blind_reading import result_page
    from bot.evaluation.blind_reading.filled import read_filled, read_key
    from bot.evaluation.blind_reading.sheet_result import result_of
    from bot.evaluation.errors import EvaluationError

    try:
        key = read_key(folder)
        judgements = read_filled(filled, key)
    except EvaluationError as error:
        raise Failure(error.say) from error
    found = result_of(judgements, key)
    if as_json:
        typer.echo(json.dumps(found.as_json()))
        return
    typer.echo(result_page.result_tables(found))
    if examples and (table := result_page.examples(judgements, key, examples, seed)):
        typer.echo(f"\n{table}")


app = typer.Typer(help="Have people compare ideas blindly.", no_args_is_help=True)
app.command("make")(make)
app.command("result")(result)
