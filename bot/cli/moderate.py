"""`riff moderate`: the moderation chain over lines of text, and its thresholds calibrated on labelled ones."""

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.shared import Failure, parse_lines, run_async, settings
from bot.core.domain import Verdict
from bot.core.text_cleaning import neutralise_terminal

if TYPE_CHECKING:
    from genai.evaluation.threshold_calibration import Curve, Suggestion
    from genai.moderation import Moderator, Policy
    from genai.moderation.occlusion import Explanation


_EXAMPLE = '{"text": "…", "toxic": true}'


def calibrate(
    labelled: Annotated[
        Path, typer.Argument(help=f"JSON lines, like {_EXAMPLE}; `riff review export` writes them.")
    ],
    wanted_fpr: Annotated[
        float, typer.Option("--wanted-fpr", min=0.0, max=1.0, help="Most harmless texts to block, 0 to 1.")
    ] = 0.005,
    picture: Annotated[Path, typer.Option(help="Where the curve goes.")] = Path("calibration.png"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Draw precision against recall and suggest a block and a flag threshold for each category."""
    texts, toxic = read_labelled(labelled)
    curves, suggestions = _measured(texts, toxic, wanted_fpr)
    _draw(curves, suggestions, picture)
    if as_json:
        found = [asdict(suggestion) for suggestion in suggestions]
        typer.echo(json.dumps({"texts": len(texts), "picture": str(picture), "suggestions": found}))
        return
    typer.echo(f"{len(texts)} texts, {sum(toxic)} of them toxic; the curve is in {picture}.")
    for one in suggestions:
        typer.echo(
            f"{one.category}: blocking at {one.block:.3f} finds {one.recall:.1%} of the toxic texts and "
            f"{one.false_positive_rate:.2%} of the harmless ones."
        )
    typer.echo("\n[moderation.thresholds]")
    for one in suggestions:
        typer.echo(f"{one.category} = {{ flag = {one.flag:.4f}, block = {one.block:.4f} }}")


def read_labelled(path: Path) -> tuple[list[str], list[bool]]:
    """Texts and labels; raises Failure, which names the line and the cure."""
    from bot.cli.shared import read_file

    texts, labels = [], []
    for number, entry in enumerate(read_file(path, ("text",)), start=1):
        label = entry.get("toxic", entry.get("label"))
        if label not in (0, 1):
            raise Failure(f"{path}, entry {number}: toxic is neither true nor false; write {_EXAMPLE}.")
        texts.append(entry["text"])
        labels.append(bool(label))
    if all(labels) or not any(labels):
        raise Failure(
            f"{path}: both toxic and harmless texts are needed, {len(labels)} of one kind are there."
        )
    return texts, labels


def _measured(
    texts: list[str], toxic: list[bool], wanted_fpr: float
) -> "tuple[dict[str, Curve], list[Suggestion]]":
    from genai.evaluation.threshold_calibration import curve, suggest
    from genai.moderation import load

    loaded = settings()

    async def work() -> list[Any]:
        moderator = load(loaded.moderation)
        await moderator.start()
        try:
            return list(await moderator.check_many(texts))
        finally:
            await moderator.close()

    scores = [_toxicity(verdict) for verdict in run_async(work)]
    categories = sorted({name for row in scores for name in row})
    curves = {name: curve([row.get(name, 0.0) for row in scores], toxic) for name in categories}
    return curves, [suggest(name, points, wanted_fpr) for name, points in curves.items()]


def _toxicity(verdict: Any) -> dict[str, float]:
    return next((dict(stage.scores) for stage in verdict.stages if stage.stage == "toxicity"), {})


def _draw(curves: "dict[str, Curve]", suggestions: "list[Suggestion]", picture: Path) -> None:
    from genai.evaluation.threshold_calibration import draw

    try:
        draw(curves, suggestions, picture)
    except ImportError:
        raise Failure("the curve needs matplotlib; pip install 'riff[train]'.") from None
    except OSError as error:
        raise Failure(
            f"{picture}: cannot be written ({type(error).__name__}); choose another file."
        ) from None


_BATCH = 512

app = typer.Typer(
    help="Check the texts on standard input; `calibrate` suggests thresholds.", invoke_without_command=True
)
app.command("calibrate")(calibrate)


@app.callback()
def moderate(
    context: typer.Context,
    as_json: Annotated[
        bool, typer.Option("--json", help='Read JSON lines {"id", "text"} and print JSON lines, in order.')
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show each stage's decision, and the words that counted.")
    ] = False,
    scope: Annotated[
        str, typer.Option(help="Judge as in this place: platform:workspace or platform:workspace:channel.")
    ] = "",
) -> None:
    """Check the texts on standard input: one plain text a line, or JSON lines with --json."""
    if context.invoked_subcommand is not None:
        return
    from genai.moderation import load

    loaded = settings()
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    entries = parse_lines(sys.stdin, "standard input", ("id", "text")) if as_json else _plain(sys.stdin)

    async def work() -> None:
        policy = await _policy(scope) if scope else None
        moderator = load(loaded.moderation)
        await moderator.start()
        try:
            while batch := await asyncio.to_thread(_take, entries):
                verdicts = await moderator.check_many([entry["text"] for entry in batch], policy=policy)
                for entry, verdict in zip(batch, verdicts, strict=True):
                    words = await _counted(moderator, entry["text"], verdict, policy) if explain else None
                    line = _json_line(entry, verdict, explain, words) if as_json else None
                    typer.echo(line or _text_line(verdict, explain, words))
        finally:
            await moderator.close()

    run_async(work)


async def _policy(scope: str) -> "Policy":
    from bot.places.moderation_policy import Policies, parse_scope
    from storage.database import Database
    from storage.repositories import Repositories

    loaded = settings()
    database = Database(loaded.storage)
    try:
        await database.start()
        return await Policies(loaded.moderation, Repositories(database).scopes).of(parse_scope(scope))
    finally:
        await database.close()


def _plain(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    yield from ({"id": number, "text": line.rstrip("\n")} for number, line in enumerate(lines, start=1))


def _take(entries: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(islice(entries, _BATCH))


async def _counted(
    moderator: "Moderator", text: str, verdict: Verdict, policy: "Policy | None"
) -> "Explanation | None":
    from genai.moderation.occlusion import explain

    return await explain(text, verdict, lambda texts: moderator.check_many(texts, policy=policy))


def _json_line(
    entry: dict[str, Any], verdict: Verdict, explain: bool, words: "Explanation | None" = None
) -> str:
    line = {
        "id": entry["id"],
        "action": verdict.action.value,
        "category": verdict.category,
        "score": verdict.score,
        "scores": dict(verdict.scores),
        "redacted_text": verdict.redacted_text,
    }
    if explain:
        line |= {"threshold": verdict.threshold, "stages": [_stage(stage) for stage in verdict.stages]}
        line |= {"counted": asdict(words) if words else None}
    return json.dumps(line)


def _stage(stage: Any) -> dict[str, Any]:
    return {
        "stage": stage.stage,
        "action": stage.action.value,
        "category": stage.category,
        "score": stage.score,
        "threshold": stage.threshold,
        "classifier": stage.classifier,
        "version": stage.version,
        "scores": dict(stage.scores),
        "redactions": [
            {"start": part.start, "end": part.end, "entity": part.entity} for part in stage.redactions
        ],
    }


def _text_line(verdict: Verdict, explain: bool, words: "Explanation | None" = None) -> str:
    shown = verdict.redacted_text or "(blocked)"
    line = f"{verdict.action.value:7} {verdict.category or '-':16} {verdict.score:.3f}  {shown}"
    if not explain:
        return line
    counted = [f"    {counted_line(words)}"] if words else []
    return "\n".join([line, *(_explained(stage) for stage in verdict.stages), *counted])


def counted_line(words: "Explanation") -> str:
    """The words that counted, for a terminal."""
    if not words.words:
        return f"words            no single word decided about {words.category}"
    sign = "-" if words.by == "without" else ""
    said = ", ".join(f"{neutralise_terminal(one.word)} {sign}{one.weight:.3f}" for one in words.words)
    return f"words            score {'without' if words.by == 'without' else 'of'} each: {said}"


def _explained(stage: Any) -> str:
    found = f"{stage.category or '-':20} score {stage.score:.3f}  threshold {stage.threshold:.3f}"
    redacted = f"  redacts {', '.join(part.entity for part in stage.redactions)}" if stage.redactions else ""
    return f"    {stage.stage:16} {stage.action.value:7} {found}  {stage.version}{redacted}"
