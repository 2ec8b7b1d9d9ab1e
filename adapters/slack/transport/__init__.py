"""Connections to Slack: Socket Mode or HTTP in, the Web API out, and the tokens for both."""
