"""`/help`: what Riff can do."""

from bot.commands.base import Answer, Call, Command
from bot.errors import CommandError


async def _help(call: Call) -> Answer:
    from bot.commands.registry import all_commands  # the registry imports this file

    name = call.words.lstrip("/").lower()
    if name and name not in all_commands():
        raise CommandError("There is no such command. Type /help to see them all.")
    if name:
        command = all_commands()[name]
        return f"/{name}: {command.summary}\nUsage: {command.usage}\nExample: {command.example}"
    lines = [
        f"/{command.name}: {command.summary}. Example: {command.example}"
        for command in all_commands().values()
    ]
    return "\n".join(["Ask me anything in your own words, or use a command:", *lines])


COMMAND = Command("help", "what I can do", "/help [COMMAND]", "/help brainstorm", _help, private=True)
