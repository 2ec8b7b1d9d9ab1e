"""From Slack's payloads into the durable inbox."""
