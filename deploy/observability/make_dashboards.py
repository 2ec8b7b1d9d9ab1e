"""Writes Grafana's dashboards: operations, and moderation with the quality of ideas.

`python deploy/observability/make_dashboards.py` after a change here. A panel is a title, its queries with their
legends, and a unit of Grafana's (https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/).
"""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "grafana" / "dashboards"
_COLUMNS, _WIDTH, _HEIGHT = 24, 8, 8
_SOURCE = {"type": "prometheus", "uid": "prometheus"}

_RATED = 'sum(increase(riff_opinions_total{{kind=~"{kinds}"}}[1d]))'

Panel = tuple[str, dict[str, str], str]


def rate(name: str, by: str = "", where: str = "") -> str:
    """A counter's rate, summed."""
    return f"sum{f' by ({by})' if by else ''} (rate({name}{where}[5m]))"


def quantile(share: float, name: str, by: str = "") -> str:
    """A quantile of a histogram."""
    return f"histogram_quantile({share}, sum by (le{f', {by}' if by else ''}) (rate({name}_bucket[5m])))"


def quantiles(name: str) -> dict[str, str]:
    """Median, 95th and 99th percentile, by legend."""
    return {f"p{round(share * 100)}": quantile(share, name) for share in (0.5, 0.95, 0.99)}


OPERATIONS: dict[str, list[Panel]] = {
    "People": [
        (
            "Events in, a second",
            {"{{platform}} {{result}}": rate("riff_events_total", "platform, result")},
            "ops",
        ),
        ("Answers, a second", {"{{outcome}}": rate("riff_answers_total", "outcome")}, "ops"),
        ("Events that wait", {"{{platform}}": "max by (platform) (riff_inbox_waiting)"}, "short"),
        ("Acknowledged after", quantiles("riff_acknowledge_seconds"), "s"),
        ("First text after", quantiles("riff_first_text_seconds"), "s"),
        ("Whole answer after", quantiles("riff_answer_seconds"), "s"),
        ("Waited for its turn", quantiles("riff_inbox_seconds"), "s"),
        (
            "Work that did not end well",
            {"{{result}}": rate("riff_events_ended_total", "result", '{result!="done"}')},
            "ops",
        ),
        (
            "Platforms that want a pause",
            {"{{platform}}": rate("riff_platform_pauses_total", "platform")},
            "ops",
        ),
    ],
    "Model": [
        ("Tokens a second", {"tokens": rate("riff_generated_tokens_total")}, "short"),
        (
            "Slots",
            {
                "busy": "sum(riff_model_slots_busy)",
                "there": "sum(riff_model_slots)",
                "waiting": "sum(riff_model_queue)",
            },
            "short",
        ),
        ("Texts, by their end", {"{{finish}}": rate("riff_generated_texts_total", "finish")}, "ops"),
        ("Cache, in tokens", {"{{what}}": "sum by (what) (riff_model_cache_tokens)"}, "short"),
        ("Servers that failed", {"failures": rate("riff_model_server_failures_total")}, "ops"),
    ],
    "Database and process": [
        ("Transactions, 99th percentile", {"{{kind}}": quantile(0.99, "riff_sql_seconds", "kind")}, "s"),
        ("Transactions a second", {"{{kind}}": rate("riff_sql_seconds_count", "kind")}, "ops"),
        ("Transactions that failed", {"{{error}}": rate("riff_sql_failures_total", "error")}, "ops"),
        ("Memory", {"{{instance}}": 'process_resident_memory_bytes{job="riff"}'}, "bytes"),
        ("Open files", {"{{instance}}": 'process_open_fds{job="riff"}'}, "short"),
        ("Events that are worked on", {"{{platform}}": "sum by (platform) (riff_inbox_working)"}, "short"),
    ],
}

QUALITY: dict[str, list[Panel]] = {
    "Moderation": [
        (
            "Verdicts on prompts",
            {"{{action}}": rate("riff_verdicts_total", "action", '{direction="prompt"}')},
            "ops",
        ),
        (
            "Verdicts on replies",
            {"{{action}}": rate("riff_verdicts_total", "action", '{direction="reply"}')},
            "ops",
        ),
        (
            "Blocked, by category",
            {"{{category}}": rate("riff_verdicts_total", "category", '{action="block"}')},
            "ops",
        ),
        (
            "Share of answers withheld",
            {
                "withheld": rate("riff_answers_total", where='{outcome="withheld"}')
                + " / "
                + rate("riff_answers_total")
            },
            "percentunit",
        ),
        ("Written anew", {"{{category}}": rate("riff_rewritten_total", "category")}, "ops"),
        ("Not decided, so not shown", {"texts": rate("riff_moderation_failures_total")}, "ops"),
        ("A verdict takes", quantiles("riff_gate_seconds"), "s"),
        ("A batch takes", quantiles("riff_classifier_seconds"), "s"),
        ("Texts judged, a second", {"texts": rate("riff_judged_texts_total")}, "ops"),
    ],
    "Ideas": [
        (
            "What people said of ideas, an hour",
            {"{{kind}}": "sum by (kind) (increase(riff_opinions_total[1h]))"},
            "short",
        ),
        (
            "Liked of all liked or disliked",
            {"liked": f"{_RATED.format(kinds='like')} / {_RATED.format(kinds='like|dislike')}"},
            "percentunit",
        ),
        (
            "Phases of brainstorms, an hour",
            {"{{phase}}": "sum by (phase) (increase(riff_session_phases_total[1h]))"},
            "short",
        ),
    ],
}


def dashboard(uid: str, title: str, rows: dict[str, list[Panel]]) -> dict[str, Any]:
    """Grafana's JSON model of a dashboard."""
    panels: list[dict[str, Any]] = []
    top = 0
    for heading, row in rows.items():
        panels.append(
            _placed(len(panels), {"type": "row", "title": heading, "collapsed": False}, 0, top, _COLUMNS, 1)
        )
        top += 1
        for index, (name, queries, unit) in enumerate(row):
            x = index * _WIDTH % _COLUMNS
            y = top + index * _WIDTH // _COLUMNS * _HEIGHT
            panels.append(_placed(len(panels), _series(name, queries, unit), x, y, _WIDTH, _HEIGHT))
        top += -(-len(row) * _WIDTH // _COLUMNS) * _HEIGHT
    return {
        "uid": uid, "title": title, "tags": ["riff"], "schemaVersion": 39, "editable": True,
        "time": {"from": "now-6h", "to": "now"}, "refresh": "30s", "panels": panels,
    }  # fmt: skip


def _series(title: str, queries: dict[str, str], unit: str) -> dict[str, Any]:
    targets = [
        {"refId": chr(ord("A") + index), "expr": query, "legendFormat": legend, "datasource": _SOURCE}
        for index, (legend, query) in enumerate(queries.items())
    ]
    return {
        "type": "timeseries", "title": title, "datasource": _SOURCE, "targets": targets,
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
    }  # fmt: skip


def _placed(number: int, panel: dict[str, Any], x: int, y: int, width: int, height: int) -> dict[str, Any]:
    return {"id": number + 1, "gridPos": {"x": x, "y": y, "w": width, "h": height}, **panel}


def main() -> None:
    """Write both."""
    for uid, title, rows in (
        ("riff-operations", "Riff: operations", OPERATIONS),
        ("riff-quality", "Riff: moderation and ideas", QUALITY),
    ):
        text = json.dumps(dashboard(uid, title, rows), indent=1)
        (FOLDER / f"{uid}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
