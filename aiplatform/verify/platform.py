"""Checks of the platform: cluster, data stores and environments."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, ip_address
from typing import Any

from aiplatform.verify.ask import CORE, condition, deployment_outcome, missing, pods_outcome, quota_outcome, some
from aiplatform.verify.model import Json, Outcome, Subject, failed, passed, warned
from aiplatform.verify.problem import FORBIDDEN, RefusedError
from components.sharing.environment.names import CACHE_CONFIGURATION, DATABASE_SECRET
from config.settings import Settings
from config.workloads.workload import Probe, Workload

_APPLY = "apply the stack again: `pulumi up`"
_NODE_GROUP = "eks.amazonaws.com/nodegroup"
_CAPACITY = "eks.amazonaws.com/capacityType"
"""https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html"""

TABLES = """
import os, sys, sqlalchemy
engine = sqlalchemy.create_engine(os.environ[sys.argv[1]])
with engine.connect() as connection:
    print(len(sqlalchemy.inspect(connection).get_table_names()))
"""
"""Python program that counts the tables of a database, with the URL in an environment variable of the pod."""

OBJECTS = """
import sys, boto3
print(boto3.client("s3").list_objects_v2(Bucket=sys.argv[1], MaxKeys=1)["KeyCount"])
"""
"""Python program that lists a bucket with the IAM role of the pod."""


def cluster(subject: Subject) -> Outcome:
    """Check that the control plane is active and has the version of the settings."""
    settings = subject.settings
    name = settings.cluster_name()
    try:
        found = subject.cloud.call("eks", "describe_cluster", name=name)["cluster"]
    except RefusedError as error:
        if error.code == "ResourceNotFoundException":
            return failed(f"there is no cluster {name} in {settings.project.region}", _APPLY)
        raise
    if found["status"] != "ACTIVE":
        return failed(f"{name} is {found['status']}", f"aws eks describe-cluster --name {name} --query cluster.health")
    if found["version"] != settings.cluster.version:
        return failed(f"{name} runs Kubernetes {found['version']}, not {settings.cluster.version}", _APPLY)
    return passed(f"{name} is ACTIVE and runs Kubernetes {found['version']}")


def nodes(subject: Subject) -> Outcome:
    """Check that nodes are ready, in private subnets, have the cluster's version, and reach the minimum number."""
    settings = subject.settings
    found = (subject.cluster.get("/api/v1/nodes") or {}).get("items", [])
    fewest = sum(group.scaling.min for group in settings.node_groups.values())
    scheduled = [name for name, group in settings.node_groups.items() if group.schedule is not None]
    if wrong := [message for node in found if (message := _wrong_node(settings, node))]:
        return failed(some(wrong), "kubectl get nodes -o wide")
    if len(found) < fewest:
        message = f"{len(found)} nodes of at least {fewest}"
        if scheduled:
            return warned(f"{message}; {', '.join(scheduled)} may be stopped by a schedule")
        return failed(message, "`aws eks describe-nodegroup` shows why a group does not grow")
    return passed(f"{len(found)} nodes are Ready with v{settings.cluster.version}")


def _wrong_node(settings: Settings, node: Json) -> str:
    name = node["metadata"]["name"]
    if not condition(node, "Ready"):
        return f"{name} is not Ready"
    version = node["status"]["nodeInfo"]["kubeletVersion"]
    if not version.startswith(f"v{settings.cluster.version}."):
        return f"{name} has {version}, not v{settings.cluster.version}"
    addresses = [one["address"] for one in node["status"].get("addresses", ()) if one["type"] == "InternalIP"]
    private = [IPv4Network(cidr) for cidr in settings.network.private_cidrs()]
    if not any(ip_address(address) in network for address in addresses for network in private):
        return f"{name} is at {', '.join(addresses) or 'no address'}, in no private subnet"
    return ""


