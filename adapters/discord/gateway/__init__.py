"""Connections to Discord: the gateway in, the REST API out, and their rate limits."""
