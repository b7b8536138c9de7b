"""What workloads refer to and rely on."""

from collections.abc import Iterator

from config.problems import Path, Problem
from config.rules.stack import Stack

_MLFLOW: Path = ("workloads", "mlflow")
_DOMAIN: Path = ("ingress", "domain")


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
    made_by_controller = stack.settings.ingress.owner == "controller"
    path = (*_MLFLOW, "host")
    if mlflow is None:
        return
    if mlflow.host is None:
        if made_by_controller and not mlflow.extra_hosts:
            yield Problem(
                path,
                "is missing, and a controller's load balancer has no name beforehand that MLflow could be told; "
                "write a host, or extraHosts",
                because=(("ingress", "owner"),),
            )
    elif domain is None:
        yield Problem(path, "needs ingress.domain; add it, or remove the host", because=(_DOMAIN,))
    elif mlflow.host != domain and not mlflow.host.endswith(f".{domain}"):
        yield Problem(
            path, f"{mlflow.host} is not in ingress.domain, {domain}; write a name below it", because=(_DOMAIN,)
        )
    elif mlflow.host == domain and made_by_controller:
        yield Problem(
            path,
            f"{mlflow.host} is the domain itself, which cannot lead to a controller's load balancer; write a name "
            "below it, or ingress.owner: pulumi",
            because=(_DOMAIN, ("ingress", "owner")),
        )
