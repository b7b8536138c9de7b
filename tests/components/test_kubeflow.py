"""Kubeflow: the order of its parts, logins, and network policies."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from aiplatform.preview.plan import Resource
from catalog.kubeflow_pods import PODS_OF
from catalog.versions import DEX_IMAGE, KUBEFLOW, MYSQL_CLIENT_IMAGE, OAUTH2_PROXY_IMAGE
from components.kubeflow import culling, dashboard
from components.kubeflow.dex import GROUP, KINDS
from components.kubeflow.names import ISSUER, OPEN_PATHS
from components.kubeflow.steps import OWN_FOLDER, STEPS, address, chosen, required
from config.kubeflow import DEFAULT_PARTS, NEEDS, PARTS, Kubeflow
from tests.components.base import BOTH, Recording, recorded, settings_from
from tests.config.base import ROOT

DIRECTORY = "kubernetes:kustomize/v2:Directory"
DEPLOYMENT, CONFIG = "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:ConfigMap"
SECRET, VERSION = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"
EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
GROUP_TYPE = "aws:lb/targetGroup:TargetGroup"
IN = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
TENANTS = {"user01": "user01@campus.test", "user02": "second@campus.test", "user20": "user20@campus.test"}


def _settings(**values: object) -> Kubeflow:
    return settings_from(Kubeflow, values)


def _directories(recording: Recording) -> list[Resource]:
    return [recording.one(DIRECTORY, f"kubeflow-{step.name}") for step in STEPS]


# --- settings ---


def test_namespaces_are_those_of_the_installed_parts() -> None:
    assert _settings().namespaces() == (
        "auth", "cert-manager", "istio-system", "knative-serving", "kubeflow", "kubeflow-system", "oauth2-proxy",
    )  # fmt: skip
    assert _settings(parts=["istio", "profiles"]).namespaces() == ("istio-system", "kubeflow", "kubeflow-system")


def test_parts_are_installed_in_a_fixed_order() -> None:
    assert _settings(parts=["profiles", "istio"]).chosen() == ("istio", "profiles")


def test_part_depends_on_the_parts_it_needs() -> None:
    assert [
        (part, needed) for part, all_of in NEEDS.items() for needed in all_of if PARTS.index(needed) > PARTS.index(part)
    ] == []
    assert set(NEEDS) == set(PARTS)


# --- the dashboard ---


@pytest.mark.parametrize(
    ("parts", "pages"),
    [
        (DEFAULT_PARTS, ["/jupyter/", "/pipeline/#/pipelines"]),
        (PARTS, ["/jupyter/", "/pipeline/#/pipelines", "/katib/"]),
        (("istio", "login", "profiles", "dashboard"), []),
        (("istio", "login", "profiles", "dashboard", "notebooks"), ["/jupyter/"]),
        (("certificates", "istio", "login", "profiles", "dashboard", "pipelines"), ["/pipeline/#/pipelines"]),
    ],
)
def test_dashboard_links_pages_of_installed_parts_only(parts: tuple[str, ...], pages: list[str]) -> None:
    links = json.loads(dashboard.data(_settings(parts=list(parts)))["links"])
    assert [entry["items"][0]["link"] if "items" in entry else entry["link"] for entry in links["menuLinks"]] == pages
    assert len(links["quickLinks"]) == ("notebooks" in parts) + 2 * ("pipelines" in parts)
    text = json.dumps(links)
    for absent in ("tensorboard", "volumes", "kserve-endpoints", "training"):
        assert absent not in text
    assert ("katib" in text) is ("katib" in parts)


def test_dashboard_reads_the_links_of_this_program() -> None:
    recording = recorded("lab")
    links = recording.one(CONFIG, "kubeflow-dashboard-links")
    assert links.inputs["metadata"]["name"] == dashboard.CONFIG_MAP
    assert links.inputs["metadata"]["namespace"] == "kubeflow"
    assert links.urn in recording.one(DIRECTORY, "kubeflow-dashboard").dependencies
    folder = yaml.safe_load((ROOT / OWN_FOLDER / "dashboard" / "kustomization.yaml").read_text(encoding="utf-8"))
    (patch,) = (
        yaml.safe_load(one["patch"]) for one in folder["patches"] if one["target"].get("name") == "centraldashboard"
    )
    (container,) = patch["spec"]["template"]["spec"]["containers"]
    assert container["env"] == [{"name": "DASHBOARD_CONFIGMAP", "value": dashboard.CONFIG_MAP}]


# --- idle notebooks ---


def test_idle_notebooks_are_stopped_by_default_and_as_set() -> None:
    # Off in the manifests: https://github.com/kubeflow/kubeflow/issues/6253
    assert culling.data(_settings().culling) == {
        "ENABLE_CULLING": "true",
        "CULL_IDLE_TIME": "1440",
        "IDLENESS_CHECK_PERIOD": "5",
    }
    chosen = _settings(culling={"enabled": False, "idleMinutes": 90, "checkMinutes": 10})
    assert culling.data(chosen.culling) == {
        "ENABLE_CULLING": "false",
        "CULL_IDLE_TIME": "90",
        "IDLENESS_CHECK_PERIOD": "10",
    }


def test_notebook_controller_reads_the_settings_of_this_program() -> None:
    recording = recorded("lab")
    config = recording.one(CONFIG, "kubeflow-culling")
    assert config.inputs["metadata"]["name"] == culling.CONFIG_MAP
    assert config.inputs["metadata"]["namespace"] == "kubeflow"
    assert config.inputs["data"]["ENABLE_CULLING"] == "true"
    assert config.urn in recording.one(DIRECTORY, "kubeflow-notebook-controller").dependencies
    folder = yaml.safe_load((ROOT / OWN_FOLDER / "notebook-controller" / "kustomization.yaml").read_text("utf-8"))
    (patch,) = (yaml.safe_load(one["patch"]) for one in folder["patches"] if "valueFrom" in one["patch"])
    (container,) = patch["spec"]["template"]["spec"]["containers"]
    read = {one["name"]: one["valueFrom"]["configMapKeyRef"] for one in container["env"]}
    assert read == {name: {"name": culling.CONFIG_MAP} for name in config.inputs["data"]}


# --- manifests ---


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("https://github.com/kubeflow/manifests", "https://github.com/kubeflow/manifests//common/istio?ref=26.03"),
        ("https://git.example.com/copies/kubeflow", "https://git.example.com/copies/kubeflow//common/istio?ref=26.03"),
        ("manifests", "manifests/common/istio"),
        ("/srv/kubeflow/manifests", "/srv/kubeflow/manifests/common/istio"),
    ],
)
def test_manifests_are_read_at_the_release_tag_or_from_disk(source: str, expected: str) -> None:
    assert address(_settings(source=source), STEPS[0]._replace(path="common/istio")) == expected


def test_excluded_part_applies_no_folder() -> None:
    names = [step.name for step in chosen(_settings(parts=["istio", "profiles"]))]
    assert names == [
        "namespaces", "istio-definitions", "istio-namespace", "istio", "istio-gateway", "roles", "profiles",
    ]  # fmt: skip


def test_every_part_but_the_login_has_a_folder() -> None:
    assert {step.part for step in STEPS} == {None, *PARTS} - {"login"}
    assert len({step.name for step in STEPS}) == len(STEPS)


@BOTH
def test_folder_depends_on_the_folders_that_it_requires_alone(unknown: bool) -> None:
    recording = recorded("kubeflow", unknown)
    folders = {one.urn: one.name.removeprefix("kubeflow-") for one in _directories(recording)}
    for step, folder in zip(STEPS, _directories(recording), strict=True):
        assert {folders[urn] for urn in folder.dependencies if urn in folders} == set(step.after), step.name


def test_steps_follow_those_that_they_require() -> None:
    names = [step.name for step in STEPS]
    for place, step in enumerate(STEPS):
        assert set(step.after) <= set(names[:place]), step.name


def test_certificates_wait_for_their_webhook_and_pods_for_the_mesh() -> None:
    # The API server rejects Certificates while cert-manager's webhook is not ready, and pods of namespaces with
    # sidecars while Istio's is not.
    recording = recorded("kubeflow")
    folder = {one.name.removeprefix("kubeflow-"): one for one in _directories(recording)}
    for name in ("admission-webhook", "pipelines", "katib", "kserve"):
        assert folder["cert-manager"].urn in recording.before(folder[name])
    for name in set(folder) & set(PODS_OF) - {"cert-manager", "istio"}:
        assert folder["istio"].urn in recording.before(folder[name]), name


def test_excluded_step_is_replaced_by_its_requirements() -> None:
    (runtimes,) = (step for step in STEPS if step.name == "kserve-runtimes")
    assert set(required(runtimes, {"istio": None, "cert-manager": None})) == {"istio", "cert-manager"}


def test_longest_chain_of_folders_has_five() -> None:
    depth: dict[str, int] = {}
    for step in STEPS:
        depth[step.name] = 1 + max((depth[name] for name in step.after), default=0)
    assert max(depth.values()) == 5


WEBHOOKS = {"cert-manager", "istio", "admission-webhook", "kserve"}
"""Folders with webhooks that the API server calls for objects of others."""


def test_await_is_skipped_for_folders_without_a_webhook() -> None:
    hands = 4
    recording = recorded("kubeflow")
    awaited = 0
    for step in STEPS:
        pods = PODS_OF.get(step.name, ())
        skips = recording.inputs(DIRECTORY, f"kubeflow-{step.name}").get("skipAwait", False)
        assert skips is not step.waits
        assert not (skips and step.name in WEBHOOKS), step.name
        assert skips or len(pods) <= hands, f"{step.name}: no worker is left for the service accounts"
        awaited += len(pods) if step.after and not skips and "kserve" not in step.name and step.name != "istio" else 0
    assert awaited < hands, "folders that start together after Istio"


@BOTH
def test_login_depends_on_the_mesh_and_no_folder_on_the_login(unknown: bool) -> None:
    recording = recorded("kubeflow", unknown)
    mesh = recording.one(DIRECTORY, "kubeflow-istio-gateway")
    for name in ("kubeflow-login-dex", "kubeflow-login-oauth2-proxy"):
        deployment = recording.one(DEPLOYMENT, name)
        assert mesh.urn in recording.before(deployment)
        assert not any(deployment.urn in recording.before(folder) for folder in _directories(recording))


def test_login_and_tenants_depend_on_the_operator_of_their_secrets() -> None:
    recording = recorded("kubeflow")
    release = recording.one("kubernetes:helm.sh/v3:Release", "external-secrets")
    for name in ("kubeflow-login-dex", "kubeflow-login-oauth2-proxy"):
        assert release.urn in recording.before(recording.one(DEPLOYMENT, name))


def test_own_folders_patch_one_folder_of_the_pinned_release_each() -> None:
    own = [step for step in STEPS if step.own]
    assert {file.parent.name for file in (ROOT / OWN_FOLDER).glob("*/kustomization.yaml")} == {
        step.name for step in own
    }
    for step in own:
        folder = yaml.safe_load((ROOT / OWN_FOLDER / step.name / "kustomization.yaml").read_text())
        assert folder["resources"] == [f"https://github.com/kubeflow/manifests//{step.path}?ref={KUBEFLOW}"]
        assert folder["patches"]


# --- Katib ---


def test_katib_is_installed_only_if_it_is_listed() -> None:
    assert "katib" not in {step.name for step in chosen(_settings())}
    assert "katib" in {step.name for step in chosen(_settings(parts=list(PARTS)))}
    assert not [one for one in recorded("lab").all(DIRECTORY) if one.name == "kubeflow-katib"]


@BOTH
def test_katib_database_has_a_generated_password_instead_of_the_public_one(unknown: bool) -> None:
    # MYSQL_ROOT_PASSWORD is "test" in the manifests, and both Deployments read this Secret and key.
    recording = recorded("kubeflow", unknown)
    spec = recording.inputs(EXTERNAL, "kubeflow-katib-password-secrets-katib-mysql-secrets")["spec"]
    assert spec["target"]["name"] == "katib-mysql-secrets"
    (entry,) = spec["data"]
    assert (entry["secretKey"], entry["remoteRef"]["property"]) == ("MYSQL_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD")
    assert recording.inputs(SECRET, "kubeflow-katib-password")["name"] == "campus/kubeflow-katib"
    deleted = _patch("katib", "Secret", "katib-mysql-secrets")
    assert deleted["$patch"] == "delete"


def test_katib_database_runs_a_supported_release() -> None:
    # MySQL 8.0 is unsupported since April 2026: https://www.mysql.com/support/eol-notice.html
    (replaced,) = _patch("katib", "Deployment", "katib-mysql")
    assert replaced["value"] == MYSQL_CLIENT_IMAGE


def test_katib_page_changes_no_namespace() -> None:
    replaced, added = _patch("katib", "ClusterRole", "katib-ui")
    assert replaced["value"]["resources"] == ["configmaps"]
    assert (added["value"]["resources"], added["value"]["verbs"]) == (["namespaces"], ["get", "list", "watch"])


def test_pods_of_tenants_start_without_katib() -> None:
    failure, timeout = _patch("katib", "MutatingWebhookConfiguration", "katib.kubeflow.org")
    assert failure == {"op": "add", "path": "/webhooks/1/failurePolicy", "value": "Ignore"}
    assert timeout["value"] == 5


def _patch(step: str, kind: str, name: str) -> Any:
    """Return the patch of one object in a step's own folder."""
    folder = yaml.safe_load((ROOT / OWN_FOLDER / step / "kustomization.yaml").read_text(encoding="utf-8"))
    (patch,) = (one["patch"] for one in folder["patches"] if one["target"] == {"kind": kind, "name": name})
    return yaml.safe_load(patch)


