"""Versions of charts of sections: values of the platform are for the major version that it installs.

rules/addon_versions.py compares those of add-ons.
"""

from collections.abc import Iterator, Mapping

from catalog import versions
from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack

CHARTS: Mapping[Path, versions.ChartVersion] = {
    ("monitoring",): versions.KUBE_PROMETHEUS_STACK,
    ("gitops",): versions.ARGO_CD,
    ("gitops", "imageUpdater"): versions.ARGO_CD_IMAGE_UPDATER,
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
