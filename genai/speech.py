"""Speech to text: a model of transformers for "automatic-speech-recognition", such as Whisper or Wav2Vec2.

https://huggingface.co/docs/transformers/main_classes/pipelines#transformers.AutomaticSpeechRecognitionPipeline
Recordings are decoded in the sandbox; the model runs in a thread of this process.
"""

import asyncio
import logging
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from genai.audio_decoding import RATE, decode
from genai.sandbox import Limits, Stopped, run_apart

log = logging.getLogger("riff.speech")

_CHUNK_SECONDS = 30
_DECODING = Limits(memory_bytes=1 << 30, processor_seconds=20, wall_seconds=60.0)
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
                return await asyncio.to_thread(self._listen, await self._samples(recording))
        except TimeoutError:
            raise CannotListen("it took too long") from None

    async def _samples(self, recording: bytes) -> NDArray[np.float32]:
        limits = replace(_DECODING, output_bytes=(self._settings.max_seconds + 1) * RATE * 4)
        try:
            answer = await run_apart(decode, recording, str(self._settings.max_seconds), limits=limits)
        except Stopped as error:
            raise CannotListen(error.why) from None
        fault, _, samples = answer.partition(b"\n")
        match fault:
            case b"":
                return np.frombuffer(samples, np.float32)
            case b"too long":
                raise TooLong(f"over {self._settings.max_seconds} s")
            case b"no decoder":
                log.error("recordings need the extra: pip install 'riff[speech]'")
        raise CannotListen(fault.decode())

    def _listen(self, samples: NDArray[np.float32]) -> str:
        try:
            self._pipeline = self._pipeline or _load(self._settings.model)
            heard = self._pipeline({"raw": samples, "sampling_rate": RATE}, chunk_length_s=_CHUNK_SECONDS)
        except (OSError, ValueError, RuntimeError, ImportError) as error:
            log.error("the speech model %s cannot be used: %s", self._settings.model, error)
            raise CannotListen("the model is away") from error
        return str(heard["text"]).strip()


def _load(model: str) -> Any:
    from transformers import pipeline  # takes seconds

    return pipeline("automatic-speech-recognition", model=model)