# --- who can log in ---


def _dex() -> dict[str, Any]:
    data = recorded("kubeflow").inputs(CONFIG, "kubeflow-login-dex")["data"]
    found: dict[str, Any] = json.loads(data["config.yaml"])
    return found


def test_login_accepts_exactly_the_addresses_of_the_tenants() -> None:
    config = _dex()
    assert {one["username"]: one["email"] for one in config["staticPasswords"]} == TENANTS
    assert config.get("connectors") is None
    assert config["issuer"] == ISSUER


def test_configuration_holds_no_password_hash_or_client_secret() -> None:
    texts = [
        text
        for name in ("kubeflow-login-dex", "kubeflow-login-oauth2-proxy")
        for text in recorded("kubeflow").inputs(CONFIG, name)["data"].values()
    ]
    assert len(texts) == 2
    assert not [
        text for text in texts if re.search(r"\$2[aby]\$|client_secret|cookie_secret|\"hash\"|\"secret\"", text)
    ]


def test_tenant_password_is_generated_by_aws() -> None:
    recording = recorded("kubeflow")
    names = {
        secret.inputs["name"]: secret.name
        for secret in recording.all(SECRET)
        if secret.inputs["name"].startswith("campus/kubeflow/")
    }
    assert set(names) == {f"campus/kubeflow/{name}" for name in (*TENANTS, "login")}
    made = {version.name for version in recording.all(VERSION)}
    assert set(names.values()) <= made
    assert recording.inputs(SECRET, names["campus/kubeflow/user02"])["tags"]["Tenant"] == "user02"


