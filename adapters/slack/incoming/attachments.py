"""Slack's description of a file. https://docs.slack.dev/reference/objects/file-object"""

from collections.abc import Mapping
from typing import Any

from adapters.common.attachments import File, Source

_HOSTS = ("slack.com", "slack-files.com", "slack-gov.com")


def source(token: str, api_url: str) -> Source:
    """Slack's hosts; its token goes nowhere else."""
    return Source("Slack", _HOSTS, api_url, {"Authorization": f"Bearer {token}"})


def file_of(described: Mapping[str, Any]) -> File:
    """A file out of an event."""
    return File(
        str(described.get("name") or ""),
        str(described.get("url_private_download") or described.get("url_private") or ""),
        int(described.get("size") or 0),
        str(described.get("mimetype") or ""),
    )
