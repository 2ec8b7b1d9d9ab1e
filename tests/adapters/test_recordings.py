"""Recordings become text by a speech model of transformers: here a tiny one with random weights."""

import io
import json
from pathlib import Path

import av
import numpy as np
import pytest
from transformers import (
    Wav2Vec2Config,
    Wav2Vec2CTCTokenizer,
    Wav2Vec2FeatureExtractor,
    Wav2Vec2ForCTC,
    Wav2Vec2Processor,
)

from adapters.common.attachments import AttachmentError, is_readable, read_text
from bot.core.domain import Listener
from genai.audio_decoding import decoded
from genai.speech import SpeechSettings

RATE = 48_000


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It hears the letter "a" in whatever it listens to."""
    folder = tmp_path_factory.mktemp("speech")
    letters = ["<pad>", "<s>", "</s>", "<unk>", "|", "a"]
    (folder / "vocab.json").write_text(json.dumps({letter: index for index, letter in enumerate(letters)}))
    config = Wav2Vec2Config(
        vocab_size=len(letters),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        conv_dim=(8, 8),
        conv_kernel=(10, 8),
        conv_stride=(5, 4),
        num_feat_extract_layers=2,
        num_conv_pos_embeddings=4,
        num_conv_pos_embedding_groups=2,
    )
    network = Wav2Vec2ForCTC(config)
    network.lm_head.bias.data[letters.index("a")] = 100.0
    network.save_pretrained(folder)
    tokenizer = Wav2Vec2CTCTokenizer(str(folder / "vocab.json"))
    Wav2Vec2Processor(Wav2Vec2FeatureExtractor(), tokenizer).save_pretrained(folder)
    return folder


def recording(seconds: float, kind: str = "ogg", codec: str = "libopus") -> bytes:
    """A tone, as a phone records it."""
    file = io.BytesIO()
    samples = (0.3 * np.sin(np.arange(int(RATE * seconds)) * 0.05)).astype(np.float32)
    with av.open(file, mode="w", format=kind) as container:
        stream = container.add_stream(codec, rate=RATE, layout="mono")
        fifo = av.AudioFifo()
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="flt", layout="mono")
        frame.sample_rate = RATE
        fifo.write(frame)
        size = stream.codec_context.frame_size or 960
        resampler = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=RATE)
        while (piece := fifo.read(size)) is not None:
            for ready in resampler.resample(piece):
                container.mux(stream.encode(ready))
        container.mux(stream.encode(None))
    return file.getvalue()


@pytest.mark.parametrize(("kind", "codec"), [("ogg", "libopus"), ("mp4", "aac"), ("wav", "pcm_s16le")])
def test_what_phones_record_is_decoded(kind: str, codec: str) -> None:
    samples = decoded(recording(1.0, kind, codec), 10)
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(16_000, rel=0.1)
    assert 0.2 < np.abs(samples).max() < 0.7


async def test_a_recording_becomes_what_is_said_in_it(model: Path) -> None:
    listener = Listener(SpeechSettings(model=str(model)))
    assert is_readable("clip.m4a", "audio/mp4", listener)
    heard = await read_text("clip.ogg", "audio/ogg", recording(1.0), listener)
    assert heard.text == "a"


async def test_what_cannot_be_heard_is_said_in_a_sentence(model: Path, tmp_path: Path) -> None:
    listener = Listener(SpeechSettings(model=str(model), max_seconds=1))
    away = Listener(SpeechSettings(model=str(tmp_path / "nothing")))
    off = Listener(SpeechSettings())
    assert not is_readable("clip.ogg", "audio/ogg", off)
    sound = recording(0.5)
    cases = [
        (listener, recording(2.5), "too long; I listen to at most 1 s"),
        (listener, b"no sound at all", "can't listen to that recording"),
        (away, sound, "can't listen to that recording"),
        (off, sound, "can't listen to recordings"),
    ]
    for who, content, told in cases:
        with pytest.raises(AttachmentError) as error:
            await read_text("clip.ogg", "audio/ogg", content, who)
        assert told in error.value.say
