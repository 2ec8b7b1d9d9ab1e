"""The workspaces that installed Riff by Slack's OAuth, in the SDK's SQLAlchemy store."""

from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import select, text

from adapters.slack.transport.installations import Installed
from adapters.slack.transport.token_store import EncryptedStore, Rotation
from bot.core.errors import ConfigError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bot.config.settings import SlackSettings


class ManyInstalls:
    """The workspaces that installed Riff, as far as the settings still allow them."""

    def __init__(self, store: EncryptedStore, rotation: Rotation, settings: "SlackSettings") -> None:
        self._store = store
        self._rotation = rotation
        self._settings = settings

    async def find(self, team: str, enterprise: str) -> Installed | None:
        """That of the workspace, else that of its whole organisation."""
        if not self._settings.allows(team, enterprise):
            return None
        for by_team in (True, False):
            bot = await self._store.async_find_bot(
                enterprise_id=enterprise or None,
                team_id=team or None if by_team else None,
                is_enterprise_install=not by_team,
            )
            if bot is not None:
                bot = await self._rotation.fresh(bot)
                return Installed(bot.bot_token, bot.bot_user_id, bot.bot_id, team, enterprise)
            if not enterprise:
                break
        return None

    async def team_in(self, enterprise: str) -> str:
        """The one that installed Riff last."""
        bots = self._store.bots.c
        query = (
            select(bots.team_id).where(bots.enterprise_id == enterprise).order_by(bots.installed_at.desc())
        )
        async with self._store.engine.begin() as connection:
            return str(await connection.scalar(query.limit(1)) or "")

    async def count(self) -> tuple[int, str]:
        """Those that the settings still allow, and the token of the first that has one."""
        bots = self._store.bots.c
        query = select(bots.team_id, bots.enterprise_id).distinct()
        async with self._store.engine.begin() as connection:
            found = [(row.team_id or "", row.enterprise_id or "") for row in await connection.execute(query)]
        allowed = [one for one in found if self._settings.allows(*one)]
        first = await self.find(*allowed[0]) if allowed else None
        return len(allowed), first.token if first else ""

    async def forget(self, team: str, enterprise: str) -> None:
        """Remove what is kept of the workspace's installation."""
        await self._store.async_delete_all(enterprise_id=enterprise or None, team_id=team or None)


async def open_store(settings: "SlackSettings", engine: "AsyncEngine") -> EncryptedStore:
    """The store, its tables made; raises ConfigError when the key is missing or is none."""
    secret = settings.encryption_key.get_secret_value() if settings.encryption_key else ""
    try:
        keys = MultiFernet([Fernet(key.strip()) for key in secret.split(",")])
    except ValueError:
        raise ConfigError(
            "SLACK_ENCRYPTION_KEY must hold a Fernet key: python -c 'from cryptography.fernet import Fernet;"
            " print(Fernet.generate_key().decode())'"
        ) from None
    store = EncryptedStore(settings.client_id, engine.execution_options(riff_writes=True), keys)
    async with store.engine.begin() as connection:
        await connection.run_sync(store.metadata.create_all)
        await connection.execute(
            text("DROP TABLE IF EXISTS slack_oauth_states")
        )  # of versions that kept them
    return store
