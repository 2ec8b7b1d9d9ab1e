"""Settings of the pages that Riff serves to browsers."""

from ipaddress import ip_network
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator


class WebSettings(BaseModel):
    """Where pages are served, and how people come to them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)
    """0 for nowhere."""
    public_url: str = ""
    """The address as people open it; "" is host and port. Without either Riff posts no links."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose X-Forwarded-For is believed."""
    most_connections: int = Field(default=1024, ge=8, le=65_536)
    board_link_days: int = Field(default=30, ge=1, le=365)

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (
            parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment
        ):
            raise ValueError("must be an address such as https://riff.example.org")
        return url.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            ip_network(proxy)  # says itself what is wrong
        return proxies

    @property
    def address(self) -> str:
        """What links begin with, without a slash at the end; "" where there are no pages."""
        if self.public_url:
            return self.public_url
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}" if self.port else ""

    @property
    def path(self) -> str:
        """What the paths of all pages begin with, as browsers see them; "" for nothing."""
        return urlsplit(self.public_url).path

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by HTTPS."""
        return self.public_url.startswith("https://")