def test_dex_gets_password_hashes_only() -> None:
    spec = recorded("kubeflow").inputs(EXTERNAL, "kubeflow-login-dex-secrets-dex-passwords")["spec"]
    template = spec["target"]["template"]
    assert template["engineVersion"] == "v2"
    assert template["data"] == {
        f"PASSWORD_{number}": f"{{{{ .tenant_{number} | bcrypt }}}}" for number in ("01", "02", "20")
    }
    wanted = {entry["secretKey"]: entry["remoteRef"]["property"] for entry in spec["data"]}
    assert wanted == dict.fromkeys(("tenant_01", "tenant_02", "tenant_20"), "password")
    variables = {one["hashFromEnv"] for one in _dex()["staticPasswords"]}
    assert variables == set(template["data"])


def test_new_password_restarts_dex() -> None:
    # Dex reads the hashes at its start only.
    template = recorded("kubeflow").inputs(DEPLOYMENT, "kubeflow-login-dex")["spec"]["template"]
    assert set(template["metadata"]["annotations"]) == {"ai-platform/configuration", "ai-platform/secret-version"}


def test_images_are_those_of_the_release() -> None:
    recording = recorded("kubeflow")
    for name, image in (("dex", DEX_IMAGE), ("oauth2-proxy", OAUTH2_PROXY_IMAGE)):
        (container,) = recording.inputs(DEPLOYMENT, f"kubeflow-login-{name}")["spec"]["template"]["spec"]["containers"]
        assert container["image"] == image


