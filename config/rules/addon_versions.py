"""Versions of EKS add-ons: their form, and kube-proxy beside the version of the cluster."""

import re
from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from catalog.support import numbers
from config.rules.stack import Rule, Stack

FORM = re.compile(r"v(\d+\.\d+)\.\d+-eksbuild\.\d+")
SKEW = 3
"""Minor versions that kube-proxy can be older than the API server:
https://kubernetes.io/releases/version-skew-policy/#kube-proxy"""

ASK = "`aws eks describe-addon-versions --kubernetes-version"


def forms(stack: Stack) -> Iterator[Problem]:
    """The version of an EKS add-on has the form that EKS accepts: v1.35.0-eksbuild.2."""
    for _, key, addon in stack.settings.addons.each():
        if addon.version is not None and not addon.CHARTS and not FORM.fullmatch(addon.version):
            yield Problem(
                ("addons", key, "version"),
                f"{addon.version} is not a version of an EKS add-on; write it like v1.35.0-eksbuild.2, as "
                f"{ASK} {stack.settings.cluster.version}` shows it",
            )


def kube_proxy(stack: Stack) -> Iterator[Problem]:
    """kube-proxy is not newer than the cluster, and at most three minor versions older."""
    version, cluster = stack.settings.addons.kube_proxy.version, stack.settings.cluster.version
    found = FORM.fullmatch(version) if version is not None else None
    if found is None:
        return
    path: Path = ("addons", "kubeProxy", "version")
    because: tuple[Path, ...] = (("cluster", "version"),)
    behind = numbers(cluster)[1] - numbers(found[1])[1]
    if behind < 0 or behind > SKEW:
        how = "newer than" if behind < 0 else f"{behind} minor versions older than"
        yield Problem(path, f"{version} is {how} Kubernetes {cluster}; use v{cluster}, or remove it", because=because)
    elif behind:
        yield Problem(
            path,
            f"{version} is older than Kubernetes {cluster}; use v{cluster} after the upgrade of the nodes",
            severity="warning",
            because=because,
        )


RULES: tuple[Rule, ...] = (forms, kube_proxy)
