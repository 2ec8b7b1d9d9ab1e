"""Which of several processes this one is, by the environment that `accelerate launch` sets."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accelerate import PartialState


def process_count() -> int:
    """How many processes train together; 1 without a launcher."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_main() -> bool:
    """Whether this process is the one that writes files and speaks to people."""
    return int(os.environ.get("RANK", "0")) == 0


def joined(device: str) -> "PartialState":
    """The processes of this launch, connected; `device` as in `Schedule`.

    Accelerate has to be told that they compute on the CPU: without a GPU it takes each for one alone.
    """
    import torch
    from accelerate import PartialState

    return PartialState(cpu=process_count() > 1 and (device == "cpu" or not torch.cuda.is_available()))


def leave_together() -> None:
    """Wait for the other processes and end the connections between them, lest one finds another gone."""
    import torch.distributed as distributed

    if process_count() > 1 and distributed.is_available() and distributed.is_initialized():
        distributed.barrier()
        distributed.destroy_process_group()
