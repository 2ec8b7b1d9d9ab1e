"""Riff's Helm chart rendered as `helm template` would, by a pure-Python port of Go's templates and Helm's functions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from gotpl.exts.helm import HelmTemplateEngine

CHART = Path(__file__).parents[2] / "deploy" / "helm" / "riff"


def rendered(values: Mapping[str, Any] | None = None, *, release: str = "riff") -> list[dict[str, Any]]:
    """The chart's resources for a release; `values` are laid over values.yaml as `--values` would."""
    about = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    context = {
        "Values": _merged(yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8")), values or {}),
        "Release": {"Name": release, "Namespace": "default", "Service": "Helm"},
        "Chart": {"Name": about["name"], "Version": about["version"], "AppVersion": about["appVersion"]},
    }
    sources = {
        file.name: file.read_text(encoding="utf-8") for file in sorted((CHART / "templates").iterdir())
    }
    texts = HelmTemplateEngine(sources).render(
        {name: context for name in sources if not name.startswith("_")}
    )
    texts.pop("NOTES.txt")
    return [one for text in texts.values() for one in yaml.safe_load_all(text) if one]


def of_kind(resources: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The one resource of a kind."""
    (found,) = (one for one in resources if one["kind"] == kind)
    return found


def _merged(base: Any, over: Any) -> Any:
    if isinstance(base, dict) and isinstance(over, Mapping):
        keys = (*base, *(key for key in over if key not in base))
        return {key: _merged(base.get(key), over[key]) if key in over else base[key] for key in keys}
    return over
