"""`riff eval`: measure models, moderation and ideas."""

import typer

from bot.cli.evaluate import ideas, models, moderation, reading

app = typer.Typer(help="Measure models, moderation and ideas.", no_args_is_help=True)
app.command("models")(models.models)
app.command("moderation")(moderation.moderation)
app.command("ideas")(ideas.ideas)
app.add_typer(reading.app, name="reading")
