"""A Slack of the tests' own: Web API, Socket Mode and signed HTTP over real sockets, with documented limits.

Written from Slack's public reference (https://docs.slack.dev/reference); whatever it does not know it refuses.
"""

from tests.support.slack_server.server import SlackServer
from tests.support.slack_server.state import APP_TOKEN, BOT, BOT_TOKEN, SIGNING_SECRET, TEAM

__all__ = ["APP_TOKEN", "BOT", "BOT_TOKEN", "SIGNING_SECRET", "TEAM", "SlackServer"]
