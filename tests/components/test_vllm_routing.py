"""Routers in front of the replicas of a language model."""

from typing import Any

from tests.components.base import recorded, settings_of
from tests.components.vllm import BUDGET, DEPLOYMENT, MONITOR, POLICY, SCALED, SERVICE, STACK, ingress, of


def test_service_of_clients_selects_routers_and_another_one_the_replicas() -> None:
    assert of(SERVICE, "duo-server")["spec"]["selector"]["app.kubernetes.io/component"] == "duo-router"
    assert of(SERVICE, "duo-replicas")["spec"]["selector"]["app.kubernetes.io/component"] == "duo"
    assert of(SERVICE, "llama-server")["spec"]["selector"]["app.kubernetes.io/component"] == "llama"
    (binding,) = [
        one.inputs["spec"]
        for one in recorded(STACK).all("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding")
        if one.inputs["spec"]["serviceRef"]["name"] == "duo-server"
    ]
    assert binding["serviceRef"]["port"] == 8000
    watched = {name: of(MONITOR, name)["spec"]["selector"]["matchLabels"] for name in ("duo", "duo-router")}
    assert {name: found["app.kubernetes.io/component"] for name, found in watched.items()} == {
        "duo": "duo",
        "duo-router": "duo-router",
    }


def test_clients_reach_routers_only_and_routers_their_replicas_and_the_api() -> None:
    def selected(component: str) -> dict[str, Any]:
        labels = {"app.kubernetes.io/name": "vllm", "app.kubernetes.io/component": component}
        return {"podSelector": {"matchLabels": labels}}

    client = {"namespaceSelector": {"matchLabels": {"ai-platform/vllm-client": "true"}}}
    monitoring = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    (servers,) = ingress("duo")
    assert servers["from"] == [selected("duo-router"), monitoring]
    routers = of(POLICY, "duo-router")["spec"]
    clients, prometheus = routers["ingress"]
    assert client in clients["from"]
    assert {"ipBlock": {"cidr": recorded(STACK).settings.network.public_cidrs()[0]}} in clients["from"]
    assert prometheus == {"from": [monitoring], "ports": [{"protocol": "TCP", "port": 29000}]}
    replicas, api = routers["egress"]
    assert replicas == {"to": [selected("duo")], "ports": [{"protocol": "TCP", "port": 8000}]}
    assert api["ports"] == [{"protocol": "TCP", "port": 443}]


def test_routers_list_pods_of_their_namespace_and_nothing_else() -> None:
    role = of("kubernetes:rbac.authorization.k8s.io/v1:Role", "duo-router")
    assert role["rules"] == [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}]
    binding = of("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "duo-router")
    assert binding["roleRef"]["kind"], binding["subjects"] == (
        "Role",
        [{"kind": "ServiceAccount", "name": "duo-router", "namespace": "vllm"}],
    )
    pod = of(DEPLOYMENT, "duo-router")["spec"]["template"]["spec"]
    assert pod["serviceAccountName"] == "duo-router"
    assert pod["automountServiceAccountToken"] is True


def test_routers_have_the_time_limits_of_their_model() -> None:
    deployment = of(DEPLOYMENT, "duo-router")["spec"]
    pod = deployment["template"]["spec"]
    (router,) = pod["containers"]
    timeouts = settings_of(STACK).timeouts_of("vllm")
    options = dict(one.partition("=")[::2] for one in router["args"])
    assert options["--idle-connection-timeout-secs"] == str(timeouts.keep_alive)
    assert options["--request-timeout-secs"] == str(timeouts.response)
    assert options["--shutdown-grace-period-secs"] == str(timeouts.drain)
    assert pod["terminationGracePeriodSeconds"] == timeouts.grace_period
    assert router["readinessProbe"]["httpGet"]["path"] == "/readiness"
    assert deployment["replicas"] == 2
    assert of(BUDGET, "duo-router")["spec"]["maxUnavailable"] == 1


def test_one_router_has_the_tree_of_prefixes_and_two_hash_sessions() -> None:
    policies = {}
    for model in ("duo", "pair"):
        spec = of(DEPLOYMENT, f"{model}-router")["spec"]
        (container,) = spec["template"]["spec"]["containers"]
        policies[model] = spec["replicas"], next(one for one in container["args"] if one.startswith("--policy="))
    assert policies == {"duo": (2, "--policy=consistent_hashing"), "pair": (1, "--policy=cache_aware")}


def test_routers_of_a_model_that_scales_to_zero_are_ready_without_it() -> None:
    (container,) = of(DEPLOYMENT, "pair-router")["spec"]["template"]["spec"]["containers"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/health"
    (waiting, _) = [one["metadata"] for one in of(SCALED, "pair")["spec"]["triggers"]]
    assert waiting["query"] == 'sum(vllm:num_requests_waiting{namespace="vllm",service="pair-replicas"})'