def test_dex_role_allows_its_own_kinds_in_its_namespace_only() -> None:
    recording = recorded("kubeflow")
    role = recording.inputs("kubernetes:rbac.authorization.k8s.io/v1:Role", "kubeflow-login-dex")
    assert role["metadata"]["namespace"] == "auth"
    assert role["rules"] == [
        {"apiGroups": [GROUP], "resources": list(KINDS), "verbs": ["get", "list", "create", "update", "delete"]}
    ]
    names = {
        found.inputs["metadata"]["name"]: found.inputs["spec"]["names"]["plural"] for found in recording.all(DEFINITION)
    }
    assert {name: plural for name, plural in names.items() if name.endswith(GROUP)} == {
        f"{plural}.{GROUP}": plural for plural in KINDS
    }
    assert _dex()["storage"]["config"]["crdHandling"] == "check", "it may not make them itself"


def test_oauth2_proxy_cookie_is_secure_where_clients_use_https() -> None:
    data = recorded("kubeflow").inputs(CONFIG, "kubeflow-login-oauth2-proxy")["data"]
    config = tomllib.loads(data["oauth2_proxy.cfg"])
    assert (config["cookie_secure"], config["cookie_httponly"], config["code_challenge_method"]) == (True, True, "S256")
    assert config["client_id"] == _dex()["staticClients"][0]["id"]
    assert config["redirect_url"] == _dex()["staticClients"][0]["redirectURIs"][0]
    assert config["oidc_issuer_url"] == ISSUER
    assert config["upstreams"] == ["static://200"]


