"""Rules for every Kubernetes object of every stack: pod security, requests, default-deny namespaces."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from aiplatform.preview.plan import SECRET, Resource
from tests.components.base import BOTH, EVERY_STACK, recorded, texts

WITHOUT_WORKLOADS = frozenset({"bare", "alarms", "backups"})
"""Variants in which nothing runs on the cluster."""

CRON_JOB = "kubernetes:batch/v1:CronJob"
GROUPS = "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet"
SERVERS = ("kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet")
PODS = (*SERVERS, "kubernetes:batch/v1:Job", CRON_JOB)
PREVIEW_PASSWORD = "preview-only-not-a-password"  # noqa: S105, what the recorded AWS answers; looked for
UNITS = {"": 1, "m": 0.001, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


def pod_template(resource: Resource) -> Mapping[str, Any]:
    """What the pods of a Deployment, a StatefulSet, a Job or a CronJob are made by."""
    spec = resource.inputs["spec"]
    template: Mapping[str, Any] = (spec["jobTemplate"]["spec"] if resource.type == CRON_JOB else spec)["template"]
    return template


def pod_templates(stack: str, unknown: bool = False) -> Iterator[tuple[Resource, Mapping[str, Any]]]:
    for type_ in PODS:
        for resource in recorded(stack, unknown).all(type_):
            yield resource, pod_template(resource)
    for resource in recorded(stack, unknown).all(GROUPS):
        group = resource.inputs["spec"]["leaderWorkerTemplate"]
        yield from ((resource, group[part]) for part in ("leaderTemplate", "workerTemplate"))


def pod_specs(stack: str, unknown: bool = False) -> Iterator[tuple[Resource, Mapping[str, Any]]]:
    for resource, template in pod_templates(stack, unknown):
        yield resource, template["spec"]


def containers(stack: str, unknown: bool = False) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for resource, spec in pod_specs(stack, unknown):
        for container in [*spec.get("initContainers", []), *spec["containers"]]:
            yield f"{resource.name}/{container['name']}", container


def amount(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)([A-Za-z]*)", text).groups()  # type: ignore[union-attr]
    return float(number) * UNITS[unit]


def objects(stack: str, type_: str, unknown: bool = False) -> list[Mapping[str, Any]]:
    return [resource.inputs for resource in recorded(stack, unknown).all(type_)]


def matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    return selector.get("matchLabels", {}).items() <= labels.items()


@EVERY_STACK
@BOTH
def test_no_object_has_a_kind_that_creates_pods_unseen_by_these_rules(stack: str, unknown: bool) -> None:
    workloads = {"Deployment", "Job", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "CronJob", "LeaderWorkerSet"}
    kinds = {item["kind"] for item in objects(stack, "kubernetes:", unknown) if "kind" in item} & workloads
    assert kinds <= {"Deployment", "StatefulSet", "Job", "CronJob", "LeaderWorkerSet"}
    assert bool(kinds) == (stack not in WITHOUT_WORKLOADS)


@EVERY_STACK
@BOTH
def test_image_has_a_registry_and_a_tag_other_than_latest(stack: str, unknown: bool) -> None:
    for where, container in containers(stack, unknown):
        registry, _, rest = container["image"].partition("/")
        assert "." in registry, where
        tag = rest.partition("@")[0].partition(":")[2]
        assert re.fullmatch(r"v?\d+\.\d+[\w.-]*|[a-z]+-\d{8}-\d{4}", tag), where


@EVERY_STACK
@BOTH
def test_environment_variable_is_defined_once(stack: str, unknown: bool) -> None:
    # The API server refuses duplicates.
    for name, container in containers(stack, unknown):
        variables = [one["name"] for one in container.get("env", [])]
        assert sorted(set(variables)) == sorted(variables), name


@EVERY_STACK
@BOTH
def test_container_requests_cpu_and_memory_and_has_a_memory_limit_above(stack: str, unknown: bool) -> None:
    counted = {
        quota["metadata"]["namespace"]
        for quota in objects(stack, "kubernetes:core/v1:ResourceQuota", unknown)
        if "limits.cpu" in quota["spec"]["hard"]
    }
    for resource, spec in pod_specs(stack, unknown):
        for container in [*spec.get("initContainers", []), *spec["containers"]]:
            where = f"{resource.name}/{container['name']}"
            requests, limits = container["resources"]["requests"], container["resources"]["limits"]
            assert {"cpu", "memory"} <= set(requests), where
            assert amount(limits["memory"]) >= amount(requests["memory"]), where
            assert amount(requests["cpu"]) > 0, where
            quota = resource.inputs["metadata"]["namespace"] in counted
            assert quota or "cpu" not in limits, f"{where}: a throttled server is slower, not cheaper"


@EVERY_STACK
@BOTH
def test_container_has_no_privileges_and_a_read_only_root(stack: str, unknown: bool) -> None:
    for where, container in containers(stack, unknown):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        }, where


@EVERY_STACK
@BOTH
def test_pod_runs_as_non_root_with_the_runtime_default_seccomp_profile(stack: str, unknown: bool) -> None:
    for resource, spec in pod_specs(stack, unknown):
        context = spec["securityContext"]
        assert context["runAsNonRoot"] is True, resource.urn
        assert context["runAsUser"] == context["runAsGroup"] == context["fsGroup"] > 0, resource.urn
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}, resource.urn
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec), resource.urn


@EVERY_STACK
@BOTH
def test_pod_has_no_service_links_and_a_token_only_where_needed(stack: str, unknown: bool) -> None:
    for resource, spec in pod_specs(stack, unknown):
        # MLFLOW_PORT=tcp://... of a Service named mlflow is what stops the server from starting.
        assert spec["enableServiceLinks"] is False, resource.urn
        # Dex stores in the Kubernetes API, and routers of models find replicas there.
        asks = resource.name == "kubeflow-login-dex" or resource.name.endswith("-router")
        assert spec["automountServiceAccountToken"] is asks, resource.urn


@EVERY_STACK
@BOTH
def test_pod_mounts_no_host_path_and_only_declared_volumes(stack: str, unknown: bool) -> None:
    for resource, spec in pod_specs(stack, unknown):
        volumes = {volume["name"]: set(volume) - {"name"} for volume in spec.get("volumes", [])}
        claims = {claim["metadata"]["name"] for claim in resource.inputs["spec"].get("volumeClaimTemplates", [])}
        # `projected` is the token of those who ask the API server.
        asks = {"projected"} if resource.name.endswith("-suspension") else set()
        allowed = {"emptyDir", "configMap", "secret", "persistentVolumeClaim", *asks}
        assert all(sources <= allowed for sources in volumes.values()), resource.urn
        empty = [volume["emptyDir"] for volume in spec.get("volumes", []) if "emptyDir" in volume]
        assert all("sizeLimit" in source for source in empty), f"{resource.urn} can fill the disk of its node"
        for container in spec["containers"]:
            mounts = {mount["name"] for mount in container["volumeMounts"]}
            assert mounts <= set(volumes) | claims, resource.urn


def _keys(spec: Mapping[str, Any]) -> set[str]:
    """The keys of an external secret: what its template makes, or what is read."""
    made = spec["target"].get("template", {}).get("data")
    return set(made) if made else {entry["secretKey"] for entry in spec["data"]}


@EVERY_STACK
@BOTH
def test_config_maps_and_secrets_of_a_pod_exist(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    maps = {
        (item.inputs["metadata"]["namespace"], item.inputs["metadata"]["name"]): item
        for item in recording.all("kubernetes:core/v1:ConfigMap")
    }

    def first_with(namespace: str, name: str, key: str | None, before: frozenset[str]) -> bool:
        """Whether a secret of this name, which may be unknown, is made first and has the key."""
        return any(
            item.urn in before
            and item.inputs["metadata"]["namespace"] == namespace
            and item.inputs["spec"]["target"]["name"] == name
            and key in {None, *_keys(item.inputs["spec"])}
            for item in recording.all("kubernetes:external-secrets.io/v1:ExternalSecret")
        )

    for resource, spec in pod_specs(stack, unknown):
        namespace, before = resource.inputs["metadata"]["namespace"], recording.before(resource)
        for volume in spec.get("volumes", []):
            if "configMap" in volume:
                assert maps[namespace, volume["configMap"]["name"]].urn in before
            if "secret" in volume:
                assert first_with(namespace, volume["secret"]["secretName"], None, before)
        for container in spec["containers"]:
            for variable in container.get("env", []):
                reference = variable.get("valueFrom", {}).get("secretKeyRef")
                if reference:
                    found = first_with(namespace, reference["name"], reference["key"], before)
                    assert found, f"{resource.name} would start without {variable['name']}"


@EVERY_STACK
@BOTH
def test_claims_and_whole_secrets_precede_their_pods(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    kinds = {
        "persistentVolumeClaim": "kubernetes:core/v1:PersistentVolumeClaim",
        "configMapRef": "kubernetes:core/v1:ConfigMap",
        "secretRef": "kubernetes:external-secrets.io/v1:ExternalSecret",
    }
    made = {
        (kind, item.inputs["metadata"]["namespace"], item.inputs["metadata"]["name"]): item.urn
        for kind, type_ in kinds.items()
        for item in recording.all(type_)
    }
    for resource, spec in pod_specs(stack, unknown):
        used = [volume for volume in spec.get("volumes", []) if "persistentVolumeClaim" in volume]
        sources = [source for container in spec["containers"] for source in container.get("envFrom", [])]
        for kind in kinds:
            for reference in (item[kind] for item in (*used, *sources) if kind in item):
                name = reference.get("claimName") or reference["name"]
                urn = made[kind, resource.inputs["metadata"]["namespace"], name]
                assert urn in recording.before(resource), f"{resource.name} would start without {name}"


@EVERY_STACK
@BOTH
def test_external_secret_names_a_store_of_its_namespace_and_one_property_per_key(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    stores = {
        (found["metadata"]["namespace"], found["metadata"]["name"])
        for found in objects(stack, "kubernetes:external-secrets.io/v1:SecretStore", unknown)
    }
    for item in recording.all("kubernetes:external-secrets.io/v1:ExternalSecret"):
        spec = item.inputs["spec"]
        assert spec["secretStoreRef"]["kind"] == "SecretStore", "a ClusterSecretStore would serve every tenant"
        assert (item.inputs["metadata"]["namespace"], spec["secretStoreRef"]["name"]) in stores
        assert all(entry["remoteRef"]["property"] for entry in spec["data"])
    assert recording.all("kubernetes:core/v1:Secret") == [], "passwords never pass through Pulumi's state"


@EVERY_STACK
@BOTH
def test_long_running_container_has_probes_and_a_server_has_all_three(stack: str, unknown: bool) -> None:
    for resource in (found for type_ in SERVERS for found in recorded(stack, unknown).all(type_)):
        first, *others = resource.inputs["spec"]["template"]["spec"]["containers"]
        assert {"startupProbe", "readinessProbe", "livenessProbe"} <= set(first), resource.urn
        for container in others:
            assert {"readinessProbe", "livenessProbe"} <= set(container), f"{resource.name}/{container['name']}"


@EVERY_STACK
@BOTH
def test_probe_uses_a_port_of_its_container(stack: str, unknown: bool) -> None:
    for where, container in containers(stack, unknown):
        ports = {port["name"] for port in container.get("ports", [])}
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            if "httpGet" in container.get(probe, {}):
                assert container[probe]["httpGet"]["port"] in ports, where


@EVERY_STACK
@BOTH
def test_namespace_enforces_the_restricted_standard(stack: str, unknown: bool) -> None:
    for item in objects(stack, "kubernetes:core/v1:Namespace", unknown):
        # The node exporter reads the node's own files and addresses; nothing else lives beside it.
        labels = item["metadata"]["labels"]
        wanted = "privileged" if item["metadata"]["name"] == "node-exporter" else "restricted"
        if "ai-platform/tenant" in labels and "istio-injection" in labels:
            # Kubeflow's controllers make pods of notebooks and steps that say nothing of their rights.
            wanted = "baseline"
        assert labels["pod-security.kubernetes.io/enforce"] == wanted


@EVERY_STACK
@BOTH
def test_namespace_of_the_platform_denies_traffic_by_default(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    made = {item["metadata"]["name"] for item in objects(stack, "kubernetes:core/v1:Namespace", unknown)}
    closed = {}
    for policy in recording.all("kubernetes:networking.k8s.io/v1:NetworkPolicy"):
        spec = policy.inputs["spec"]
        if spec["podSelector"] == {} and "ingress" not in spec and set(spec["policyTypes"]) == {"Ingress", "Egress"}:
            closed[policy.inputs["metadata"]["namespace"]] = spec["egress"]
    assert set(closed) == made
    for egress in closed.values():
        (rule,) = egress
        assert {(port["protocol"], port["port"]) for port in rule["ports"]} == {("UDP", 53), ("TCP", 53)}
        (peer,) = rule["to"]
        assert peer["podSelector"]["matchLabels"] == {"k8s-app": "kube-dns"}
        assert peer["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "kube-system"}


@EVERY_STACK
@BOTH
def test_pods_depend_on_the_policies_of_their_namespace(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    policies = recording.all("kubernetes:networking.k8s.io/v1:NetworkPolicy")
    for resource, template in pod_templates(stack, unknown):
        labels = template["metadata"]["labels"]
        mine = [
            policy
            for policy in policies
            if policy.inputs["metadata"]["namespace"] == resource.inputs["metadata"]["namespace"]
            and matches(policy.inputs["spec"]["podSelector"], labels)
        ]
        assert len(mine) >= 2, f"{resource.name}: the default and one of its own"
        assert {policy.urn for policy in mine} <= recording.before(resource), resource.urn


@EVERY_STACK
@BOTH
def test_no_policy_allows_everything(stack: str, unknown: bool) -> None:
    # An empty list of peers or ports means all of them.
    recording = recorded(stack, unknown)
    environments = {
        item.inputs["metadata"]["name"]: item.inputs["metadata"]["labels"].get("environment")
        for item in recording.all("kubernetes:core/v1:Namespace")
    }
    for policy in recording.all("kubernetes:networking.k8s.io/v1:NetworkPolicy"):
        spec = policy.inputs["spec"]
        own = environments.get(policy.inputs["metadata"]["namespace"])
        for rule in [*spec.get("ingress", []), *spec.get("egress", [])]:
            peers = [*rule.get("from", []), *rule.get("to", [])]
            assert peers, policy.urn
            # A selector of pods alone means those of the policy's namespace.
            inside = all(set(peer) == {"podSelector"} for peer in peers)
            environment = {"namespaceSelector": {"matchLabels": {"environment": own}}}
            inside |= own is not None and peers == [environment]
            assert inside or rule["ports"], f"{policy.urn}: all ports are for pods of the own namespace or environment"
            for peer in peers:
                assert (
                    peer.get("ipBlock", {}).get("cidr") != "0.0.0.0/0" or "169.254.0.0/16" in peer["ipBlock"]["except"]
                ), "instance metadata is no business of a pod"
        assert "0.0.0.0/0" not in list(texts(spec.get("ingress", []))), policy.urn


@EVERY_STACK
@BOTH
def test_every_selector_matches_its_pods(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    pods = {
        (item.inputs["metadata"]["namespace"], item.inputs["metadata"]["name"]): pod_template(item)["metadata"][
            "labels"
        ]
        for type_ in PODS
        for item in recording.all(type_)
    }
    for item in recording.all(GROUPS):
        namespace, name = item.inputs["metadata"]["namespace"], item.inputs["metadata"]["name"]
        for part in ("leader", "worker"):
            template = item.inputs["spec"]["leaderWorkerTemplate"][f"{part}Template"]
            pods[namespace, f"{name}-{part}"] = template["metadata"]["labels"]

    def found(namespace: str, selector: Mapping[str, str]) -> list[str]:
        return [
            name for (where, name), labels in pods.items() if where == namespace and selector.items() <= labels.items()
        ]

    for item in recording.all("kubernetes:apps/v1:Deployment"):
        namespace, name = item.inputs["metadata"]["namespace"], item.inputs["metadata"]["name"]
        assert found(namespace, item.inputs["spec"]["selector"]["matchLabels"]) == [name], "not the pods of a Job too"
        for constraint in item.inputs["spec"]["template"]["spec"].get("topologySpreadConstraints", ()):
            assert found(namespace, constraint["labelSelector"]["matchLabels"]) == [name]
    for item in recording.all("kubernetes:core/v1:Service"):
        if item.inputs["spec"].get("type") == "ExternalName":
            continue  # leads to a name outside
        wanted = dict(item.inputs["spec"]["selector"])
        # Given to each pod of a StatefulSet by its controller.
        single = wanted.pop("statefulset.kubernetes.io/pod-name", None)
        assert len(found(item.inputs["metadata"]["namespace"], wanted)) == 1, item.urn
        assert single is None or single.rpartition("-")[0] in found(item.inputs["metadata"]["namespace"], wanted)
    for item in recording.all("kubernetes:policy/v1:PodDisruptionBudget"):
        selector = item.inputs["spec"]["selector"]["matchLabels"]
        assert len(found(item.inputs["metadata"]["namespace"], selector)) == 1, item.urn


@EVERY_STACK
@BOTH
def test_autoscaler_targets_an_existing_deployment_and_container(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    deployments = {
        (item.inputs["metadata"]["namespace"], item.inputs["metadata"]["name"]): item
        for item in recording.all("kubernetes:apps/v1:Deployment")
    }
    for item in recording.all("kubernetes:autoscaling/v2:HorizontalPodAutoscaler"):
        spec = item.inputs["spec"]
        target = deployments[item.inputs["metadata"]["namespace"], spec["scaleTargetRef"]["name"]]
        assert "replicas" not in target.inputs["spec"], "two would write the number of replicas"
        (metric,) = spec["metrics"]
        containers_there = {c["name"]: c for c in target.inputs["spec"]["template"]["spec"]["containers"]}
        assert "cpu" in containers_there[metric["containerResource"]["container"]]["resources"]["requests"]
        assert 1 <= spec["minReplicas"] <= spec["maxReplicas"]


# --- secrets ---

SECRET_LOOKS = (
    # A password in a URL, a key that AWS hands out, a private key, an assignment.
    re.compile(r"://[^/\s:@]+:(?!\$\(\w+\)@)[^/\s@]+@"),
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    re.compile(r"(?i)\b(?:password|passwd|pwd|secret|token)\s*=\s*['\"]?[A-Za-z0-9]"),
)


@EVERY_STACK
@BOTH
def test_plan_holds_no_secret_in_clear(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for resource in recording.plan.resources:
        for text in texts(resource.inputs):
            assert PREVIEW_PASSWORD not in text, resource.urn
            if "users.py" in resource.inputs.get("data", {}):
                continue  # a program that reads passwords from files, which has a test of its own
            assert not [look.pattern for look in SECRET_LOOKS if look.search(text)], (resource.urn, text[:200])
    for text in texts(recording.plan.outputs):
        assert PREVIEW_PASSWORD not in text
        assert not [look.pattern for look in SECRET_LOOKS if look.search(text)]


@EVERY_STACK
@BOTH
def test_secret_values_are_masked(stack: str, unknown: bool) -> None:
    versions = recorded(stack, unknown).all("aws:secretsmanager/secretVersion:SecretVersion")
    assert {version.inputs["secretString"] for version in versions} <= {SECRET}
    if stack not in WITHOUT_WORKLOADS:
        assert versions


@EVERY_STACK
@BOTH
def test_containers_have_no_secret_in_plain_variables_or_arguments(stack: str, unknown: bool) -> None:
    for where, container in containers(stack, unknown):
        for variable in container.get("env", []):
            secret = re.search(r"PASSWORD$|SECRET|KEY$|PASSPHRASE|TOKEN", variable["name"])
            assert not secret or "secretKeyRef" in variable["valueFrom"], f"{where}: {variable['name']}"
        assert SECRET not in list(texts(container)), f"{where}: a secret of Pulumi's would stand in the cluster"


@EVERY_STACK
@BOTH
def test_connection_strings_are_secret_outputs(stack: str, unknown: bool) -> None:
    outputs = recorded(stack, unknown).plan.outputs
    for name, value in outputs.items():
        if name.startswith(("rds_endpoint", "rds_connection_string")):
            assert value == SECRET, name
    mlflow = recorded(stack, unknown).settings.workloads.mlflow
    assert ("rds_connection_string" in outputs) == (mlflow is not None)
