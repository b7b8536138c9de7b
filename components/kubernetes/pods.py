"""Pods as the restricted Pod Security Standard wants them."""

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
"""The resource of the device plugin; its requests and limits are the same: https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/"""


def labels(app: str, component: str) -> dict[str, str]:
    """The recommended labels: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"""
    return {
        APP_LABEL: app,
        PART_LABEL: component,
        "app.kubernetes.io/part-of": "ai-platform",
        "app.kubernetes.io/managed-by": "pulumi",
    }


def selector(labels: Mapping[str, str]) -> dict[str, str]:
    """The labels by which pods are found. They can never change, so they are the two that never have to."""
    return {key: labels[key] for key in (APP_LABEL, PART_LABEL)}


def pod_security(user: int) -> kubernetes.core.v1.PodSecurityContextArgs:
    """A pod of an ordinary user.

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
    """A container that can gain nothing and write nowhere but into its volumes."""
    return kubernetes.core.v1.SecurityContextArgs(
        allow_privilege_escalation=False,
        read_only_root_filesystem=True,
        capabilities=kubernetes.core.v1.CapabilitiesArgs(drop=["ALL"]),
    )


def resources(
    settings: Resources, *, scratch: str | None = None, gpus: int = 0
) -> kubernetes.core.v1.ResourceRequirementsArgs:
    """Requests and limits as the API has them, with the disk that the pod is sure of (`scratch`), and NVIDIA GPUs."""
    disk = {"ephemeral-storage": scratch} if scratch else {}
    whole = {GPU: str(gpus)} if gpus else {}
    return kubernetes.core.v1.ResourceRequirementsArgs(
        requests={**_amounts(settings.requests), **disk, **whole}, limits={**_amounts(settings.limits), **whole}
    )


def _amounts(amounts: Amounts) -> dict[str, str]:
    return {**({"cpu": amounts.cpu} if amounts.cpu else {}), "memory": amounts.memory}


def environment(values: Mapping[str, pulumi.Input[str]]) -> list[kubernetes.core.v1.EnvVarArgs]:
    """Plain environment variables."""
    return [kubernetes.core.v1.EnvVarArgs(name=name, value=value) for name, value in values.items()]


def in_order(
    variables: Iterable[kubernetes.core.v1.EnvVarArgs], *, named: Mapping[str, Collection[str]] | None = None
) -> list[kubernetes.core.v1.EnvVarArgs]:
    """The variables of a container: each after those that its value names as `$(NAME)`, else in alphabetical order.

    Kubernetes leaves a reference to a later variable as it is. `named` has what values name that are not known yet.
    """
    by_name = {str(one.name): one for one in variables}
    mentioned = {name: names.references(one.value) for name, one in by_name.items() if isinstance(one.value, str)}
    order = names.in_order({**dict.fromkeys(by_name, ()), **mentioned, **(named or {})})
    return [by_name[name] for name in order if name in by_name]


def configuration_hash(data: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[str]:
    """Changes with the content of a ConfigMap; pods carry it, because they read theirs at the start alone."""
    document: pulumi.Output[str] = json_document(data, sort_keys=True)
    return document.apply(lambda text: hashlib.sha256(text.encode()).hexdigest()[:16])


def tolerate(taints: Sequence[Taint]) -> list[kubernetes.core.v1.TolerationArgs] | None:
    """Lets pods stand on nodes with these taints, as far as they have the same value; None for none."""
    return [
        kubernetes.core.v1.TolerationArgs(
            key=taint.key, operator="Equal", value=taint.value or None, effect=taint.effect
        )
        for taint in taints
    ] or None


def volume(name: str, **source: Any) -> kubernetes.core.v1.VolumeArgs:  # noqa: ANN401, a volume has one of many sources
    """A volume with its one source: `empty_dir=`, `config_map=`, `secret=`."""
    return kubernetes.core.v1.VolumeArgs(name=name, **source)


def mount(name: str, path: str, *, read_only: bool = False) -> kubernetes.core.v1.VolumeMountArgs:
    """Where a container sees a volume."""
    return kubernetes.core.v1.VolumeMountArgs(name=name, mount_path=path, read_only=read_only or None)


def probe(path: str, *, period: int, failures: int, port: str = "http") -> kubernetes.core.v1.ProbeArgs:
    """A request to the container's port of this name, every `period` seconds; so many `failures` in a row decide."""
    return kubernetes.core.v1.ProbeArgs(
        http_get=kubernetes.core.v1.HTTPGetActionArgs(path=path, port=port),
        period_seconds=period,
        timeout_seconds=5,
        failure_threshold=failures,
    )


def sleep_first(seconds: int) -> kubernetes.core.v1.LifecycleArgs:
    """Serve on for a while after the pod is told to end: until then not everybody knows that it does."""
    return kubernetes.core.v1.LifecycleArgs(
        pre_stop=kubernetes.core.v1.LifecycleHandlerArgs(sleep=kubernetes.core.v1.SleepActionArgs(seconds=seconds))
    )