# --- the gateway ---


def _gateway(kind: str, name: str) -> Mapping[str, Any]:
    group = "networking.istio.io/v1" if kind == "VirtualService" else "security.istio.io/v1"
    found: Mapping[str, Any] = recorded("kubeflow").inputs(
        f"kubernetes:{group}:{kind}", f"kubeflow-login-gateway-{name}"
    )
    return found


def test_gateway_requires_a_login_token_except_for_the_login() -> None:
    deny, ask = _gateway("AuthorizationPolicy", "deny"), _gateway("AuthorizationPolicy", "ask")
    for policy in (deny, ask):
        assert policy["metadata"]["namespace"] == "istio-system"
        assert policy["spec"]["selector"] == {"matchLabels": {"app": "istio-ingressgateway"}}
        assert policy["spec"]["rules"][0]["to"] == [{"operation": {"notPaths": list(OPEN_PATHS)}}]
    assert deny["spec"]["action"] == "DENY"
    assert deny["spec"]["rules"][0]["from"] == [{"source": {"notRequestPrincipals": ["*"]}}]
    assert (ask["spec"]["action"], ask["spec"]["provider"]) == ("CUSTOM", {"name": "oauth2-proxy"})


def test_user_header_is_set_from_the_token() -> None:
    (rule,) = _gateway("RequestAuthentication", "token")["spec"]["jwtRules"]
    assert {"header": "kubeflow-userid", "claim": "email"} in rule["outputClaimToHeaders"]
    assert (rule["issuer"], rule["jwksUri"], rule["audiences"]) == (ISSUER, f"{ISSUER}/keys", ["kubeflow"])


