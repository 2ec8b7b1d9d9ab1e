"""Slack as a chat platform: Socket Mode or signed HTTP, through the durable inbox."""

from adapters.slack.adapter import SlackAdapter

__all__ = ["SlackAdapter"]
