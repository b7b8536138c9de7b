"""What workloads refer to and rely on."""

from collections.abc import Iterator

from config.problems import Path, Problem
from config.rules.stack import Stack

_MLFLOW: Path = ("workloads", "mlflow")


def mlflow_references(stack: Stack) -> Iterator[Problem]:
    """MLflow's database and bucket are there, and the database is PostgreSQL."""
    mlflow = stack.settings.workloads.mlflow
    if mlflow is None:
        return
    yield from stack.reference((*_MLFLOW, "database"), mlflow.database, "databases")
    yield from stack.reference((*_MLFLOW, "bucket"), mlflow.bucket, "buckets")
    database = stack.settings.databases.get(mlflow.database)
    if database is not None and database.engine != "postgres":
        yield Problem(
            (*_MLFLOW, "database"),
            f"{mlflow.database} is {database.engine}; MLflow keeps runs and users in PostgreSQL, name such a database",
        )
    if mlflow.replicas.min > mlflow.replicas.max:
        yield Problem(
            (*_MLFLOW, "replicas", "min"),
            f"{mlflow.replicas.min} is above max, {mlflow.replicas.max}; lower it, or raise max",
            because=((*_MLFLOW, "replicas", "max"),),
        )


def mlflow_needs(stack: Stack) -> Iterator[Problem]:
    """Without these add-ons MLflow would be built and would not work."""
    mlflow, addons = stack.settings.workloads.mlflow, stack.settings.addons
    if mlflow is None:
        return
    for key, addon, why in (
        ("externalSecrets", addons.external_secrets, "brings MLflow's passwords into its pods"),
        ("loadBalancerController", addons.load_balancer_controller, "connects MLflow's pods with the load balancer"),
        ("metricsServer", addons.metrics_server, "measures what MLflow's autoscaler needs"),
        ("vpcCni", addons.vpc_cni, "gives pods their addresses"),
        ("coredns", addons.coredns, "resolves names in the cluster"),
    ):
        if not addon.enabled:
            yield Problem(("addons", key, "enabled"), f"false, but it {why}; switch it on, or remove workloads.mlflow")


def hosts(stack: Stack) -> Iterator[Problem]:
    """Public names lie in the domain whose zone and certificate the platform has."""
    mlflow, domain = stack.settings.workloads.mlflow, stack.settings.ingress.domain
    if mlflow is None or mlflow.host is None:
        return
    if domain is None:
        yield Problem(
            (*_MLFLOW, "host"), "needs ingress.domain; add it, or remove the host", because=(("ingress", "domain"),)
        )
    elif mlflow.host != domain and not mlflow.host.endswith(f".{domain}"):
        yield Problem(
            (*_MLFLOW, "host"),
            f"{mlflow.host} is not in ingress.domain, {domain}; write a name below it",
            because=(("ingress", "domain"),),
        )
