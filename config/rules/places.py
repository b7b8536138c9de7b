"""Regions and availability zones: they exist, and EKS has control planes in those of the cluster."""

from collections.abc import Iterator

from catalog.aws.regions import AS_OF, NO_CONTROL_PLANE, OPT_IN, SOME_ACCOUNTS, ZONES, may_be_new
from catalog.aws.regions import zones as zones_of
from catalog.reading.problems import Path, Problem, alternatives, did_you_mean
from config.rules.stack import Rule, Stack
from config.types.aws import InTable
from config.walk import marked

ASK = "check with `aws ec2 describe-availability-zones`"


def regions(stack: Stack) -> Iterator[Problem]:
    """Regions exist. One that can be newer than the table is a warning."""
    for path, region, marker in marked(stack.settings, InTable):
        if marker.of != "regions" or region in ZONES:
            continue
        if may_be_new(region):
            yield Problem(
                path,
                f"{region} is not in the table of regions of {AS_OF}; check that AWS has it, because its zones, "
                "instance types and prices are not checked",
                severity="warning",
            )
        else:
            yield Problem(path, f"unknown region {region!r}{did_you_mean(region, sorted(ZONES))}")


def enabled(stack: Stack) -> Iterator[Problem]:
    """Regions that every account has: others answer that the credentials are invalid until they are enabled."""
    for path, region, marker in marked(stack.settings, InTable):
        if marker.of == "regions" and region in OPT_IN:
            yield Problem(
                path,
                f"{region} is disabled in a new account, where every request fails with InvalidClientTokenId; enable "
                f"it with `aws account enable-region --region-name {region}` before you deploy",
                severity="warning",
            )


def zones(stack: Stack) -> Iterator[Problem]:
    """Zones exist in their region. Names of zones differ between accounts: those of some accounts are a warning."""
    region = stack.settings.project.region
    for path, zone, marker in marked(stack.settings, InTable):
        # rules.network reports a zone of another region, and `regions` an unknown region.
        if marker.of != "zones" or zone[:-1] != region or region not in ZONES or zone in zones_of(region):
            continue
        because: tuple[Path, ...] = (("project", "region"),)
        if zone in SOME_ACCOUNTS:
            yield Problem(
                path, f"only some accounts have {zone}; {ASK} before you deploy", severity="warning", because=because
            )
        else:
            yield Problem(path, f"unknown zone {zone!r}; choose {alternatives(zones_of(region))}", because=because)


def control_plane(stack: Stack) -> Iterator[Problem]:
    """The control plane is in two zones, which have subnets for it and control planes of EKS."""
    cluster, network = stack.settings.cluster, stack.settings.network
    try:
        tiers = network.tiers()
    except ValueError:
        return
    path: Path = ("cluster", "zones")
    covered = tuple(dict.fromkeys(subnet.zone for subnet in tiers.control_plane or tiers.private))
    for index, zone in enumerate(cluster.zones):
        if zone in cluster.zones[:index]:
            yield Problem((*path, index), f"duplicate zone {zone}")
        elif zone not in covered:
            yield Problem(
                (*path, index),
                f"{zone} has no subnet for the control plane{did_you_mean(zone, covered)}",
                because=(("network",),),
            )
    if len(set(cluster.zones)) == 1:
        yield Problem(path, "has one zone; EKS requires two")
    for index, zone in enumerate(cluster.zones or covered):
        if zone in NO_CONTROL_PLANE:
            yield Problem(
                (*path, index) if cluster.zones else ("network", "zones" if network.zones else "subnets"),
                f"{zone} is {NO_CONTROL_PLANE[zone]} in most accounts, where EKS has no control plane; {ASK} before "
                "you deploy, or set other zones in cluster.zones",
                severity="warning",
                because=(path, ("network",)),
            )


RULES: tuple[Rule, ...] = (regions, enabled, zones, control_plane)
