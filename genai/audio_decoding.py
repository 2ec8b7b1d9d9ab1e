"""Decodes recordings by PyAV, which brings FFmpeg's libraries with it (the extra `speech`). Runs in the sandbox."""

import io
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Samples a second that speech models are made for."""

Fault = Literal["no decoder", "too long", "no sound"]


class NotDecoded(Exception):
    """There are no samples."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def decode(recording: bytes, most_seconds: str) -> bytes:
    """A line with the fault, empty where there is none, and the samples' bytes after it."""
    try:
        return b"\n" + decoded(recording, int(most_seconds)).tobytes()
    except NotDecoded as error:
        return f"{error.fault}\n".encode()


def decoded(recording: bytes, most_seconds: int) -> NDArray[np.float32]:
    """The sound as samples of shape (time,), one channel at RATE, between -1 and 1. Raises NotDecoded."""
    try:
        import av  # an extra: who has no speech model needs no decoder
    except ImportError:
        raise NotDecoded("no decoder") from None
    pieces: list[NDArray[np.float32]] = []
    try:
        with av.open(io.BytesIO(recording), mode="r") as container:
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            for frame in chain(container.decode(audio=0), (None,)):  # None: what the resampler still holds
                resampled = resampler.resample(frame)
                pieces += [one.to_ndarray().reshape(-1).astype(np.float32) for one in resampled]
                if sum(map(len, pieces)) > most_seconds * RATE:
                    raise NotDecoded("too long")
    except (av.FFmpegError, IndexError, ValueError):
        raise NotDecoded("no sound") from None
    if not pieces:
        raise NotDecoded("no sound")
    return np.concatenate(pieces)
