"""`riff moderate calibrate`: thresholds for a wanted false-positive rate, out of labelled texts."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.shared import Failure, run_async, settings

if TYPE_CHECKING:
    from genai.evaluation.threshold_calibration import Curve, Suggestion

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
    from bot.cli.json_lines import read_file

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
