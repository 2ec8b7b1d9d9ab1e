"""What exists on the local Discord: servers, channels, people, messages, in the form of Discord's own objects."""

import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

EPOCH_MS = 1_420_070_400_000
TEXT, DM, FORUM, PUBLIC_THREAD, PRIVATE_THREAD, ANNOUNCEMENT = 0, 1, 15, 11, 12, 5
THREADS = (10, PUBLIC_THREAD, PRIVATE_THREAD)

PERMISSIONS = {
    "manage_guild": 1 << 5,
    "add_reactions": 1 << 6,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "manage_messages": 1 << 13,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "use_application_commands": 1 << 31,
    "create_public_threads": 1 << 35,
    "send_messages_in_threads": 1 << 38,
    "pin_messages": 1 << 51,
}
"""https://docs.discord.com/developers/topics/permissions"""

EVERYTHING = sum(PERMISSIONS.values()) & ~PERMISSIONS["manage_guild"]

_counter = itertools.count(1)


def snowflake(at: float | None = None) -> int:
    """A new id; its upper bits are the time of its making, as Discord's are."""
    moment = time.time() if at is None else at
    return ((int(moment * 1000) - EPOCH_MS) << 22) | (next(_counter) & 0x3FFFFF)


def timestamp() -> str:
    """Now, as Discord writes it."""
    return datetime.now(UTC).isoformat()


