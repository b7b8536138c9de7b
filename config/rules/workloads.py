"""What workloads and applications refer to and rely on."""

from collections.abc import Iterator

from catalog.quantities import CPU, MEMORY, amount
from catalog.reading.problems import Path, Problem, show
from config.applications import Service
from config.rules.environments import running
from config.rules.nodes import all_nodes
from config.rules.stack import Stack, in_order
from config.workloads.litellm import Litellm
from config.workloads.open_webui import OpenWebui
from config.workloads.resources import Amounts, Resources
from config.workloads.vllm import VllmModel

_MLFLOW: Path = ("workloads", "mlflow")
_DOMAIN: Path = ("ingress", "domain")


def mlflow_references(stack: Stack) -> Iterator[Problem]:
    """MLflow's database and bucket are there, and the database is PostgreSQL, of RDS or Aurora."""
    mlflow = stack.settings.workloads.mlflow
    if mlflow is None:
        return
    yield from stack.reference((*_MLFLOW, "database"), mlflow.database, "databases", "auroraClusters")
    yield from stack.reference((*_MLFLOW, "bucket"), mlflow.bucket, "buckets")
    database = stack.settings.databases.get(mlflow.database)
    if database is not None and database.engine != "postgres":
        yield Problem(
            (*_MLFLOW, "database"),
            f"{mlflow.database} is {database.engine}; MLflow keeps runs and users in PostgreSQL, name such a database",
        )


def replicas(stack: Stack) -> Iterator[Problem]:
    """Whatever scales does so upwards, and a number of replicas is said in one way."""
    settings = stack.settings
    if settings.workloads.mlflow is not None:
        yield from in_order((*_MLFLOW, "replicas"), settings.workloads.mlflow.replicas)
    for path, workload in chat_workloads(stack):
        yield from in_order((*path, "replicas"), workload.replicas)
    for name, application in settings.applications.items():
        yield from in_order(("applications", name, "scaling"), application.scaling)
    for path, service in _services(stack):
        yield from in_order((*path, "scaling"), service.scaling)
        if service.replicas is not None and service.scaling is not None:
            yield Problem((*path, "replicas"), "is not used beside scaling; keep one", because=((*path, "scaling"),))


def chat_workloads(stack: Stack) -> Iterator[tuple[Path, Litellm | OpenWebui]]:
    """The gateway to models and the pages in front of it."""
    for key, workload in (
        ("litellm", stack.settings.workloads.litellm),
        ("openWebui", stack.settings.workloads.open_webui),
    ):
        if workload is not None:
            yield ("workloads", key), workload


def _models(stack: Stack) -> Iterator[tuple[Path, VllmModel]]:
    vllm = stack.settings.workloads.vllm
    for name, model in (vllm.models if vllm else {}).items():
        yield ("workloads", "vllm", "models", name), model


def _services(stack: Stack) -> Iterator[tuple[Path, Service]]:
    for environment, settings in stack.settings.environments.items():
        for name, service in settings.services.items():
            yield ("environments", environment, "services", name), service


def resources(stack: Stack) -> Iterator[Problem]:
    """Kubernetes refuses containers whose requests are above their limits."""
    for path, requests, limits, key in _amounts(stack):
        for resource, least, most in ((CPU, requests.cpu, limits.cpu), (MEMORY, requests.memory, limits.memory)):
            if least is not None and most is not None and amount(resource, least) > amount(resource, most):
                yield Problem(
                    (*path, key, resource),
                    f"{least} is above the limit, {most}; lower it, or raise the limit",
                    because=((*path, key.replace("request", "limit")),),
                )


