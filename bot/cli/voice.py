"""`riff voice`: the brand voices of workspaces and channels."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.places import Keeper, place_of, with_keeper
from bot.cli.shared import Failure

if TYPE_CHECKING:
    from bot.core.domain import Voice

app = typer.Typer(
    help="The brand voice of a workspace or channel, also learned from samples.", no_args_is_help=True
)
Where = Annotated[str, typer.Argument(help="platform:workspace or platform:workspace:channel.")]
_FIELDS = {
    "description": "brand_voice",
    "use": "use_words",
    "avoid": "avoid_words",
    "examples": "voice_examples",
}


@app.command()
def show(place: Where) -> None:
    """The voice of a place, as one JSON object."""
    where = place_of(place)
    _tell(with_keeper(lambda keeper: keeper.repositories.channels.voice(where)))


@app.command("set")
def set_field(
    place: Where,
    field: Annotated[str, typer.Argument(help="description, use, avoid or examples.")],
    values: Annotated[list[str], typer.Argument(help="The description, or words, or examples.")],
) -> None:
    """Set a part of the voice; moderated before it is kept."""
    from bot.generation.applications.moderated_saving import keep_voice

    if field not in _FIELDS:
        raise Failure(f"there is no field {field}; there are: {', '.join(_FIELDS)}.")
    where = place_of(place)
    value = " ".join(values) if field == "description" else tuple(values)
    changes = {_FIELDS[field]: value}
    _tell(
        with_keeper(lambda keeper: keep_voice(keeper.repositories.channels, keeper.moderator, where, changes))
    )


@app.command()
def clear(place: Where) -> None:
    """Clear the voice, and what waits for approval."""
    where = place_of(place)
    with_keeper(lambda keeper: keeper.repositories.channels.clear_voice(where))
    typer.echo(f"cleared the voice of {place}")


@app.command()
def learn(
    place: Where, file: Annotated[str, typer.Argument(help="Texts in the voice; - reads standard input.")]
) -> None:
    """Learn a voice from samples by counting; it is in use only after `riff voice approve`."""
    from bot.generation.applications.moderated_saving import propose_voice
    from bot.personalization.brand_voice import learned

    where, samples = place_of(place), _read(file)

    async def work(keeper: Keeper) -> "Voice":
        voice, _found = await learned(samples, None)
        await propose_voice(keeper.repositories.channels, keeper.moderator, where, voice)
        return voice

    _tell(with_keeper(work))
    typer.echo(f"not in use yet: riff voice approve {place}", err=True)


@app.command()
def approve(place: Where) -> None:
    """Take into use what was learned."""
    where = place_of(place)
    voice = with_keeper(lambda keeper: keeper.repositories.channels.approve_voice(where))
    if voice is None:
        raise Failure(f"nothing waits for approval in {place}; learn a voice first.")
    _tell(voice)


def _read(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{file} cannot be read as UTF-8 text.") from error


def _tell(voice: "Voice") -> None:
    typer.echo(json.dumps(asdict(voice), indent=2, ensure_ascii=False))
