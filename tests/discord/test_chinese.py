"""Somebody whose Discord is Chinese: all that Riff says and draws for them is Chinese, commands included."""

from typing import Any

from tests.discord.conftest import MakeRiff
from tests.support.chinese import foreign_words, texts_in
from tests.support.discord_server import DiscordServer, buttons

IDEAS = "1. **印章卡**：中午盖章。\n2. **借罐子**：把罐子借给邻居。\n3. **茶路**：边走边品。\n"
KEYS = frozenset({"content", "label", "title", "placeholder", "description"})


def odd(payload: Any) -> list[str]:
    """The texts in it that are not Chinese."""
    return [text for text in texts_in(payload, KEYS) if foreign_words(text)]


async def test_commands_are_described_in_chinese(discord: DiscordServer, make_riff: MakeRiff) -> None:
    discord.add_guild()
    await make_riff()
    described = [
        item.get("description_localizations", {}).get("zh-CN", item["description"])
        for command in discord.rest.commands[0]
        if command["type"] == 1
        for item in (command, *command["options"])
        if item["description"] != f"{command['name']} {item['name']}"
    ]
    assert len(described) > 50
    assert [text for text in described if foreign_words(text)] == []


async def test_every_word_is_chinese(discord: DiscordServer, make_riff: MakeRiff) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    person["locale"] = "zh-CN"
    await make_riff(IDEAS)
    asked = await discord.command(person, channel, "brainstorm", {"topic": "茶馆", "count": 3})
    await asked.until(lambda it: it.original and len(buttons(it.original)) > 1)
    assert odd(asked.shown) == []
    assert "换一批" in str(asked.original)
    for name, options, sub in (
        ("help", {}, None), ("help", {"command": "brainstorm"}, None), ("consent", {}, "on"), ("link", {}, "code"),
        ("forget", {}, "conversation"), ("link", {"code": "123"}, "code"),
    ):  # fmt: skip
        told = await discord.command(person, channel, name, options, sub=sub)
        await told.until(lambda it: it.shown)
        assert odd(told.shown) == [], name
    for name, sub in (("brainstorm", None), ("profile", "edit"), ("template", "add")):
        form = await discord.command(person, channel, name, {}, sub=sub)
        await form.until(lambda it: it.response)
        assert odd(form.response) == [], name
    for button in buttons(asked.original)[1:]:
        pressed = await discord.press(person, asked.original, button["custom_id"])
        await pressed.until(lambda it: it.response)
        assert odd([pressed.response, pressed.shown]) == [], button
