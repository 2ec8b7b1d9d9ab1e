"""What this machine can run: processor cores, memory, graphics memory."""

import os
import shutil
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Machine:
    """Bytes that are free; `gpu` names the CUDA device, "" without one that PyTorch can use."""

    cores: int
    free_memory: int
    gpu: str = ""
    free_gpu_memory: int = 0
    unused_gpu: str = ""
    """A GPU that is there, while the PyTorch that is installed cannot use it."""

    @property
    def free_for_models(self) -> int:
        """Where a model would be computed."""
        return self.free_gpu_memory if self.gpu else self.free_memory

    def told(self) -> str:
        """One line, for people."""
        gpu = f"{self.gpu} with {self.free_gpu_memory / 1e9:.1f} GB free" if self.gpu else "no GPU"
        if self.unused_gpu:
            gpu = f"{self.unused_gpu}, which this PyTorch cannot use (install the one for CUDA)"
        cores = "1 core" if self.cores == 1 else f"{self.cores} cores"
        return f"This machine: {cores}, {self.free_memory / 1e9:.1f} GB of memory free, {gpu}."


def look_at_machine() -> Machine:
    """Takes seconds, for it imports PyTorch."""
    import torch

    from genai.model.loading.memory_estimates import available_bytes

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = available_bytes(torch.device("cpu"))
    if not torch.cuda.is_available():
        return Machine(cores, memory, unused_gpu=_gpu_by_driver())
    count = torch.cuda.device_count()
    name = torch.cuda.get_device_name(0)
    many = f"{count} × {name}" if count > 1 else name
    return Machine(cores, memory, many, available_bytes(torch.device("cuda")))


def _gpu_by_driver() -> str:
    """What NVIDIA's own tool names, "" for nothing."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ""
    try:
        asked = [tool, "--query-gpu=name", "--format=csv,noheader"]
        told = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.stdout.strip().partition("\n")[0]