def spot(subject: Subject) -> Outcome:
    """Check that the nodes of each group have the capacity type of the settings."""
    groups = subject.settings.node_groups
    found = (subject.cluster.get("/api/v1/nodes") or {}).get("items", [])
    wrong = []
    for node in found:
        labels = node["metadata"].get("labels", {})
        group = groups.get(labels.get(_NODE_GROUP, ""))
        wanted = {"spot": "SPOT", "onDemand": "ON_DEMAND"}[group.capacity] if group else ""
        if wanted and labels.get(_CAPACITY) != wanted:
            wrong.append(f"{node['metadata']['name']} is {labels.get(_CAPACITY)}, not {wanted}")
    if wrong:
        return failed(some(wrong), _APPLY)
    return passed(", ".join(f"{name}: {group.capacity}" for name, group in groups.items()))


def dns(subject: Subject) -> Outcome:
    """Check that CoreDNS is ready."""
    return pods_outcome(
        subject.cluster,
        "kube-system",
        "k8s-app=kube-dns",
        hint="kubectl -n kube-system describe pods -l k8s-app=kube-dns",
    )


def ebs_csi(subject: Subject) -> Outcome:
    """Check that the EBS CSI driver is ready."""
    selector = "app.kubernetes.io/name=aws-ebs-csi-driver"
    hint = f"kubectl -n kube-system describe pods -l {selector}"
    return pods_outcome(subject.cluster, "kube-system", selector, hint=hint)


def load_balancer_controller(subject: Subject) -> Outcome:
    """Check that the AWS Load Balancer Controller is available."""
    return deployment_outcome(subject.cluster, "kube-system", "aws-load-balancer-controller")


def _each(found: Iterable[Outcome]) -> Outcome:
    """Return the first result that is not passed, or else one result with all details."""
    outcomes = list(found)
    for verdict in ("failed", "warning"):
        for one in outcomes:
            if one.verdict == verdict:
                return one
    return passed("; ".join(one.detail for one in outcomes))


def databases(subject: Subject) -> Outcome:
    """Check that each RDS instance is available."""
    settings = subject.settings
    return _each(_database(subject, settings.database_identifier(key)) for key in settings.databases)


def _database(subject: Subject, identifier: str) -> Outcome:
    try:
        answer = subject.cloud.call("rds", "describe_db_instances", DBInstanceIdentifier=identifier)
    except RefusedError as error:
        if error.code in {"DBInstanceNotFound", "DBInstanceNotFoundFault"}:
            return failed(f"there is no database {identifier}", _APPLY)
        raise
    status = answer["DBInstances"][0]["DBInstanceStatus"]
    if status != "available":
        return failed(f"{identifier} is {status}", f"aws rds describe-events --source-identifier {identifier}")
    return passed(f"{identifier} is available")


def aurora(subject: Subject) -> Outcome:
    """Check that each Aurora cluster is available and all its instances are serverless."""
    settings = subject.settings
    return _each(_aurora(subject, settings.aurora_identifier(key)) for key in settings.aurora_clusters)


def _aurora(subject: Subject, identifier: str) -> Outcome:
    filters = [{"Name": "db-cluster-id", "Values": [identifier]}]
    try:
        found = subject.cloud.call("rds", "describe_db_clusters", DBClusterIdentifier=identifier)["DBClusters"][0]
        instances = subject.cloud.call("rds", "describe_db_instances", Filters=filters)["DBInstances"]
    except RefusedError as error:
        if error.code in {"DBClusterNotFound", "DBClusterNotFoundFault"}:
            return failed(f"there is no Aurora cluster {identifier}", _APPLY)
        raise
    if found["Status"] != "available":
        return failed(f"{identifier} is {found['Status']}", f"aws rds describe-events --source-identifier {identifier}")
    other = [one["DBInstanceIdentifier"] for one in instances if one["DBInstanceClass"] != "db.serverless"]
    if other or not instances:
        return failed(f"not serverless in {identifier}: {some(other) or 'no instance at all'}", _APPLY)
    return passed(f"{identifier} is available with {len(instances)} serverless instances")


def caches(subject: Subject) -> Outcome:
    """Check that each cache is available."""
    settings = subject.settings
    return _each(_cache(subject, settings.cache_identifier(key)) for key in settings.caches)


