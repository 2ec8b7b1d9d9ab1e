"""Reading what strangers send in a process with limits, as adapters use it."""

from genai.sandbox import Limits, Stopped, run_apart

__all__ = ["Limits", "Stopped", "run_apart"]
