"""Versions of Kubernetes, of EKS add-ons, and of engines, with the classes that the region offers."""

from collections.abc import Iterator
from functools import partial

from aiplatform.doctor.question import Account, Answer, Question, Subject, fine, listed, unknown, wrong
from aiplatform.preview.plan import Resource
from aiplatform.quotas.need import known

TITLE, ORDER = "Versions", 40

_DATABASES = ("aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance")
_CACHES = ("aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/cluster:Cluster")


def questions(subject: Subject) -> Iterator[Question]:
    """Yield a question for the cluster's version, each add-on, and each database and cache."""
    version = subject.settings.cluster.version
    for _ in subject.of("eks:index:Cluster"):
        yield Question(f"Kubernetes {version}", partial(_kubernetes, subject, version))
    for one in subject.of("eks:index:Addon", "aws:eks/addon:Addon"):
        name, wanted = str(one.inputs.get("addonName")), one.inputs.get("addonVersion")
        chosen = str(wanted) if known(wanted) else None
        about = f"add-on {name} {chosen or 'in its default version'} for Kubernetes {version}"
        yield Question(about, partial(_addon, subject.region, name, chosen, version))
    for one in subject.of(*_DATABASES):
        region, engine = subject.index.region(one) or subject.region, _engine(subject, one)
        of_class = str(one.inputs.get("instanceClass"))
        if known(engine[0]) and of_class:
            about = f"{engine[0]} {engine[1]} on {of_class} in {region}"
            yield Question(about, partial(_database, region, engine, of_class))
    for one in subject.of(*_CACHES):
        region = subject.index.region(one) or subject.region
        engine = (str(one.inputs.get("engine")), str(one.inputs.get("engineVersion") or ""))
        about = f"{engine[0]} {engine[1]} on {one.inputs.get('nodeType')} in {region}"
        yield Question(about, partial(_cache, region, engine, str(one.inputs.get("nodeType"))))


def _engine(subject: Subject, one: Resource) -> tuple[str, str]:
    """Return engine and version; an instance of a cluster can have the cluster's."""
    found = next(iter(subject.index.depends(one, "aws:rds/cluster:Cluster")), one)
    return tuple(str(one.inputs.get(key) or found.inputs.get(key) or "") for key in ("engine", "engineVersion"))  # type: ignore[return-value]


def _kubernetes(subject: Subject, version: str, account: Account) -> Answer:
    found = list(account.listed(subject.region, "eks", "describe_cluster_versions", "clusterVersions", includeAll=True))
    status = {one["clusterVersion"]: str(one.get("versionStatus") or one.get("status")).upper() for one in found}
    offered = [name for name, state in status.items() if not state.startswith("UNSUPPORTED")]
    if version not in offered:
        return wrong(f"EKS offers {', '.join(sorted(offered)) or 'none'} in {subject.region}", "change cluster.version")
    if status[version].startswith("EXTENDED") and subject.settings.cluster.support == "STANDARD":
        return wrong(
            "it is in extended support, which cluster.support: STANDARD does not have",
            "change cluster.version, or set cluster.support: EXTENDED",
        )
    return fine(status[version].lower().replace("_", " "))


def _addon(region: str, name: str, wanted: str | None, version: str, account: Account) -> Answer:
    found = account.listed(
        region, "eks", "describe_addon_versions", "addons", addonName=name, kubernetesVersion=version
    )
    versions = [one for addon in found for one in addon["addonVersions"]]
    names = [one["addonVersion"] for one in versions]
    if not names:
        return wrong(f"EKS has no version of it for Kubernetes {version}", "change cluster.version, or disable it")
    if wanted is None or wanted in names:
        return fine("offered")
    default = next(
        (one["addonVersion"] for one in versions if any(c.get("defaultVersion") for c in one["compatibilities"])),
        names[0],
    )
    return wrong(f"EKS offers {listed(names)}", f"set the add-on's version in addons to {default}")


def _database(region: str, engine: tuple[str, str], of_class: str, account: Account) -> Answer:
    name, version = engine
    asked = {"Engine": name, **({"EngineVersion": version} if version else {})}
    found = list(account.listed(region, "rds", "describe_db_engine_versions", "DBEngineVersions", **asked))
    if not found:
        offered = account.listed(region, "rds", "describe_db_engine_versions", "DBEngineVersions", Engine=name)
        return wrong(
            f"RDS has no {name} {version}",
            f"set engineVersion to one of {listed(_majors(offered)) or 'another engine'}",
        )
    exact = found[-1]["EngineVersion"]
    options = account.listed(
        region,
        "rds",
        "describe_orderable_db_instance_options",
        "OrderableDBInstanceOptions",
        Engine=name,
        EngineVersion=exact,
        DBInstanceClass=of_class,
    )
    zones = sorted({zone["Name"] for one in options for zone in one.get("AvailabilityZones", ())})
    if not zones:
        return wrong(f"RDS offers no {of_class} with {name} {exact} in {region}", "change instanceClass")
    return fine(f"{exact} in {', '.join(zones)}")


def _majors(versions: Iterator[dict[str, str]]) -> list[str]:
    found = {one.get("MajorEngineVersion") or one["EngineVersion"] for one in versions}
    return sorted(found, key=lambda one: [int(part) if part.isdigit() else 0 for part in one.split(".")], reverse=True)


def _cache(region: str, engine: tuple[str, str], node_type: str, account: Account) -> Answer:
    name, version = engine
    found = [
        one["EngineVersion"]
        for one in account.listed(
            region, "elasticache", "describe_cache_engine_versions", "CacheEngineVersions", Engine=name
        )
    ]
    if version and not any(one == version or one.startswith(f"{version}.") for one in found):
        return wrong(f"ElastiCache offers {name} {listed(reversed(found))}", "change engineVersion")
    offers = account.listed(
        region,
        "elasticache",
        "describe_reserved_cache_nodes_offerings",
        "ReservedCacheNodesOfferings",
        CacheNodeType=node_type,
    )
    if next(iter(offers), None) is None:
        return unknown(f"ElastiCache has no list of node types, and no reserved nodes of {node_type} in {region}")
    return fine("offered")
