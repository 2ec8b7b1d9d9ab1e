"""Speech to text: a model of transformers for "automatic-speech-recognition", such as Whisper or Wav2Vec2.

https://huggingface.co/docs/transformers/main_classes/pipelines#transformers.AutomaticSpeechRecognitionPipeline
Recordings are decoded by PyAV, which brings FFmpeg's libraries with it (the extra `speech`).
"""

import asyncio
import io
import logging
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

log = logging.getLogger("riff.speech")

_RATE = 16_000
"""Samples a second that speech models are made for."""
_CHUNK_SECONDS = 30
_WAIT_SECONDS = 180.0


class SpeechSettings(BaseModel):
    """Which model listens to recordings; "" for none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = ""
    max_seconds: int = Field(default=300, ge=1, le=3600)
    """The longest recording that is listened to."""


class CannotListen(Exception):
    """The recording cannot be made into text: the model or the decoder is away, or there is no sound in it."""


class TooLong(CannotListen):
    """The recording is longer than the settings allow."""


class Listener:
    """Listens to one recording at a time, in a thread; the model is loaded for the first one."""

    def __init__(self, settings: SpeechSettings) -> None:
        self._settings = settings
        self._busy = asyncio.Lock()
        self._pipeline: Any = None

    @property
    def is_on(self) -> bool:
        """Whether there is a model to listen with."""
        return bool(self._settings.model)

    @property
    def seconds(self) -> int:
        """The longest recording that is listened to."""
        return self._settings.max_seconds

    async def text_of(self, recording: bytes) -> str:
        """What is said in a recording of any usual format. Raises CannotListen."""
        try:
            async with asyncio.timeout(_WAIT_SECONDS), self._busy:
                return await asyncio.to_thread(self._listen, recording)
        except TimeoutError:
            raise CannotListen("it took too long") from None

    def _listen(self, recording: bytes) -> str:
        samples = decoded(recording, self._settings.max_seconds)
        try:
            self._pipeline = self._pipeline or _load(self._settings.model)
            heard = self._pipeline({"raw": samples, "sampling_rate": _RATE}, chunk_length_s=_CHUNK_SECONDS)
        except (OSError, ValueError, RuntimeError, ImportError) as error:
            log.error("the speech model %s cannot be used: %s", self._settings.model, error)
            raise CannotListen("the model is away") from error
        return str(heard["text"]).strip()


def decoded(recording: bytes, most_seconds: int) -> NDArray[np.float32]:
    """The sound as samples of shape (time,), one channel at 16 kHz, between -1 and 1. Raises CannotListen."""
    try:
        import av  # an extra: who has no speech model needs no decoder
    except ImportError as error:
        log.error("recordings need the extra: pip install 'riff[speech]'")
        raise CannotListen("no decoder") from error
    pieces: list[NDArray[np.float32]] = []
    try:
        with av.open(io.BytesIO(recording), mode="r") as container:
            resampler = av.AudioResampler(format="flt", layout="mono", rate=_RATE)
            for frame in chain(container.decode(audio=0), (None,)):  # None: what the resampler still holds
                resampled = resampler.resample(frame)
                pieces += [one.to_ndarray().reshape(-1).astype(np.float32) for one in resampled]
                if sum(map(len, pieces)) > most_seconds * _RATE:
                    raise TooLong(f"over {most_seconds} s")
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise CannotListen("no sound in it") from error
    if not pieces:
        raise CannotListen("no sound in it")
    return np.concatenate(pieces)


def _load(model: str) -> Any:
    from transformers import pipeline  # takes seconds

    return pipeline("automatic-speech-recognition", model=model)