def _cache(subject: Subject, identifier: str) -> Outcome:
    try:
        answer = subject.cloud.call("elasticache", "describe_replication_groups", ReplicationGroupId=identifier)
    except RefusedError as error:
        if error.code == "ReplicationGroupNotFoundFault":
            return failed(f"there is no cache {identifier}", _APPLY)
        raise
    status = answer["ReplicationGroups"][0]["Status"]
    return (
        passed(f"{identifier} is available") if status == "available" else failed(f"{identifier} is {status}", _APPLY)
    )


def buckets(subject: Subject) -> Outcome:
    """Check that each bucket exists, with versioning if set."""
    settings = subject.settings
    return _each(
        _bucket(subject, settings.bucket_name(key), versioned=bucket.versioning and bucket.existing is None)
        for key, bucket in settings.buckets.items()
    )


def _bucket(subject: Subject, name: str, *, versioned: bool) -> Outcome:
    try:
        status = subject.cloud.call("s3", "get_bucket_versioning", Bucket=name).get("Status", "")
    except RefusedError as error:
        if error.code in {"404", "NoSuchBucket"}:
            return failed(f"there is no bucket {name}", _APPLY)
        raise
    if versioned and status != "Enabled":
        return failed(f"{name} is not versioned", _APPLY)
    return passed(f"{name} is there")


def _probes(settings: Settings, store: str) -> list[tuple[Workload, Probe]]:
    found = ((one.settings, probe) for one in settings.workloads.wanted() for probe in one.settings.probes())
    return [(workload, probe) for workload, probe in found if probe.store == store]


def probed(store: str) -> Callable[[Settings], bool]:
    """Return a function that decides whether a stack has probes of a store."""
    return lambda settings: bool(_probes(settings, store))


def database_login(subject: Subject) -> Outcome:
    """Check that pods of workloads can log in to their databases."""
    return _each(
        _in_pod(subject, workload, probe, (TABLES, probe.argument), "logs in; the database has {} tables")
        for workload, probe in _probes(subject.settings, "database")
    )


def bucket_access(subject: Subject) -> Outcome:
    """Check that pods of workloads can list their buckets with their IAM roles."""
    buckets = ((*one, subject.settings.bucket_name(one[1].argument)) for one in _probes(subject.settings, "bucket"))
    return _each(
        _in_pod(subject, workload, probe, (OBJECTS, name), f"lists s3://{name}") for workload, probe, name in buckets
    )


def _in_pod(subject: Subject, workload: Workload, probe: Probe, program: tuple[str, str], found: str) -> Outcome:
    """Run a Python program in a pod; only the number that it prints is shown."""
    place, container, title = workload.own_namespace(), probe.component, workload.TITLE
    selector = f"app.kubernetes.io/name={probe.app},app.kubernetes.io/component={container}"
    answer = subject.cluster.get(f"{CORE}/{place}/pods", labelSelector=selector) or {}
    running = [pod for pod in answer.get("items", []) if condition(pod, "Ready")]
    hint = f"kubectl -n {place} logs deployment/{probe.app} -c {container}"
    if not running:
        return failed(f"no pod of {title} is ready in {place}", hint)
    try:
        status, output = subject.cluster.run(
            place, running[0]["metadata"]["name"], container, ("python", "-c", *program)
        )
    except RefusedError as error:
        if error.code in FORBIDDEN:
            return warned(f"you may not run a command in {title}'s pod", "who may create pods/exec there can ask")
        raise
    lines = output.strip().splitlines() or [""]
    if status != 0:
        # Only the class of the error is shown: its text can contain a URL with a password.
        return failed(f"{title}'s pod fails: {lines[-1].partition(':')[0][:100]}", hint)
    return passed(f"{title}'s pod {found.format(lines[0] if lines[0].isdigit() else 'some')}")


