"""What workloads and applications refer to and rely on."""

from collections.abc import Iterator

from config.addons import Addon
from config.applications import Service
from config.problems import Path, Problem, show
from config.quantities import CPU, MEMORY, amount
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
    for path, workload in _chat(stack):
        yield from in_order((*path, "replicas"), workload.replicas)
    for name, application in settings.applications.items():
        yield from in_order(("applications", name, "scaling"), application.scaling)
    for path, service in _services(stack):
        yield from in_order((*path, "scaling"), service.scaling)
        if service.replicas is not None and service.scaling is not None:
            yield Problem((*path, "replicas"), "is not used beside scaling; keep one", because=((*path, "scaling"),))


def _chat(stack: Stack) -> Iterator[tuple[Path, Litellm | OpenWebui]]:
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
    found += [((*path, "resources"), workload.resources) for path, workload in _chat(stack)]
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


def needs(stack: Stack) -> Iterator[Problem]:
    """Without these add-ons something would be built and would not work."""
    settings, addons = stack.settings, stack.settings.addons
    mlflow, environments = settings.workloads.mlflow is not None, bool(settings.environments)
    tenants = settings.tenants is not None
    chat = next((show(path) for path, _ in _chat(stack)), "")
    kept = next((f"workloads.{key}" for key, one in settings.workloads if one is not None and one.has_volumes()), "")
    kafka_outside = settings.workloads.kafka.load_balancer if settings.workloads.kafka else None
    kafka_users = kafka_outside is not None and bool(kafka_outside.users)
    tenant_mlflow = settings.tenants is not None and settings.tenants.mlflow is not None
    kubeflow = settings.kubeflow
    login = kubeflow is not None and kubeflow.has("login")
    pipelines = kubeflow is not None and kubeflow.has("pipelines")
    users = any(database.users for database in settings.databases.values())
    scaled = any(application.scaling for _, _, application in running(stack))
    hosts = any(path[0] != "workloads" for path, _, _ in _hosts(stack))
    rows: tuple[tuple[str, Addon, tuple[tuple[bool, str, str], ...]], ...] = (
        (
            "externalSecrets",
            addons.external_secrets,
            (
                (mlflow, "brings MLflow's passwords into its pods", "workloads.mlflow"),
                (bool(chat), "brings passwords and keys into its pods", chat),
                (settings.workloads.redis is not None, "brings Redis's passwords into its pods", "workloads.redis"),
                (kafka_users, "brings the users' passwords to Kafka", "workloads.kafka.loadBalancer.users"),
                (environments, "brings the environments' passwords into their pods", "environments"),
                (settings.monitoring is not None, "brings the receivers' keys to Alertmanager", "monitoring"),
                (settings.gitops is not None, "brings Argo CD's credentials to it", "gitops"),
                (users, "brings the users' passwords to the Jobs that make them", "users of databases"),
                (tenant_mlflow, "brings the tenants' database passwords into their pods", "tenants.mlflow"),
                (login, "brings the hashes of passwords to Kubeflow's login", "kubeflow's part login"),
            ),
        ),
        (
            "loadBalancerController",
            addons.load_balancer_controller,
            (
                (mlflow, "connects MLflow's pods with the load balancer", "workloads.mlflow"),
                (any(one.host for _, one in _chat(stack)), "connects its pods with the load balancer", chat),
                (hosts, "connects pods with the load balancer", "every host"),
                (
                    kafka_outside is not None,
                    "connects Kafka's brokers with their load balancer",
                    "workloads.kafka.loadBalancer",
                ),
            ),
        ),
        (
            "metricsServer",
            addons.metrics_server,
            (
                (mlflow, "measures what MLflow's autoscaler needs", "workloads.mlflow"),
                (bool(chat), "measures what its autoscaler needs", chat),
                (scaled, "measures what the services' autoscalers need", "scaling"),
            ),
        ),
        (
            "vpcCni",
            addons.vpc_cni,
            (
                (mlflow, "gives pods their addresses", "workloads.mlflow"),
                (bool(chat), "gives pods their addresses", chat),
                (bool(kept), "gives pods their addresses", kept),
                (environments, "gives pods their addresses", "environments"),
                (tenants, "gives pods their addresses", "tenants"),
                (kubeflow is not None, "gives pods their addresses", "kubeflow"),
            ),
        ),
        (
            "coredns",
            addons.coredns,
            (
                (mlflow, "resolves names in the cluster", "workloads.mlflow"),
                (bool(chat), "resolves names in the cluster", chat),
                (bool(kept), "resolves names in the cluster", kept),
                (environments, "resolves names in the cluster", "environments"),
                (tenants, "resolves names in the cluster", "tenants"),
                (kubeflow is not None, "resolves names in the cluster", "kubeflow"),
            ),
        ),
        (
            "ebsCsi",
            addons.ebs_csi,
            (
                (settings.monitoring is not None, "makes Prometheus' volume", "monitoring"),
                (bool(kept), "makes the volumes of its pods", kept),
                (tenant_mlflow, "makes the volume of the tenants' PostgreSQL", "tenants.mlflow"),
                (pipelines, "makes the volumes of pipelines", "kubeflow's part pipelines"),
            ),
        ),
        ("efsCsi", addons.efs_csi, ((bool(settings.file_systems), "mounts file systems", "fileSystems"),)),
        ("karpenter", addons.karpenter, ((bool(settings.node_pools), "brings the nodes of node pools", "nodePools"),)),
    )
    for key, addon, reasons in rows:
        why = next(((why, whose) for wanted, why, whose in reasons if wanted), None)
        if why is not None and not addon.enabled:
            yield Problem(("addons", key, "enabled"), f"false, but it {why[0]}; switch it on, or remove {why[1]}")
    if addons.vpc_cni.enabled and not addons.vpc_cni.network_policy:
        for apart, one, whose in ((environments, "environment", "environments"), (tenants, "tenant", "tenants")):
            if apart:
                yield Problem(
                    ("addons", "vpcCni", "networkPolicy"),
                    f"false lets every {one} reach the others; switch it on, or remove {whose}",
                )


def _hosts(stack: Stack) -> Iterator[tuple[Path, str, str]]:
    settings = stack.settings
    for path, section in (
        (_MLFLOW, settings.workloads.mlflow),
        *_chat(stack),
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
    for path, host, below in _hosts(stack):
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
            yield Problem(path, f"{where} leads to {show(other[:-1])} too; choose another host or path")