@dataclass
class World:
    """The objects by id. `denied` are the bot's missing permissions by channel, `admins` people by guild."""

    shards: int = 1
    users: dict[int, dict[str, Any]] = field(default_factory=dict)
    guilds: dict[int, dict[str, Any]] = field(default_factory=dict)
    channels: dict[int, dict[str, Any]] = field(default_factory=dict)
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    by_channel: dict[int, list[int]] = field(default_factory=dict)
    denied: dict[int, set[str]] = field(default_factory=dict)
    dms: dict[int, int] = field(default_factory=dict)
    closed_dms: set[int] = field(default_factory=set)
    admins: dict[int, set[int]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    nonces: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    edits: list[tuple[int, str]] = field(default_factory=list)
    bot: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bot = self.add_user("Riff", bot=True)

    def add_user(self, name: str, *, bot: bool = False) -> dict[str, Any]:
        """A new account."""
        user = {
            "id": str(snowflake()),
            "username": name,
            "global_name": name,
            "discriminator": "0",
            "avatar": None,
            "bot": bot,
        }
        self.users[int(user["id"])] = user
        return user

    def add_guild(self, name: str, *, shard: int = 0) -> dict[str, Any]:
        """A new server that falls to `shard`, with an @everyone role that lets the bot do everything it needs."""
        guild_id = snowflake()
        while (guild_id >> 22) % self.shards != shard:
            guild_id += 1 << 22
        guild = {
            "id": str(guild_id),
            "name": name,
            "owner_id": str(self.add_user(f"owner of {name}")["id"]),
            "roles": [
                _role(guild_id, "@everyone", EVERYTHING),
                _role(snowflake(), "Managers", EVERYTHING | PERMISSIONS["manage_guild"]),
            ],
            "emojis": [],
            "stickers": [],
            "features": [],
            "preferred_locale": "en-US",
            "member_count": 2,
        }
        self.guilds[guild_id] = guild
        self.admins[guild_id] = {int(guild["owner_id"])}
        return guild

    def add_channel(self, guild: dict[str, Any], name: str, kind: int = TEXT) -> dict[str, Any]:
        """A new text or forum channel."""
        return self._keep(
            {
                "id": str(snowflake()),
                "guild_id": guild["id"],
                "name": name,
                "type": kind,
                "position": len(self.channels),
                "permission_overwrites": [],
                "parent_id": None,
                "topic": None,
                "nsfw": False,
                "rate_limit_per_user": 0,
                "last_message_id": None,
                **({"available_tags": [], "flags": 0} if kind == FORUM else {}),
            }
        )

    def add_thread(
        self, parent: dict[str, Any], name: str, owner: str, thread_id: int | None = None
    ) -> dict[str, Any]:
        """A new thread under `parent`; one that starts at a message has that message's id."""
        return self._keep(
            {
                "id": str(thread_id or snowflake()),
                "guild_id": parent["guild_id"],
                "parent_id": parent["id"],
                "owner_id": owner,
                "name": name,
                "type": PUBLIC_THREAD,
                "last_message_id": None,
                "message_count": 0,
                "member_count": 1,
                "rate_limit_per_user": 0,
                "thread_metadata": {
                    "archived": False,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": timestamp(),
                    "locked": False,
                    "create_timestamp": timestamp(),
                },
            }
        )

    def dm_with(self, user_id: int) -> dict[str, Any]:
        """The direct channel between the bot and a person."""
        if user_id not in self.dms:
            channel = {
                "id": str(snowflake()),
                "type": DM,
                "last_message_id": None,
                "recipients": [self.users[user_id]],
                "flags": 0,
            }
            self._keep(channel)
            self.dms[user_id] = int(channel["id"])
        return self.channels[self.dms[user_id]]

    def add_message(self, channel: dict[str, Any], author: dict[str, Any], **rest: Any) -> dict[str, Any]:
        """A new message; `rest` replaces its empty fields."""
        message = {
            "id": str(snowflake()),
            "channel_id": channel["id"],
            "author": author,
            "content": "",
            "timestamp": timestamp(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "components": [],
            "pinned": False,
            "type": 0,
            "flags": 0,
            **rest,
        }
        self.messages[int(message["id"])] = message
        self.by_channel.setdefault(int(channel["id"]), []).append(int(message["id"]))
        channel["last_message_id"] = message["id"]
        return message

    def permissions(self, channel: dict[str, Any], user_id: int | None = None) -> int:
        """The bot's permissions in a channel, or a person's."""
        if user_id is not None:
            is_admin = user_id in self.admins.get(int(channel.get("guild_id", 0)), ())
            own = EVERYTHING & ~PERMISSIONS["manage_messages"]
            return EVERYTHING | PERMISSIONS["manage_guild"] if is_admin else own
        missing = self.denied.get(int(channel["id"]), set()) | self.denied.get(
            int(channel.get("parent_id") or 0), set()
        )
        return EVERYTHING & ~sum(PERMISSIONS[name] for name in missing)

    def shard_of(self, channel: dict[str, Any]) -> int:
        """The shard that a channel's events go to; direct messages go to shard 0."""
        return (int(channel["guild_id"]) >> 22) % self.shards if "guild_id" in channel else 0

    def guild_create(self, guild: dict[str, Any]) -> dict[str, Any]:
        """The server with all that GUILD_CREATE holds."""
        own = [channel for channel in self.channels.values() if channel.get("guild_id") == guild["id"]]
        return {
            **guild,
            "channels": [channel for channel in own if channel["type"] not in THREADS],
            "threads": [channel for channel in own if channel["type"] in THREADS],
            "members": [self.member(int(self.bot["id"]))],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "unavailable": False,
            "large": False,
            "joined_at": timestamp(),
        }

    def member(self, user_id: int, guild_id: int = 0) -> dict[str, Any]:
        """A member object of a person, in that server."""
        is_admin = user_id in self.admins.get(guild_id, ())
        managers = [self.guilds[guild_id]["roles"][1]["id"]] if is_admin else []
        return {
            "user": self.users[user_id],
            "nick": None,
            "roles": [*self.users[user_id].get("roles", []), *managers],
            "joined_at": timestamp(),
            "deaf": False,
            "mute": False,
            "flags": 0,
        }

    def _keep(self, channel: dict[str, Any]) -> dict[str, Any]:
        self.channels[int(channel["id"])] = channel
        return channel


def _role(role_id: int, name: str, permissions: int) -> dict[str, Any]:
    return {
        "id": str(role_id),
        "name": name,
        "permissions": str(permissions),
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
