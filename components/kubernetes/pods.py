"""Parts of pods that comply with the restricted Pod Security Standard."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.documents import json_document
from config import variables as names
from config.nodes import Taint
from config.workloads.resources import Amounts, Resources

CONFIGURATION_ANNOTATION = "ai-platform/configuration"
APP_LABEL = "app.kubernetes.io/name"
PART_LABEL = "app.kubernetes.io/component"
GPU = "nvidia.com/gpu"
"""Resource name of the NVIDIA device plugin. Its requests must equal its limits:
https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/"""


def labels(app: str, component: str) -> dict[str, str]:
    """Return the recommended labels.

    https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
    """
    return {
        APP_LABEL: app,
        PART_LABEL: component,
        "app.kubernetes.io/part-of": "ai-platform",
        "app.kubernetes.io/managed-by": "pulumi",
    }


def selector(labels: Mapping[str, str]) -> dict[str, str]:
    """Return the labels that select pods. Selectors are immutable, so they use only the two constant labels."""
    return {key: labels[key] for key in (APP_LABEL, PART_LABEL)}


def pod_security(user: int) -> kubernetes.core.v1.PodSecurityContextArgs:
    """Return the security context of a pod that runs as a non-root user.

    https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
    """
    return kubernetes.core.v1.PodSecurityContextArgs(
        run_as_non_root=True,
        run_as_user=user,
        run_as_group=user,
        fs_group=user,
        seccomp_profile=kubernetes.core.v1.SeccompProfileArgs(type="RuntimeDefault"),
    )


def container_security() -> kubernetes.core.v1.SecurityContextArgs:
    """Return the security context of a container without privilege escalation that can write only to its volumes."""
    return kubernetes.core.v1.SecurityContextArgs(
        allow_privilege_escalation=False,
        read_only_root_filesystem=True,
        capabilities=kubernetes.core.v1.CapabilitiesArgs(drop=["ALL"]),
    )


def resources(
    settings: Resources, *, scratch: str | None = None, gpus: int = 0
) -> kubernetes.core.v1.ResourceRequirementsArgs:
    """Return resource requests and limits.

    `scratch` is the request of ephemeral storage. `gpus` is the number of NVIDIA GPUs.
    """
    disk = {"ephemeral-storage": scratch} if scratch else {}
    whole = {GPU: str(gpus)} if gpus else {}
    return kubernetes.core.v1.ResourceRequirementsArgs(
        requests={**_amounts(settings.requests), **disk, **whole}, limits={**_amounts(settings.limits), **whole}
    )


def _amounts(amounts: Amounts) -> dict[str, str]:
    return {**({"cpu": amounts.cpu} if amounts.cpu else {}), "memory": amounts.memory}


def environment(values: Mapping[str, pulumi.Input[str]]) -> list[kubernetes.core.v1.EnvVarArgs]:
    """Return environment variables with literal values."""
    return [kubernetes.core.v1.EnvVarArgs(name=name, value=value) for name, value in values.items()]


def in_order(
    variables: Iterable[kubernetes.core.v1.EnvVarArgs], *, named: Mapping[str, Collection[str]] | None = None
) -> list[kubernetes.core.v1.EnvVarArgs]:
    """Return the variables of a container, each after those that its value references as `$(NAME)`, otherwise sorted.

    Kubernetes does not expand a reference to a later variable. `named` lists the references of values that are not
    known yet.
    """
    by_name = {str(one.name): one for one in variables}
    mentioned = {name: names.references(one.value) for name, one in by_name.items() if isinstance(one.value, str)}
    order = names.in_order({**dict.fromkeys(by_name, ()), **mentioned, **(named or {})})
    return [by_name[name] for name in order if name in by_name]


def configuration_hash(data: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[str]:
    """Return a digest of a ConfigMap. Pods have it as an annotation, because they read the ConfigMap only at start."""
    document: pulumi.Output[str] = json_document(data, sort_keys=True)
    return document.apply(lambda text: hashlib.sha256(text.encode()).hexdigest()[:16])


def tolerate(taints: Sequence[Taint]) -> list[kubernetes.core.v1.TolerationArgs] | None:
    """Return tolerations that match these taints with the same value, or None if there are none."""
    return [
        kubernetes.core.v1.TolerationArgs(
            key=taint.key, operator="Equal", value=taint.value or None, effect=taint.effect
        )
        for taint in taints
    ] or None


def volume(name: str, **source: Any) -> kubernetes.core.v1.VolumeArgs:  # noqa: ANN401, a volume has one of many sources
    """Return a volume with one source: `empty_dir=`, `config_map=` or `secret=`."""
    return kubernetes.core.v1.VolumeArgs(name=name, **source)


def mount(name: str, path: str, *, read_only: bool = False) -> kubernetes.core.v1.VolumeMountArgs:
    """Return a volume mount of a container."""
    return kubernetes.core.v1.VolumeMountArgs(name=name, mount_path=path, read_only=read_only or None)


def probe(path: str, *, period: int, failures: int, port: str = "http") -> kubernetes.core.v1.ProbeArgs:
    """Return an HTTP probe of the named port, every `period` seconds, that fails after `failures` in a row."""
    return kubernetes.core.v1.ProbeArgs(
        http_get=kubernetes.core.v1.HTTPGetActionArgs(path=path, port=port),
        period_seconds=period,
        timeout_seconds=5,
        failure_threshold=failures,
    )


def sleep_first(seconds: int) -> kubernetes.core.v1.LifecycleArgs:
    """Return a preStop hook that keeps the container running for some seconds.

    Clients can send requests until every endpoint list has removed the pod.
    """
    return kubernetes.core.v1.LifecycleArgs(
        pre_stop=kubernetes.core.v1.LifecycleHandlerArgs(sleep=kubernetes.core.v1.SleepActionArgs(seconds=seconds))
    )
