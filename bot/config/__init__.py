"""Settings: the shipped `config.toml`, then a file of one's own, then the environment."""

from bot.config.load import load_settings, shipped_file
from bot.config.settings import Settings

__all__ = ["Settings", "load_settings", "shipped_file"]
