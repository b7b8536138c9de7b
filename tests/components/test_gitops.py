"""Argo CD: its permissions, network policies, configuration and applications."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from catalog.versions import ARGO_CD
from components.gitops.delivery import Delivered, delivered, steps
from components.gitops.names import METRICS_PORTS
from components.gitops.notifications import templates, triggers
from components.gitops.values import chart_values
from config.gitops import GitOps
from tests.components.base import BOTH, recorded, settings_from, settings_of

REPOSITORY = "https://github.com/example/pingvas-releases"
DEV = Delivered("dev", "dev", automatic=True, self_heal=True, wave=1)
PROD = Delivered("prod", "prod", automatic=False, self_heal=False, wave=2)


def _settings(**values: object) -> GitOps:
    return settings_from(GitOps, {"repository": REPOSITORY, **values})


def _values(settings: GitOps, *, replicas: int = 2, monitored: bool = True) -> dict[str, Any]:
    return chart_values(settings, project="pingvas", delivered=[DEV, PROD], replicas=replicas, monitored=monitored)


def _policies(unknown: bool) -> dict[str, Mapping[str, Any]]:
    found = recorded("pingvas", unknown).all("kubernetes:networking.k8s.io/v1:NetworkPolicy")
    return {
        item.inputs["metadata"]["name"]: item.inputs["spec"]
        for item in found
        if item.inputs["metadata"]["namespace"] == "argocd"
    }


# --- order ---


def test_environments_are_synced_in_order_of_their_waves() -> None:
    assert delivered(settings_of("pingvas")) == [DEV, PROD]


def test_environments_of_one_wave_are_synced_together_unless_one_is_manual() -> None:
    qa = Delivered("qa", "qa", automatic=True, self_heal=False, wave=2)
    stage = Delivered("stage", "stage", automatic=True, self_heal=False, wave=2)
    assert steps([DEV, qa, stage, PROD]) == [[DEV], [qa, stage], [PROD]]


# --- the chart ---


@BOTH
def test_chart_depends_on_namespace_policies_secrets_and_roles(unknown: bool) -> None:
    recording = recorded("pingvas", unknown)
    release = recording.one("kubernetes:helm.sh/v3:Release", "argocd")
    assert (release.inputs["chart"], release.inputs["version"]) == (ARGO_CD.name, ARGO_CD.version)
    assert release.inputs["namespace"] == "argocd"
    kinds = {recording.by_urn[urn].type for urn in recording.before(release)}
    assert {
        "kubernetes:core/v1:Namespace",
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        "kubernetes:external-secrets.io/v1:ExternalSecret",
        "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    } <= kinds
    (set_,) = recording.all("kubernetes:argoproj.io/v1alpha1:ApplicationSet")
    assert release.urn in recording.before(set_), "its kinds come with the chart"


def test_argo_cd_containers_have_small_requests_and_memory_limits() -> None:
    values = _values(_settings())
    parts = ("controller", "server", "repoServer", "applicationSet", "redis", "redisSecretInit", "notifications")
    for part in parts:
        resources = values[part]["resources"]
        assert set(resources["requests"]) == {"cpu", "memory"}
        assert set(resources["limits"]) == {"memory"}


def test_argo_cd_parts_have_probes() -> None:
    # The others have the chart's own.
    for part in ("applicationSet", "redis", "notifications"):
        probes = {"livenessProbe": {"enabled": True}, "readinessProbe": {"enabled": True}}
        assert probes.items() <= _values(_settings())[part].items()


@pytest.mark.parametrize(("replicas", "budget"), [(1, None), (2, {"enabled": True, "maxUnavailable": 1})])
def test_single_replica_has_no_disruption_budget(replicas: int, budget: dict[str, Any] | None) -> None:
    # It would block every drain.
    values = _values(_settings(), replicas=replicas)
    for part in ("server", "repoServer", "applicationSet"):
        assert values[part]["replicas"] == replicas
        assert values[part].get("pdb") == budget


def test_argo_cd_has_no_cluster_role_and_watches_three_kinds_in_its_namespaces() -> None:
    values = _values(_settings())
    assert values["createClusterRoles"] is False
    cluster = values["configs"]["clusterCredentials"]["in-cluster"]
    assert (cluster["server"], cluster["namespaces"]) == ("https://kubernetes.default.svc", "dev,prod")
    included = yaml.safe_load(values["configs"]["cm"]["resource.inclusions"])
    assert [kind for group in included for kind in group["kinds"]] == ["Deployment", "ReplicaSet", "Pod"]


def test_release_account_can_sync_manual_environments_and_read_the_rest() -> None:
    configs = _values(_settings())["configs"]
    assert configs["cm"]["accounts.release"] == "apiKey", "no password, no login"
    assert configs["rbac"]["policy.default"] == "", "who is not named may nothing"
    assert configs["rbac"]["policy.csv"].splitlines() == [
        "p, role:release, applications, get, pingvas/*, allow",
        "p, role:release, applications, sync, pingvas/pingvas-prod, allow",
        "g, release, role:release",
    ]


@pytest.mark.parametrize("admin", [True, False])
def test_administrator_can_be_disabled(admin: bool) -> None:
    assert _values(_settings(admin=admin))["configs"]["cm"]["admin.enabled"] is admin


def test_tls_terminates_at_the_load_balancer_or_at_argo_cd_without_one() -> None:
    public = _values(_settings(host="argocd.example.com"))
    inside = _values(_settings())
    assert public["configs"]["params"]["server.insecure"] is True
    assert "server.insecure" not in inside["configs"]["params"]
    assert (public["global"]["domain"], inside["global"]["domain"]) == ("argocd.example.com", "localhost:8080")


def test_metrics_are_scraped_only_where_prometheus_exists() -> None:
    parts = ("controller", "server", "repoServer", "applicationSet", "notifications")
    watched, alone = _values(_settings()), _values(_settings(), monitored=False)
    for part in parts:
        assert watched[part]["metrics"] == {"enabled": True, "serviceMonitor": {"enabled": True}}
        assert "metrics" not in alone[part], "ServiceMonitor would be an unknown kind"


# --- Slack ---


def test_slack_is_notified_of_releases_failures_and_unhealthy_applications() -> None:
    said = {"token": {"secret": "slack", "property": "token"}, "channel": "#releases"}
    notifications = _values(_settings(notifications=said))["notifications"]
    assert notifications["enabled"] is True
    assert notifications["secret"] == {"create": False}, "External Secrets makes it"
    assert yaml.safe_load(notifications["notifiers"]["service.slack"]) == {"token": "$slack-token"}
    (subscription,) = notifications["subscriptions"]
    assert subscription["recipients"] == ["slack:releases"]
    assert subscription["triggers"] == ["on-released", "on-sync-failed", "on-health-degraded"]
    assert _values(_settings())["notifications"]["enabled"] is False


def test_every_trigger_has_a_template_and_a_release_notifies_once() -> None:
    messages = {key.removeprefix("template.") for key in templates()}
    sent = set()
    for name, text in triggers().items():
        (rule,) = yaml.safe_load(text)
        sent |= set(rule["send"])
        assert ("oncePer" in rule) == (name != "trigger.on-health-degraded")
    assert sent == messages


@BOTH
def test_slack_token_has_the_secret_name_and_key_that_argo_cd_reads(unknown: bool) -> None:
    recording = recorded("pingvas", unknown)
    (found,) = (
        item.inputs
        for item in recording.all("kubernetes:external-secrets.io/v1:ExternalSecret")
        if item.inputs["metadata"]["namespace"] == "argocd"
    )
    assert found["spec"]["target"]["name"] == "argocd-notifications-secret"
    assert found["spec"]["target"]["template"]["metadata"]["labels"] == {"app.kubernetes.io/part-of": "argocd"}
    (datum,) = found["spec"]["data"]
    assert (datum["secretKey"], datum["remoteRef"]["property"]) == ("slack-token", "token")
    assert set(found["spec"]["target"]["template"]["data"]) == {"slack-token"}


# --- network ---


@BOTH
def test_ingress_of_each_part_allows_its_clients_only(unknown: bool) -> None:
    policies = _policies(unknown)
    assert policies["default-deny"]["podSelector"] == {}
    cidrs = settings_of("pingvas").network.public_cidrs()

    def reached(part: str) -> list[tuple[list[str], int]]:
        return [
            (
                sorted(
                    peer["ipBlock"]["cidr"]
                    if "ipBlock" in peer
                    else next(iter((peer.get("podSelector") or peer["namespaceSelector"])["matchLabels"].values()))
                    for peer in rule["from"]
                ),
                rule["ports"][0]["port"],
            )
            for rule in policies[part].get("ingress", [])
        ]

    metrics = {part: (["monitoring"], port) for part, port in METRICS_PORTS.items()}
    assert reached("argocd-server") == [(sorted(cidrs), 8080), metrics["argocd-server"]]
    assert reached("argocd-repo-server") == [
        (["argocd-application-controller", "argocd-server"], 8081),
        metrics["argocd-repo-server"],
    ]
    assert reached("argocd-redis") == [(["argocd-application-controller", "argocd-repo-server", "argocd-server"], 6379)]
    for part in (
        "argocd-application-controller",
        "argocd-applicationset-controller",
        "argocd-notifications-controller",
    ):
        assert reached(part) == [metrics[part]]
    assert reached("argocd-redis-secret-init") == []


@BOTH
def test_egress_of_each_part_allows_the_api_server_and_its_peers_only(unknown: bool) -> None:
    policies = _policies(unknown)
    ports = {
        part: sorted(port["port"] for rule in spec.get("egress", []) for port in rule["ports"])
        for part, spec in policies.items()
        if part != "default-deny"
    }
    assert ports == {
        "argocd-server": [443, 6379, 8081],
        "argocd-application-controller": [443, 6379, 8081],
        "argocd-repo-server": [443, 6379],
        "argocd-applicationset-controller": [443],
        "argocd-notifications-controller": [443],
        "argocd-redis": [],
        "argocd-redis-secret-init": [443],
    }


# --- rights ---


@BOTH
@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_application_controller_updates_deployments_and_cannot_create_or_delete(
    environment: str, unknown: bool
) -> None:
    (role,) = (
        item.inputs
        for item in recorded("pingvas", unknown).all("kubernetes:rbac.authorization.k8s.io/v1:Role")
        if item.inputs["metadata"]["name"] == "argocd-application-controller"
        and item.inputs["metadata"]["namespace"] == environment
    )
    writes = [rule for rule in role["rules"] if set(rule["verbs"]) - {"get", "list", "watch"}]
    assert writes == [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["patch"]}]
    assert not {"secrets", "configmaps"} & {kind for rule in role["rules"] for kind in rule["resources"]}


# --- the way in ---


@BOTH
def test_load_balancer_checks_the_health_of_argo_cd_itself(unknown: bool) -> None:
    recording = recorded("pingvas", unknown)
    group = recording.inputs("aws:lb/targetGroup:TargetGroup", "argocd")
    assert (group["port"], group["protocol"], group["healthCheck"]["path"]) == (8080, "HTTP", "/healthz")
    binding = recording.inputs("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", "argocd")
    assert binding["spec"]["serviceRef"] == {"name": "argocd-server", "port": 8080}
    service = recording.inputs("kubernetes:helm.sh/v3:Release", "argocd")["values"]["server"]["service"]
    assert service == {"servicePortHttp": 8080}, "the binding finds pods by the Service's port"
