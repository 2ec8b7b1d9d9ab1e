"""Whether Riff shall remember a wish is one person's business: only that person is asked."""

from typing import Any

from tests.discord.conftest import MakeRiff
from tests.support.discord_server import DiscordServer, text_of

EPHEMERAL = 1 << 6
QUESTION = "Shall I remember"


async def test_under_a_mention_it_is_asked_in_a_direct_message(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff()
    direct = discord.world.dm_with(int(person["id"]))
    for number in range(1, 4):
        await discord.say(person, channel, "/copy tea --length short", mention=True)
        await discord.until(lambda number=number: len(discord.said(channel)) >= number)

    await discord.until(lambda: any(QUESTION in text_of(each) for each in discord.said(direct)))
    assert not any(QUESTION in text_of(each) for each in discord.said(channel))


async def test_under_a_command_it_is_asked_where_only_the_person_sees_it(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff()
    asked = [
        await discord.command(person, channel, "copy", {"topic": "tea", "length": "short"}) for _ in range(3)
    ]

    def shown() -> list[dict[str, Any]]:
        return [each for it in asked for each in it.shown]

    await discord.until(lambda: any(QUESTION in text_of(each) for each in shown()))
    (question,) = [each for each in shown() if QUESTION in text_of(each)]
    assert question["flags"] & EPHEMERAL
    await discord.until(lambda: sum("Stamp card" in text_of(each) for each in shown()) == len(asked))