def namespaces(subject: Subject) -> Outcome:
    """Check that the namespace of each environment exists."""
    settings = subject.settings
    wanted = [settings.namespace(name) for name in settings.environments]
    absent = [name for name in wanted if subject.cluster.get(f"{CORE}/{name}") is None]
    return (
        failed(f"there is no namespace {some(absent)}", _APPLY) if absent else passed(f"{', '.join(wanted)} are there")
    )


def quotas(subject: Subject) -> Outcome:
    """Check that the quota of each environment has the values of the settings."""
    return _each(_quota(subject, name) for name in subject.settings.environments)


def _quota(subject: Subject, environment: str) -> Outcome:
    namespace, name = subject.settings.namespace(environment), f"{environment}-quota"
    found = subject.cluster.get(f"{CORE}/{namespace}/resourcequotas/{name}")
    return quota_outcome(found, name, namespace, subject.settings.environments[environment].quota, hint=_APPLY)


def network_policies(subject: Subject) -> Outcome:
    """Check that each environment has a default-deny network policy."""
    return _named(subject, "/apis/networking.k8s.io/v1/namespaces", "networkpolicies", lambda _: ("default-deny",))


def priority_classes(subject: Subject) -> Outcome:
    """Check that each priority class exists with its value."""
    wrong = []
    for name, wanted in subject.settings.priority_classes.items():
        found = subject.cluster.get(f"/apis/scheduling.k8s.io/v1/priorityclasses/{name}")
        if found is None or found["value"] != wanted.value:
            wrong.append(f"{name} is {found['value'] if found else 'not there'}, not {wanted.value}")
    return failed(some(wrong), _APPLY) if wrong else passed(f"{', '.join(subject.settings.priority_classes)} are set")


def environment_secrets(subject: Subject) -> Outcome:
    """Check that each environment has its Secrets; only their names are read."""
    environments = subject.settings.environments
    return _named(subject, CORE, "secrets", lambda name: (DATABASE_SECRET,) if environments[name].database else ())


def environment_configuration(subject: Subject) -> Outcome:
    """Check that each environment has its ConfigMaps."""
    environments = subject.settings.environments
    return _named(subject, CORE, "configmaps", lambda name: (CACHE_CONFIGURATION,) if environments[name].cache else ())


def _named(subject: Subject, root: str, kind: str, wanted: Callable[[str], Iterable[str]]) -> Outcome:
    """Check that each environment has the objects with these names."""
    for environment in subject.settings.environments:
        place = subject.settings.namespace(environment)
        if absent := missing(subject.cluster, f"{root}/{place}/{kind}", wanted(environment)):
            return failed(f"{place} lacks {', '.join(absent)} ({kind})", _APPLY)
    return passed(f"{', '.join(subject.settings.environments)} have theirs")


def backups(subject: Subject) -> Outcome:
    """Check that each CronJob for dumps of a schema exists, is not suspended, and has succeeded."""
    return _each(_backup(subject, name) for name in _backed_up(subject.settings))


def _backed_up(settings: Settings) -> list[str]:
    return [name for name, one in settings.environments.items() if one.database and one.database.backup]


def _backup(subject: Subject, environment: str) -> Outcome:
    place, name = subject.settings.namespace(environment), f"{environment}-db-backup"
    found = subject.cluster.get(f"/apis/batch/v1/namespaces/{place}/cronjobs/{name}")
    if found is None:
        return failed(f"there is no CronJob {name} in {place}", _APPLY)
    if found["spec"].get("suspend"):
        return failed(
            f"{name} is suspended", f'kubectl -n {place} patch cronjob {name} -p \'{{"spec":{{"suspend":false}}}}\''
        )
    if not found.get("status", {}).get("lastSuccessfulTime"):
        return warned(
            f"{name} has not succeeded yet", f"kubectl -n {place} create job --from=cronjob/{name} first-dump"
        )
    return passed(f"{name} succeeded at {found['status']['lastSuccessfulTime']}")


def has(section: str) -> Callable[[Settings], bool]:
    """Return a function that decides whether a section of a stack is not empty."""

    def applies(settings: Settings) -> bool:
        value: Any = getattr(settings, section)
        return bool(value)

    return applies
