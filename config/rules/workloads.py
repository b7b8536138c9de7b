"""Workloads and applications: references, replicas, resources, GPUs and host names."""

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
    """MLflow's database and bucket exist, and the database is PostgreSQL (RDS or Aurora)."""
    mlflow = stack.settings.workloads.mlflow
    if mlflow is None:
        return
    yield from stack.reference((*_MLFLOW, "database"), mlflow.database, "databases", "auroraClusters")
    yield from stack.reference((*_MLFLOW, "bucket"), mlflow.bucket, "buckets")
    database = stack.settings.databases.get(mlflow.database)
    if database is not None and database.engine != "postgres":
        yield Problem(
            (*_MLFLOW, "database"),
            f"{mlflow.database} is a {database.engine} database; choose a PostgreSQL database",
        )


def replicas(stack: Stack) -> Iterator[Problem]:
    """Replica ranges are in order, and replicas are set in one place."""
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
            yield Problem(
                (*path, "replicas"), "has no effect with scaling; remove one of them", because=((*path, "scaling"),)
            )


def chat_workloads(stack: Stack) -> Iterator[tuple[Path, Litellm | OpenWebui]]:
    """Yield LiteLLM and Open WebUI with their paths, where they are set."""
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
    """Requests do not exceed limits, as Kubernetes requires."""
    for path, requests, limits, key in _amounts(stack):
        for resource, least, most in ((CPU, requests.cpu, limits.cpu), (MEMORY, requests.memory, limits.memory)):
            if least is not None and most is not None and amount(resource, least) > amount(resource, most):
                yield Problem(
                    (*path, key, resource),
                    f"{least} is above the limit, {most}; decrease it, or increase the limit",
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
    """Nodes with GPUs exist where an application requests GPUs."""
    if any(nodes.has_gpus() for _, nodes in all_nodes(stack)):
        return
    for path, environment, application in running(stack):
        name = str(path[-1])
        if application.gpus:
            own = stack.settings.environments[environment].services[name].gpus is not None
            yield Problem(
                (*path, "gpus") if own else ("applications", name, "gpus"),
                f"requests {application.gpus}, but no node group or node pool has GPUs; add one, for example "
                "{instanceTypes: [g6.xlarge]}",
                because=(("nodeGroups",), ("nodePools",)),
            )


def public_hosts(stack: Stack) -> Iterator[tuple[Path, str, str]]:
    """Yield the path of each setting with a public host, the host, and the URL path that it serves."""
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
    """Public hosts are in the platform's domain, and each host and path has one target."""
    domain, by_controller = stack.settings.ingress.domain, stack.settings.ingress.owner == "controller"
    mlflow = stack.settings.workloads.mlflow
    if mlflow is not None and mlflow.host is None and by_controller and not mlflow.extra_hosts:
        yield Problem(
            (*_MLFLOW, "host"),
            "is missing, and the host name of a controller's load balancer is not known before it exists; "
            "set host, or extraHosts",
            because=(("ingress", "owner"),),
        )
    first: dict[tuple[str, str], Path] = {}
    for path, host, below in public_hosts(stack):
        if domain is None:
            yield Problem(path, "requires ingress.domain; set it, or remove the host", because=(_DOMAIN,))
        elif host != domain and not host.endswith(f".{domain}"):
            yield Problem(path, f"{host} is not in ingress.domain, {domain}; use a name below it", because=(_DOMAIN,))
        elif host == domain and by_controller:
            yield Problem(
                path,
                f"{host} is the domain itself, which cannot be an alias of a controller's load balancer; use a name "
                "below it, or set ingress.owner: pulumi",
                because=(_DOMAIN, ("ingress", "owner")),
            )
        other = first.setdefault((host, below), path)
        if other != path:
            where = host if below == "/" else f"{host}{below}"
            yield Problem(
                path,
                f"{where} is already the address of {show(other[:-1])}; choose another host or path",
                because=((*path[:-1], "path"), (*other[:-1], "path")),
            )
