"""Versions of EKS add-ons and charts have a form that is accepted, and fit the platform and the cluster."""

import re
from collections.abc import Iterator

from catalog.addon_configuration import EKS_NAMES, KARPENTER_SINCE
from catalog.eks_releases import eks_releases
from catalog.reading.problems import Path, Problem
from config.addons import Addon
from config.parts import installed
from config.rules.stack import Rule, Stack

FORM = re.compile(r"v\d+\.\d+\.\d+-eksbuild\.\d+")
ASK = "`aws eks describe-addon-versions --kubernetes-version"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version.partition("-")[0])))


def forms(stack: Stack) -> Iterator[Problem]:
    """The version of an EKS add-on has the form that EKS accepts: v1.35.0-eksbuild.2."""
    for _, key, addon in stack.settings.addons.each():
        if addon.version is None or addon.CHARTS:
            continue
        path: Path = ("addons", key, "version")
        asked = f"{ASK} {stack.settings.cluster.version}` shows it"
        if not FORM.fullmatch(addon.version):
            yield Problem(
                path, f"{addon.version} is not a version of an EKS add-on; write it like v1.35.0-eksbuild.2, as {asked}"
            )
        elif key != "kubeProxy":
            yield from _beside_the_table(path, key, addon.version, stack.settings.cluster.version)


def _beside_the_table(path: Path, key: str, version: str, kubernetes: str) -> Iterator[Problem]:
    """Report an older minor version of CoreDNS, or an older major version of others, and any newer one."""
    table, name = eks_releases(), EKS_NAMES[key]
    pinned = table.addon(kubernetes, name)
    if pinned is None:
        return
    ours, theirs = _numbers(version), _numbers(pinned)
    parts = 2 if key == "coredns" else 1
    if ours > theirs:
        message = f"{version} is newer than {pinned}, the newest of {table.date} in the table; check with {ASK} "
    elif ours[:parts] < theirs[:parts]:
        message = f"{version} is much older than {pinned} of {table.date}, and EKS refuses a version that does not "
        message += f"support Kubernetes {kubernetes}; set {pinned}, or check with {ASK} "
    else:
        return
    yield Problem(path, f"{message}{kubernetes}`", "warning", because=(("cluster", "version"),))


def charts(stack: Stack) -> Iterator[Problem]:
    """A chart has the major version for which the platform sets values and objects."""
    present = installed(stack.settings)
    for name, key, addon in stack.settings.addons.each():
        if name in present and addon.version is not None and addon.CHARTS:
            yield from _chart(addon, key, addon.version)


def _chart(addon: Addon, key: str, version: str) -> Iterator[Problem]:
    pinned = addon.CHARTS[-1]
    if _numbers(version)[0] != _numbers(pinned.version)[0]:
        yield Problem(
            ("addons", key, "version"),
            f"{version} of the chart {pinned.name} has another major version than {pinned.version}, for which "
            "the platform sets values and objects; remove it, or deploy it to a test cluster first",
            "warning",
        )


def karpenter(stack: Stack) -> Iterator[Problem]:
    """Karpenter supports the Kubernetes version of the cluster."""
    cluster, version = stack.settings.cluster.version, stack.settings.addons.karpenter.version
    least = KARPENTER_SINCE.get(cluster)
    if version is not None and least is not None and stack.settings.node_pools and _numbers(version) < _numbers(least):
        yield Problem(
            ("addons", "karpenter", "version"),
            f"Karpenter {version} does not support Kubernetes {cluster}; set {least} or later, or remove it",
            because=(("cluster", "version"), ("nodePools",)),
        )


RULES: tuple[Rule, ...] = (forms, charts, karpenter)
