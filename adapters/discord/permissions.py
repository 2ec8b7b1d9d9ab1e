"""What Riff may not do in a channel, in words."""

import discord

from adapters.discord.event import Event

_NEEDED = (
    ("view_channel", "View Channel"),
    ("send_messages", "Send Messages"),
    ("send_messages_in_threads", "Send Messages in Threads"),
    ("create_public_threads", "Create Public Threads"),
    ("read_message_history", "Read Message History"),
    ("attach_files", "Attach Files"),
)


def missing_sentence(client: discord.Client, event: Event) -> str:
    """What keeps Riff from answering where it was asked, for the person who asked."""
    channel = client.get_channel(int(event.channel))
    where = (
        f"#{channel.name}"
        if isinstance(channel, discord.TextChannel | discord.ForumChannel | discord.Thread)
        else "there"
    )
    if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        allowed = channel.permissions_for(channel.guild.me)
        missing = [name for key, name in _NEEDED if not getattr(allowed, key)]
        if missing:
            return (
                f"I can't answer you in {where}: I am missing {', '.join(missing)}. An admin can grant that."
            )
    return f"I can't answer you in {where}: a permission is missing. An admin can grant it."
