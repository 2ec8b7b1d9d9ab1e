"""Memory that loading took and freed."""

import ctypes
import os


def give_back() -> None:
    """Return it to the system; glibc keeps it otherwise, tens of megabytes."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)
