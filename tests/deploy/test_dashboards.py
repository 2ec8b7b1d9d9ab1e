"""Dashboards and alerts: they ask for numbers that Riff exports, by labels that these have."""

import importlib
import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

FOLDER = Path(__file__).parents[2] / "deploy" / "observability"
METERS = (
    "bot.watching.meters",
    "genai.generation_meters",
    "genai.moderation.moderation_meters",
    "storage.sql_meters",
)
DASHBOARDS = sorted((FOLDER / "grafana" / "dashboards").glob("*.json"))
_SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
_OTHERS = {"process_resident_memory_bytes", "process_open_fds", "up"}
"""Of prometheus-client and of Prometheus itself."""


def exported() -> dict[str, set[str]]:
    """Riff's series, by name, with their labels."""
    for module in METERS:
        importlib.import_module(module)
    found: dict[str, set[str]] = {}
    for collector in {*REGISTRY._names_to_collectors.values()}:
        for metric in collector.collect() if hasattr(collector, "_labelnames") else ():
            for suffix in _SUFFIXES[metric.type]:
                labels = {*collector._labelnames, *(["le"] if suffix == "_bucket" else [])}
                found[metric.name + suffix] = labels
    return found


def queries() -> list[str]:
    panels = [panel for file in DASHBOARDS for panel in json.loads(file.read_text())["panels"]]
    alerts = yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"][0]["rules"]
    return [
        *(target["expr"] for panel in panels for target in panel.get("targets", [])),
        *(alert["expr"] for alert in alerts),
    ]


def test_both_dashboards_and_the_alerts_ask_for_numbers_that_there_are() -> None:
    there = exported()
    asked = [
        name
        for query in queries()
        for name in re.findall(r"\b((?:riff|process)_\w+|up)\b(?=[\[{) >]|$)", query)
    ]

    assert len(DASHBOARDS) == 2
    assert len(set(asked)) > 25
    assert set(asked) - set(there) - _OTHERS == set()


def test_every_number_of_riff_is_on_a_dashboard() -> None:
    text = " ".join(queries())

    unseen = [
        name for name in exported() if name.endswith("_bucket") or "_total" in name or "_model_" in name
    ]
    assert [name for name in unseen if name.startswith("riff") and name not in text] == []


@pytest.mark.parametrize("query", queries())
def test_queries_go_by_labels_that_the_numbers_have(query: str) -> None:
    there = exported()
    names = [name for name in there if re.search(rf"\b{name}\b", query)]
    labels = {label.strip() for by in re.findall(r"by \(([^)]*)\)", query) for label in by.split(",")}
    labels |= {
        label for selector in re.findall(r"\{([^}]*)\}", query) for label in re.findall(r"(\w+)=", selector)
    }

    for name in names:
        assert labels - {"job", "instance"} <= there[name] | {"le"}, name


def test_panels_do_not_overlap() -> None:
    for file in DASHBOARDS:
        taken: set[tuple[int, int]] = set()
        for panel in json.loads(file.read_text())["panels"]:
            place = panel["gridPos"]
            cells = {
                (place["x"] + dx, place["y"] + dy) for dx in range(place["w"]) for dy in range(place["h"])
            }
            assert not cells & taken, panel["title"]
            taken |= cells


def test_no_label_can_hold_what_people_are_or_write() -> None:
    labels = {label for name, of in exported().items() if name.startswith("riff") for label in of}

    assert labels <= {
        "platform", "result", "outcome", "direction", "category", "action", "phase", "kind", "finish", "what",
        "error", "le",
    }  # fmt: skip
