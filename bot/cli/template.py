"""`riff template`: a workspace's prompt templates."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.places import scope_of, with_keeper
from bot.cli.shared import Failure

if TYPE_CHECKING:
    from bot.generation.applications.templates import Template

app = typer.Typer(
    help="Commands that a workspace adds without code: prompts with fields.", no_args_is_help=True
)
Workspace = Annotated[str, typer.Option("--scope", help="The workspace: platform:workspace.")]
Name = Annotated[str, typer.Argument(help="The template's name.")]
_CONSOLE = "console:local"


@app.command("list")
def list_templates(scope: Workspace = _CONSOLE) -> None:
    """Every template of a workspace, with an example."""
    from bot.generation.applications.templates import template_from

    place = scope_of(scope)
    for one in map(template_from, with_keeper(lambda keeper: keeper.repositories.templates.of(place))):
        typer.echo(f"/use {one.name}: {one.summary}. Example: {one.shown_example}")


@app.command()
def gallery() -> None:
    """The ready templates, each with an example."""
    from bot.generation.applications.gallery import gallery as ready_templates

    for one in ready_templates():
        typer.echo(f"{one.name}: {one.summary}. Example: {one.shown_example}")


@app.command()
def take(name: Name, scope: Workspace = _CONSOLE) -> None:
    """Add a ready template, in English, where there is none of its name yet."""
    from bot.core.errors import CommandError
    from bot.generation.applications.gallery import ready_template
    from bot.generation.applications.moderated_saving import keep_template

    place = scope_of(scope)
    try:
        template = ready_template(name)
    except CommandError as error:
        raise Failure(
            "there is no ready template of that name; `riff template gallery` shows all."
        ) from error
    if with_keeper(lambda keeper: keeper.repositories.templates.get(place, template.name)):
        raise Failure(f"there is a template {template.name} in {scope} already; it stays as it is.")
    with_keeper(
        lambda keeper: keep_template(keeper.repositories.templates, keeper.moderator, place, template)
    )
    typer.echo(f"added /use {template.name} to {scope}. Example: {template.shown_example}")


@app.command()
def show(name: Name, scope: Workspace = _CONSOLE) -> None:
    """One template, as one JSON object."""
    place = scope_of(scope)
    found = with_keeper(lambda keeper: keeper.repositories.templates.get(place, name))
    if found is None:
        raise Failure(
            f"there is no template {name} in {scope}; `riff template list --scope {scope}` shows all."
        )
    typer.echo(json.dumps(found, indent=2, ensure_ascii=False))


@app.command()
def add(
    file: Annotated[str, typer.Argument(help="A TOML file; - reads standard input.")],
    scope: Workspace = _CONSOLE,
) -> None:
    """Add a template, or put it in the place of the one of that name; moderated before it is kept."""
    from bot.generation.applications.moderated_saving import keep_template

    place, template = scope_of(scope), _template_in(file)
    with_keeper(
        lambda keeper: keep_template(keeper.repositories.templates, keeper.moderator, place, template)
    )
    typer.echo(f"added /use {template.name} to {scope}. Example: {template.shown_example}")


@app.command()
def remove(name: Name, scope: Workspace = _CONSOLE) -> None:
    """Remove a template."""
    place = scope_of(scope)
    if not with_keeper(lambda keeper: keeper.repositories.templates.remove(place, name)):
        raise Failure(f"there is no template {name} in {scope}.")
    typer.echo(f"removed /{name} from {scope}")


def _template_in(file: str) -> "Template":
    from bot.core.errors import CommandError
    from bot.generation.applications.templates import template_from_toml

    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        return template_from_toml(text)
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Failure(f"{file} is not UTF-8 text.") from error
    except CommandError as error:
        raise Failure(error.say) from error
