"""Which of several processes this one is, by the environment that `accelerate launch` sets."""

import os


def process_count() -> int:
    """How many processes train together; 1 without a launcher."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_main() -> bool:
    """Whether this process is the one that writes files and speaks to people."""
    return int(os.environ.get("RANK", "0")) == 0
