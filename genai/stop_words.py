"""English words that tell nothing: scikit-learn's list, read without importing scikit-learn, which takes long."""

import runpy
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_LIST = Path("feature_extraction", "_stop_words.py")


@cache
def stop_words() -> frozenset[str]:
    """All of them, in small letters."""
    package = find_spec("sklearn")
    assert package is not None  # noqa: S101 - a dependency of Riff
    assert package.submodule_search_locations  # noqa: S101 - it is a package
    found: frozenset[str] = runpy.run_path(str(Path(package.submodule_search_locations[0]) / _LIST))[
        "ENGLISH_STOP_WORDS"
    ]
    return found