def _amounts(stack: Stack) -> Iterator[tuple[Path, Amounts, Amounts, str]]:
    settings, mlflow = stack.settings, stack.settings.workloads.mlflow
    found: list[tuple[Path, Resources]] = [((*_MLFLOW, "resources"), mlflow.resources)] if mlflow else []
    found += [((*path, "resources"), workload.resources) for path, workload in chat_workloads(stack)]
    found += [((*path, "resources"), model.resources) for path, model in _models(stack)]
    kafka = settings.workloads.kafka
    if kafka is not None:
        found.append((("workloads", "kafka", "resources"), kafka.resources))
        found.append((("workloads", "kafka", "quorumResources"), kafka.quorum_resources))
    redis = settings.workloads.redis
    found += [(("workloads", "redis", "resources"), redis.resources)] if redis else []
    found += [(("applications", name, "resources"), one.resources) for name, one in settings.applications.items()]
    found += [((*path, "resources"), service.resources) for path, service in _services(stack) if service.resources]
    for path, one in found:
        yield path, one.requests, one.limits, "requests"
    for name, environment in settings.environments.items():
        path = ("environments", name, "limitRange")
        yield path, environment.limit_range.request, environment.limit_range.limit, "request"


def gpus(stack: Stack) -> Iterator[Problem]:
    """Where something asks for GPUs there are nodes with some."""
    if any(nodes.has_gpus() for _, nodes in all_nodes(stack)):
        return
    for path, environment, application in running(stack):
        name = str(path[-1])
        if application.gpus:
            own = stack.settings.environments[environment].services[name].gpus is not None
            yield Problem(
                (*path, "gpus") if own else ("applications", name, "gpus"),
                f"asks for {application.gpus}, and no node group or node pool has GPUs; add one, like "
                "{instanceTypes: [g6.xlarge]}",
                because=(("nodeGroups",), ("nodePools",)),
            )


def public_hosts(stack: Stack) -> Iterator[tuple[Path, str, str]]:
    """Every public name, where it is set, and the paths below it that it stands for."""
    settings = stack.settings
    for path, section in (
        (_MLFLOW, settings.workloads.mlflow),
        *chat_workloads(stack),
        (("monitoring",), settings.monitoring),
        (("gitops",), settings.gitops),
        (("kubeflow",), settings.kubeflow),
    ):
        if section is not None and section.host is not None:
            yield (*path, "host"), section.host, "/"
    for path, model in _models(stack):
        if model.host is not None:
            yield (*path, "host"), model.host, "/v1"
    for path, service in _services(stack):
        if service.host is not None:
            yield (*path, "host"), service.host, service.path


def hosts(stack: Stack) -> Iterator[Problem]:
    """Public names lie in the domain whose zone and certificate the platform has, and each leads to one place."""
    domain, by_controller = stack.settings.ingress.domain, stack.settings.ingress.owner == "controller"
    mlflow = stack.settings.workloads.mlflow
    if mlflow is not None and mlflow.host is None and by_controller and not mlflow.extra_hosts:
        yield Problem(
            (*_MLFLOW, "host"),
            "is missing, and a controller's load balancer has no name beforehand that MLflow could be told; "
            "write a host, or extraHosts",
            because=(("ingress", "owner"),),
        )
    first: dict[tuple[str, str], Path] = {}
    for path, host, below in public_hosts(stack):
        if domain is None:
            yield Problem(path, "needs ingress.domain; add it, or remove the host", because=(_DOMAIN,))
        elif host != domain and not host.endswith(f".{domain}"):
            yield Problem(path, f"{host} is not in ingress.domain, {domain}; write a name below it", because=(_DOMAIN,))
        elif host == domain and by_controller:
            yield Problem(
                path,
                f"{host} is the domain itself, which cannot lead to a controller's load balancer; write a name "
                "below it, or ingress.owner: pulumi",
                because=(_DOMAIN, ("ingress", "owner")),
            )
        other = first.setdefault((host, below), path)
        if other != path:
            where = host if below == "/" else f"{host}{below}"
            yield Problem(
                path,
                f"{where} leads to {show(other[:-1])} too; choose another host or path",
                because=((*path[:-1], "path"), (*other[:-1], "path")),
            )
