"""The Helm chart: every resource is one that Kubernetes takes, and says what it should."""

from typing import Any

import kubernetes_validate
import pytest

from bot.config import load_settings
from bot.config.watch_settings import HealthSettings
from tests.deploy.chart import of_kind, rendered

EVERYTHING: dict[str, Any] = {
    "autoscaling": {"enabled": True},
    "ingress": {"enabled": True, "className": "nginx", "tlsSecret": "tls", "annotations": {"a": "b"}},
    "vllm": {"enabled": True, "replicas": 2, "storageClass": "fast", "nodeSelector": {"gpu": "h100"}},
    "networkPolicy": {"monitoringNamespace": "monitoring"},
    "podAnnotations": {"a": "b"},
    "nodeSelector": {"zone": "a"},
    "imagePullSecrets": [{"name": "pull"}],
    "env": {"RIFF_LIMITS__IDEAS": "8"},
}


@pytest.mark.parametrize(
    "values",
    [
        {},
        EVERYTHING,
        {"autoscaling": {"enabled": True, "metric": "cpu"}, "serviceAccount": {"create": False}},
        {"model": {"endpoints": ["http://a:8000/v1", "http://b:8000/v1"], "name": "m"}},
    ],
    ids=["default", "everything", "by processor", "own servers"],
)
def test_every_resource_is_valid(values: dict[str, Any]) -> None:
    resources = rendered(values)

    for resource in resources:
        kubernetes_validate.validate(resource, "1.30", strict=True)
    names = [(one["kind"], one["metadata"]["name"]) for one in resources]
    assert len(set(names)) == len(names)


def test_a_wrong_field_is_refused_by_this_check() -> None:
    deployment = of_kind(rendered(), "Deployment")
    deployment["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, "1.30", strict=True)


def test_services_policies_and_budgets_select_riffs_pods_only() -> None:
    resources = rendered(EVERYTHING)
    pods = of_kind(resources, "Deployment")["spec"]["template"]["metadata"]["labels"]
    database = of_kind(resources, "StatefulSet")["spec"]["template"]["metadata"]["labels"]

    policy = of_kind(resources, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"]
    budget = of_kind(resources, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"]
    service = next(
        one for one in resources if one["kind"] == "Service" and "vllm" not in one["metadata"]["name"]
    )
    for selector in (policy, budget, service["spec"]["selector"]):
        assert selector.items() <= pods.items()
        assert not selector.items() <= database.items()


def test_pods_run_without_rights_and_find_health_where_riff_serves_it() -> None:
    pod = of_kind(rendered(), "Deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["ports"] == [{"name": "health", "containerPort": HealthSettings().port}]
    assert pod["terminationGracePeriodSeconds"] > load_settings().inbox.grace_seconds
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_servers_in_the_cluster_and_outside_are_told_to_riff() -> None:
    inside = of_kind(rendered(EVERYTHING), "Deployment")["spec"]["template"]["spec"]["containers"][0]["env"]
    outside = of_kind(rendered({"model": {"endpoints": ["http://a:8000/v1"], "name": "m"}}), "Deployment")[
        "spec"
    ]["template"]["spec"]["containers"][0]["env"]

    told = {one["name"]: one.get("value") for one in inside}
    assert (
        told["RIFF_GENERATOR__BASE_URL"]
        == "http://riff-vllm-0.riff-vllm:8000/v1,http://riff-vllm-1.riff-vllm:8000/v1"
    )
    assert told["RIFF_LIMITS__IDEAS"] == "8"
    assert {"name": "RIFF_GENERATOR__MODEL", "value": "m"} in outside


def test_the_settings_of_the_chart_are_settings_of_riff(tmp_path: Any) -> None:
    file = tmp_path / "config.toml"
    file.write_text(of_kind(rendered(), "ConfigMap")["data"]["config.toml"], encoding="utf-8")

    assert load_settings(file).slack.mode == "socket"


def test_other_settings_are_other_pods() -> None:
    def checksum(values: dict[str, Any]) -> str:
        template = of_kind(rendered(values), "Deployment")["spec"]["template"]
        return str(template["metadata"]["annotations"]["checksum/config"])

    assert checksum({}) != checksum({"config": '[log]\nlevel = "info"\n'})
