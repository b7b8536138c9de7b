"""Versions of EKS add-ons and releases of node AMIs fit the cluster's Kubernetes version."""

import re
from collections.abc import Iterator

from catalog.eks_releases import eks_releases
from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack

OLDEST_KUBE_PROXY = 3
"""Minor versions that kube-proxy may be older than the API server; it may not be newer:
https://kubernetes.io/releases/version-skew-policy/#kube-proxy"""


def _minor(version: str) -> tuple[int, int]:
    major, minor = version.removeprefix("v").split(".")[:2]
    return int(major), int(minor)


def known(stack: Stack) -> Iterator[Problem]:
    """The table has the releases of the Kubernetes version, or the stack file sets them."""
    table, cluster = eks_releases(), stack.settings.cluster.version
    if cluster not in table.versions:
        yield Problem(
            ("cluster", "version"),
            f"catalog/data/eks-releases.yaml of {table.date} has no releases of Kubernetes {cluster}: EKS chooses the "
            "versions of add-ons and node groups once, when it creates them; set addons.*.version and "
            "nodeGroups.*.releaseVersion, or add them to the file",
            "warning",
        )
        return
    for name, group in stack.settings.node_groups.items():
        if group.release_version is None and table.node_release(cluster, group.operating_system) is None:
            yield Problem(
                ("nodeGroups", name),
                f"catalog/data/eks-releases.yaml of {table.date} has no release of {group.operating_system}: EKS "
                "chooses one once, when it creates the group; set releaseVersion",
                "warning",
            )


def node_releases(stack: Stack) -> Iterator[Problem]:
    """A release of the AL2023 AMI is one of the cluster's Kubernetes version."""
    cluster = stack.settings.cluster.version
    for name, group in stack.settings.node_groups.items():
        release = group.release_version
        own = "BOTTLEROCKET" if release is not None and not re.search(r"-\d{8}\Z", release) else "AL2023"
        if release is not None and own != group.operating_system:
            shown = "1.58.0-c5c37032" if own == "AL2023" else f"{cluster}.8-20260930"
            yield Problem(
                ("nodeGroups", name, "releaseVersion"),
                f"{release} is a release of {own}, and the group has {group.operating_system}; write it like {shown}",
                because=(("nodeGroups", name, "operatingSystem"),),
            )
            continue
        if release is None or group.operating_system != "AL2023" or _minor(release) == _minor(cluster):
            continue
        known_release = eks_releases().node_release(cluster, group.operating_system)
        yield Problem(
            ("nodeGroups", name, "releaseVersion"),
            f"{release} is not a release of Kubernetes {cluster}; "
            + (f"set {known_release}" if known_release else f"set one that begins with {cluster}"),
            because=(("cluster", "version"),),
        )


def kube_proxy(stack: Stack) -> Iterator[Problem]:
    """kube-proxy is not newer than the API server, and at most three minor versions older."""
    cluster, version = stack.settings.cluster.version, stack.settings.addons.kube_proxy.version
    if version is None:
        return
    (_, server), (_, proxy) = _minor(cluster), _minor(version)
    if not server - OLDEST_KUBE_PROXY <= proxy <= server:
        pinned = eks_releases().addon(cluster, "kube-proxy")
        yield Problem(
            ("addons", "kubeProxy", "version"),
            f"kube-proxy {version} does not support Kubernetes {cluster}; "
            + (f"set {pinned}, or remove the setting" if pinned else f"set one of {cluster}"),
            because=(("cluster", "version"),),
        )


RULES: tuple[Rule, ...] = (known, node_releases, kube_proxy)
