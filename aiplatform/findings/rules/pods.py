"""Rules for pods: security context, resources, images and secrets."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from aiplatform.findings.rules.rule import Inputs, Problem, Rule
from aiplatform.findings.rules.values import given, holds, mapping, sequence
from catalog.reading.problems import did_you_mean, nearest
from catalog.reading.secrets import is_named_secret
from config.variables import references

_PATHS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Pod": ((),),
    "Deployment": (("spec", "template"),),
    "ReplicaSet": (("spec", "template"),),
    "StatefulSet": (("spec", "template"),),
    "DaemonSet": (("spec", "template"),),
    "Job": (("spec", "template"),),
    "CronJob": (("spec", "jobTemplate", "spec", "template"),),
    "LeaderWorkerSet": (
        ("spec", "leaderWorkerTemplate", "leaderTemplate"),
        ("spec", "leaderWorkerTemplate", "workerTemplate"),
    ),
}
"""Paths of the pod templates of each kind."""

_STANDARDS = "https://kubernetes.io/docs/concepts/security/pod-security-standards"
_SECRETS = "https://kubernetes.io/docs/concepts/configuration/secret"
_RESOURCES = "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers"
_IMAGES = "https://kubernetes.io/docs/concepts/containers/images/#image-names"
_KUBERNETES = ("kubernetes:",)


class _Container(NamedTuple):
    name: str
    inputs: Inputs
    pod: Inputs


def pod_specs(item: Inputs) -> Iterator[Inputs]:
    """Yield the pod specs of an object, the leader before its workers."""
    for path in _PATHS.get(str(item.get("kind")), ()):
        template: Any = item
        for key in path:
            template = mapping(template).get(key)
        if spec := mapping(mapping(template).get("spec")):
            yield spec


def _containers(item: Inputs) -> Iterator[_Container]:
    for pod in pod_specs(item):
        for one in (*sequence(pod.get("initContainers")), *sequence(pod.get("containers"))):
            inputs = mapping(one)
            yield _Container(str(inputs.get("name")), inputs, pod)


def _of_the_node(item: Inputs) -> Iterator[Problem]:
    for pod in pod_specs(item):
        for key in ("hostNetwork", "hostPID", "hostIPC"):
            if given(pod.get(key)) is True:
                yield Problem(f"its pods share a namespace of the node ({key})", f"remove {key}")
        for volume in sequence(pod.get("volumes")):
            if "hostPath" in mapping(volume):
                yield Problem(
                    f"the volume {mapping(volume).get('name')} is a hostPath volume",
                    "use a PersistentVolumeClaim, an emptyDir or a ConfigMap",
                )
    for container in _containers(item):
        if given(mapping(container.inputs.get("securityContext")).get("privileged")) is True:
            yield Problem(
                f"container {container.name} is privileged", "remove privileged, and add the capability that it needs"
            )


def _restricted(item: Inputs) -> Iterator[Problem]:
    for container in _containers(item):
        if missing := list(_unrestricted(container)):
            yield Problem(
                f"container {container.name} does not comply with the restricted Pod Security Standard: "
                f"{', '.join(missing)}",
                "set these in its securityContext",
            )


def _unrestricted(container: _Container) -> Iterator[str]:
    own, of_pod = mapping(container.inputs.get("securityContext")), mapping(container.pod.get("securityContext"))
    if given(own.get("runAsNonRoot", of_pod.get("runAsNonRoot"))) is not True:
        yield "runAsNonRoot: true"
    if given(own.get("allowPrivilegeEscalation")) is not False:
        yield "allowPrivilegeEscalation: false"
    if not holds(mapping(own.get("capabilities")).get("drop"), "ALL"):
        yield "capabilities.drop: [ALL]"
    profile = mapping(own.get("seccompProfile") or of_pod.get("seccompProfile"))
    if given(profile.get("type")) not in ("RuntimeDefault", "Localhost"):
        yield "seccompProfile.type: RuntimeDefault"


def _unmeasured(item: Inputs) -> Iterator[Problem]:
    for container in _containers(item):
        resources = mapping(container.inputs.get("resources"))
        requests, limits = mapping(resources.get("requests")), mapping(resources.get("limits"))
        missing = [f"requests.{name}" for name in ("cpu", "memory") if name not in requests and name not in limits]
        missing += ["limits.memory"] if "memory" not in limits else []
        if missing:
            yield Problem(
                f"container {container.name} has no {', '.join(missing)}: it can be placed on a full node, evicted "
                "first, or exhaust the node's memory",
                "set them in resources",
            )


def _unnamed_version(item: Inputs) -> Iterator[Problem]:
    for container in _containers(item):
        image = str(given(container.inputs.get("image")))
        if "@" in image:
            continue
        tag = image.rpartition("/")[2].partition(":")[2]
        if tag in ("", "latest"):
            yield Problem(
                f"container {container.name} has image {image} without a fixed version", "set a version or a digest"
            )


def _in_clear(item: Inputs) -> Iterator[Problem]:
    for container in _containers(item):
        for variable in sequence(container.inputs.get("env")):
            name, value = str(mapping(variable).get("name")), mapping(variable).get("value")
            if value and is_named_secret(name, str(given(value))):
                yield Problem(
                    f"container {container.name} has {name} in plain text, which users with access to pods can read",
                    "store it in Secrets Manager and use valueFrom.secretKeyRef",
                )


def _not_expanded(item: Inputs) -> Iterator[Problem]:
    for container in _containers(item):
        variables = [mapping(one) for one in sequence(container.inputs.get("env"))]
        names = [str(given(one.get("name"))) for one in variables]
        for index, variable in enumerate(variables):
            for other in references(str(given(variable.get("value")) or "")):
                if other in names[:index] or (other not in names and container.inputs.get("envFrom")):
                    continue
                said = f"container {container.name} has {names[index]} with $({other}), which is not expanded"
                if other in names:
                    yield Problem(f"{said}: {other} is defined after it", f"define {other} before {names[index]}")
                else:
                    hint = did_you_mean(other, [near] if (near := nearest(other, names)) else ())
                    yield Problem(
                        f"{said}: unknown variable{hint}", f"use a variable of the container, or write $$({other})"
                    )


RULES = (
    Rule(
        "node-access",
        "error",
        _KUBERNETES,
        "Pods do not use namespaces or directories of the node.",
        f"{_STANDARDS}/#baseline",
        _of_the_node,
    ),
    Rule(
        "restricted-pods",
        "warning",
        _KUBERNETES,
        "Containers comply with the restricted Pod Security Standard.",
        f"{_STANDARDS}/#restricted",
        _restricted,
    ),
    Rule(
        "pod-resources",
        "warning",
        _KUBERNETES,
        "Containers have CPU and memory requests and a memory limit.",
        f"{_RESOURCES}/",
        _unmeasured,
    ),
    Rule("image-version", "error", _KUBERNETES, "Images have a fixed version.", f"{_IMAGES}", _unnamed_version),
    Rule(
        "secret-in-clear",
        "error",
        _KUBERNETES,
        "Environment variables have no secrets in plain text.",
        f"{_SECRETS}/#using-secrets-as-environment-variables",
        _in_clear,
    ),
    Rule(
        "variable-order",
        "warning",
        _KUBERNETES,
        "Variables refer only to variables that are defined before them.",
        "https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/",
        _not_expanded,
    ),
)
