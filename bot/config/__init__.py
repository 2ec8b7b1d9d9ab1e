"""Settings: the shipped `config.toml`, then a file of one's own, then the environment."""

from bot.config.settings import Settings
from bot.config.sources import load_settings, shipped_file

__all__ = ["Settings", "load_settings", "shipped_file"]
