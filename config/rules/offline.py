"""`nat: none`: everything that a platform without a route to the internet requires."""

from collections.abc import Iterator
from itertools import chain

from catalog.images import PUBLIC, ecr_region
from catalog.reading.problems import Path, Problem
from config.offline import GATEWAY, services
from config.rules.stack import Rule, Stack

_NAT: Path = ("network", "nat")
_EXISTING: Path = ("network", "subnets", "private")
_ENDPOINTS: Path = ("network", "endpoints")
_REGISTRY: Path = ("images", "registry")


def endpoints(stack: Stack) -> Iterator[Problem]:
    """There is an endpoint of each AWS service that the stack calls from inside the VPC."""
    network = stack.settings.network
    given = network.endpoints
    if not network.is_isolated() or given.add_missing:
        return
    missing = {service: why for service, why in services(stack.settings).items() if service not in given.reached()}
    if missing:
        named = "; ".join(f"{service} ({why})" for service, why in missing.items())
        yield Problem(
            (*_ENDPOINTS, "interface"),
            f"without NAT gateways, AWS services are only reachable through endpoints; add {named}, or set "
            "network.endpoints.addMissing: true",
            because=(_NAT, ("addons",), ("instances",), ("cluster", "workloadIdentity")),
        )
    if GATEWAY not in given.reached():
        yield Problem(
            (*_ENDPOINTS, "gateway"),
            f"without NAT gateways, nodes pull the layers of images through the gateway endpoint of S3; add {GATEWAY}",
            because=(_NAT,),
        )


def private_endpoint(stack: Stack) -> Iterator[Problem]:
    """Nodes without NAT gateways reach the Kubernetes API through its private endpoint."""
    if stack.settings.network.is_isolated() and not stack.settings.cluster.endpoint.private:
        yield Problem(
            ("cluster", "endpoint", "private"),
            "without NAT gateways, nodes reach the Kubernetes API only through the private endpoint; set true",
            because=(_NAT,),
        )


def registry(stack: Stack) -> Iterator[Problem]:
    """Nodes without NAT gateways pull images from a registry that they reach."""
    settings = stack.settings
    if not settings.network.is_isolated():
        return
    region = settings.project.region
    place = f"{settings.project.account_id or '<account>'}.dkr.ecr.{region}.amazonaws.com/mirror"
    wanted = settings.images.registry
    if wanted is None:
        yield Problem(
            _NAT if settings.network.vpc_id is None else _EXISTING,
            f"without NAT gateways, nodes reach no public registry; set images.registry, for example {place}, and copy "
            "the images that `aiplatform images` lists",
            because=(_REGISTRY,),
        )
        return
    elsewhere = ecr_region(wanted)
    if wanted.partition("/")[0] in PUBLIC:
        yield Problem(_REGISTRY, f"{wanted} is on the internet; use a registry in the VPC or ECR, like {place}")
    elif elsewhere is not None and elsewhere != region:
        yield Problem(
            _REGISTRY,
            f"{wanted} is in {elsewhere}, and the endpoints of ECR reach only {region}; replicate its repositories, "
            f"and use {place}",
            because=(("project", "region"),),
        )


def isolated_karpenter(stack: Stack) -> Iterator[Problem]:
    """Values of the stack file do not turn off what Karpenter requires without a route to IAM and the price list."""
    settings = stack.settings
    own = settings.addons.karpenter.values.get("settings")
    if settings.network.is_isolated() and isinstance(own, dict) and own.get("isolatedVPC") is False:
        yield Problem(
            ("addons", "karpenter", "values", "settings", "isolatedVPC"),
            "without NAT gateways, Karpenter cannot reach IAM and the price list; remove it",
            because=(_NAT,),
        )


def outside(stack: Stack) -> Iterator[Problem]:
    """Parts that call servers on the internet are reported: without NAT gateways they need a proxy or a copy inside."""
    if not stack.settings.network.is_isolated():
        return
    for path, why in chain(_models(stack), _receivers(stack), _repositories(stack), _servers(stack)):
        yield Problem(path, f"{why}, which the VPC does not reach without NAT gateways", "warning", because=(_NAT,))


def _models(stack: Stack) -> Iterator[tuple[Path, str]]:
    workloads = stack.settings.workloads
    for name, model in workloads.vllm.models.items() if workloads.vllm else ():
        path: Path = ("workloads", "vllm", "models", name)
        for key, hub in model.downloads():
            if key == ("model",):
                why = "downloads the model from huggingface.co; set weights.streamed, because that is a server"
                yield (*path, "weights"), why
            else:
                yield (*path, *key), f"downloads {hub} from huggingface.co"
    for name, provider in workloads.litellm.providers.items() if workloads.litellm else ():
        place: Path = ("workloads", "litellm", "providers", name)
        if not provider.is_aws():
            yield place, "is an API on the internet"
        elif provider.region not in {None, stack.settings.project.region}:
            yield (*place, "region"), f"is in {provider.region}, another region than that of the VPC's endpoints"


def _receivers(stack: Stack) -> Iterator[tuple[Path, str]]:
    monitoring = stack.settings.monitoring
    for name, receiver in monitoring.receivers.items() if monitoring else ():
        target = "Slack" if receiver.slack else "PagerDuty"
        yield ("monitoring", "receivers", name), f"sends alerts to {target}"


def _repositories(stack: Stack) -> Iterator[tuple[Path, str]]:
    gitops = stack.settings.gitops
    if gitops is not None and gitops.repository.startswith(("https://github.com/", "https://gitlab.com/")):
        yield ("gitops", "repository"), "is a server on the internet"


def _servers(stack: Stack) -> Iterator[tuple[Path, str]]:
    for key, server in stack.settings.instances.items():
        if server.is_bastion() and server.stands_in() != "public":
            yield ("instances", key), "downloads kubectl from dl.k8s.io at its first start"


RULES: tuple[Rule, ...] = (endpoints, private_endpoint, registry, isolated_karpenter, outside)
