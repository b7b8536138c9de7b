"""Versions of charts: values of the platform are for the major version that it installs."""

from collections.abc import Iterator, Mapping

from catalog import versions
from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack

CHARTS: Mapping[Path, versions.ChartVersion] = {
    ("monitoring",): versions.KUBE_PROMETHEUS_STACK,
    ("gitops",): versions.ARGO_CD,
    ("gitops", "imageUpdater"): versions.ARGO_CD_IMAGE_UPDATER,
    ("addons", "loadBalancerController"): versions.LOAD_BALANCER_CONTROLLER,
    ("addons", "externalSecrets"): versions.EXTERNAL_SECRETS,
    ("addons", "clusterAutoscaler"): versions.CLUSTER_AUTOSCALER,
    ("addons", "karpenter"): versions.KARPENTER,
    ("addons", "keda"): versions.KEDA,
    ("addons", "leaderWorkerSet"): versions.LEADER_WORKER_SET,
    ("addons", "nvidiaDevicePlugin"): versions.NVIDIA_DEVICE_PLUGIN,
}


def major_versions(stack: Stack) -> Iterator[Problem]:
    """A chart of another major version has other values, which Helm ignores or rejects."""
    for path, chart in CHARTS.items():
        given = stack.sections
        for part in path:
            found = given.get(str(part)) if isinstance(given, Mapping) else None
            given = found if isinstance(found, Mapping) else {}
        version = str(given.get("version") or chart.version).removeprefix("v")
        if version.partition(".")[0] != chart.version.removeprefix("v").partition(".")[0]:
            yield Problem(
                (*path, "version"),
                f"{version} is another major version of {chart.name} than {chart.version}, whose values the platform "
                "sets; check that it has them",
                severity="warning",
            )


RULES: tuple[Rule, ...] = (major_versions,)
