"""Whether Slack takes the tokens: of which kind they are, what they may do, whether Socket Mode opens with them.

https://docs.slack.dev/authentication/tokens and https://docs.slack.dev/reference/methods/apps.connections.open
"""

from typing import TYPE_CHECKING

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.transport.api import code_of
from adapters.slack.transport.install_flow import SCOPES
from bot.core.errors import ConfigError

if TYPE_CHECKING:
    from bot.config.settings import SlackSettings

_SECONDS = 15
_NEEDED = frozenset({"app_mentions:read", "chat:write", "commands"})
"""Without these nobody is answered; without another one thing or the other is missing (docs/slack.md)."""
_BOT, _APP = "xoxb-", "xapp-"
_KINDS = {
    _BOT: "a bot token",
    _APP: "an app-level token",
    "xoxp-": "a user token",
    "xoxe": "a configuration token",
}
_BOT_PAGE = "OAuth & Permissions, Bot User OAuth Token"
_APP_PAGE = "Basic Information, App-Level Tokens, with connections:write"
UNREACHABLE = (aiohttp.ClientError, TimeoutError, OSError)


async def check_bot_token(settings: "SlackSettings", token: str) -> tuple[str, str]:
    """Who the token is, as a sentence, and what to do about scopes that are missing, "" for none.

    Raises ConfigError for a token that is of no use, and what UNREACHABLE names.
    """
    _need_kind("SLACK_BOT_TOKEN", token, _BOT, _BOT_PAGE)
    client = AsyncWebClient(token, base_url=settings.api_url, timeout=_SECONDS)
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        raise ConfigError(
            f"Slack refuses SLACK_BOT_TOKEN ({code_of(error)}); copy it anew ({_BOT_PAGE})."
        ) from None
    granted = _scopes_in({str(name).lower(): str(value) for name, value in dict(answer.headers).items()})
    missing = [scope for scope in SCOPES if scope not in granted] if granted else []
    told = f"@{answer.get('user')} can log in on {answer.get('team')}."
    if not missing:
        return told, ""
    cure = (
        f"Scopes are missing: {', '.join(missing)}. Paste deploy/slack-manifest.yaml under App Manifest, then"
        " Reinstall to Workspace."
    )
    if _NEEDED.intersection(missing):
        raise ConfigError(f"{told} {cure}")
    return told, cure


async def check_app_token(settings: "SlackSettings", token: str) -> None:
    """Raises ConfigError for a token that opens no Socket Mode, and what UNREACHABLE names."""
    _need_kind("SLACK_APP_TOKEN", token, _APP, _APP_PAGE)
    client = AsyncWebClient(base_url=settings.api_url, timeout=_SECONDS)
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        raise app_token_refused(error) from None


def check_signing_secret(secret: str) -> None:
    """Raises ConfigError for another secret of the app."""
    if kind := next((said for prefix, said in _KINDS.items() if secret.startswith(prefix)), ""):
        raise ConfigError(
            f"SLACK_SIGNING_SECRET is {kind}; copy the secret (Basic Information, App Credentials)."
        )


def app_token_refused(error: SlackApiError) -> ConfigError:
    """What to do where Slack opens no connection."""
    return ConfigError(
        f"Slack opens no Socket Mode with SLACK_APP_TOKEN ({code_of(error)}); make one anew ({_APP_PAGE}), and switch"
        " Socket Mode on."
    )


def _need_kind(name: str, token: str, start: str, page: str) -> None:
    if token.startswith(start):
        return
    kind = next((said for prefix, said in _KINDS.items() if token.startswith(prefix)), "no token of Slack's")
    raise ConfigError(f"{name} is {kind}, and must begin with {start} ({page}).")


def _scopes_in(headers: dict[str, str]) -> frozenset[str]:
    """What Slack says that the token may do; nothing where it does not say."""
    return frozenset(scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",") if scope.strip())
