"""What Riff may not do in a channel, in words."""

import discord

from adapters.discord.incoming.event import Event
from bot.language import N_, _, listed

_NEEDED = (
    ("view_channel", N_("View Channel")),
    ("send_messages", N_("Send Messages")),
    ("send_messages_in_threads", N_("Send Messages in Threads")),
    ("create_public_threads", N_("Create Public Threads")),
    ("read_message_history", N_("Read Message History")),
    ("attach_files", N_("Attach Files")),
)


def missing_sentence(client: discord.Client, event: Event) -> str:
    """What keeps Riff from answering where it was asked, for the person who asked."""
    channel = client.get_channel(int(event.channel))
    where = (
        f"#{channel.name}"
        if isinstance(channel, discord.TextChannel | discord.ForumChannel | discord.Thread)
        else _("this channel")
    )
    if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        allowed = channel.permissions_for(channel.guild.me)
        missing = [_(name) for key, name in _NEEDED if not getattr(allowed, key)]
        if missing:
            return _(
                "I can't answer you in {channel}: I am missing {permissions}. An admin can grant that.",
                channel=where,
                permissions=listed(missing),
            )
    return _(
        "I can't answer you in {channel}: a permission is missing. An admin can grant it.", channel=where
    )