@pytest.mark.parametrize(("name", "prefix", "port"), [("dex", "/dex/", 5556), ("oauth2-proxy", "/oauth2/", 80)])
def test_login_has_a_route_to_the_port_of_its_service(name: str, prefix: str, port: int) -> None:
    (http,) = _gateway("VirtualService", name)["spec"]["http"]
    assert http["match"] == [{"uri": {"prefix": prefix}}]
    destination = http["route"][0]["destination"]
    service = recorded("kubeflow").inputs("kubernetes:core/v1:Service", f"kubeflow-login-{name}")
    assert destination["port"]["number"] == port == service["spec"]["ports"][0]["port"]
    metadata = service["metadata"]
    assert destination["host"] == f"{metadata['name']}.{metadata['namespace']}.svc.cluster.local"


def _policy(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = recorded("kubeflow").inputs(POLICY, name)["spec"]
    return found


def test_only_gateway_mesh_and_oauth2_proxy_reach_dex() -> None:
    (rule,) = _policy("auth-dex")["ingress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": 5556}]
    peers = [
        (
            peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"],
            peer["podSelector"]["matchLabels"].get("app")
            or peer["podSelector"]["matchLabels"]["app.kubernetes.io/name"],
        )
        for peer in rule["from"]
    ]
    assert peers == [
        ("istio-system", "istio-ingressgateway"), ("istio-system", "istiod"), ("oauth2-proxy", "oauth2-proxy"),
    ]  # fmt: skip


def test_oauth2_proxy_reaches_dex_and_dns_only() -> None:
    policy = _policy("oauth2-proxy-oauth2-proxy")
    (to_dex,) = policy["egress"]
    assert to_dex["ports"] == [{"protocol": "TCP", "port": 5556}]
    assert to_dex["to"][0]["podSelector"]["matchLabels"]["app.kubernetes.io/name"] == "dex"
    assert _policy("kubeflow-login-oauth2-proxy-namespace-default")["policyTypes"] == ["Ingress", "Egress"]


def test_pipelines_object_store_is_closed_to_mesh_pods_of_other_namespaces() -> None:
    recording = recorded("kubeflow")
    policy = recording.one("kubernetes:security.istio.io/v1:AuthorizationPolicy", "kubeflow-store")
    assert policy.inputs["metadata"]["namespace"] == "kubeflow"
    assert policy.inputs["spec"] == {
        "selector": {"matchLabels": {"app": "seaweedfs"}},
        "action": "DENY",
        "rules": [{"from": [{"source": {"principals": ["*"], "notNamespaces": ["kubeflow"]}}]}],
    }


# --- the way in ---


def test_load_balancer_checks_the_health_port_of_the_gateway() -> None:
    # Every page requires a login.
    recording = recorded("kubeflow")
    group = recording.inputs(GROUP_TYPE, "kubeflow")
    assert group["port"] == 8080, "the port of the pods, which the targets are"
    assert (group["healthCheck"]["port"], group["healthCheck"]["path"]) == ("15021", "/healthz/ready")
    opened = {
        rule.inputs["fromPort"] for rule in recording.all(IN) if "ingress" in rule.name or "kubeflow" in rule.name
    }
    assert {8080, 15021} <= opened
    binding = recording.inputs("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", "kubeflow")
    assert binding["spec"]["serviceRef"] == {"name": "istio-ingressgateway", "port": 80}
    assert binding["metadata"]["namespace"] == "istio-system"


def test_gateway_namespace_allows_the_load_balancer_subnets() -> None:
    (rule,) = _policy("kubeflow-load-balancer")["ingress"]
    assert [peer["ipBlock"]["cidr"] for peer in rule["from"]] == recorded("kubeflow").settings.network.public_cidrs()
    assert [port["port"] for port in rule["ports"]] == [8080, 15021]


def test_kubeflow_address_is_an_output() -> None:
    assert recorded("kubeflow").plan.outputs["kubeflow_url"] == "https://kubeflow.campus.example.com/"


def test_example_has_a_pinned_release() -> None:
    example = yaml.safe_load((Path(ROOT) / "docs" / "example-stack.yaml").read_text())
    assert example["config"]["ai-platform:kubeflow"]["version"] == KUBEFLOW
