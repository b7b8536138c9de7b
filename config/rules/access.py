"""Access to the Kubernetes API, IAM permissions of users, and Service addresses."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from catalog.reading.problems import Problem, nearest
from config.exposure import PRIVATE_RANGES
from config.parts import namespaces
from config.rules.stack import Rule, Stack

DOCUMENTATION = tuple(map(IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))
"""RFC 5737: reserved for documentation, never assigned."""

EXAMPLES = (".example", ".example.com", ".example.net", ".example.org")
"""RFC 2606: reserved for documentation; no CA issues a certificate for them."""


def endpoint(stack: Stack) -> Iterator[Problem]:
    """The API has an endpoint, and networks are set for a public endpoint alone."""
    settings = stack.settings.cluster.endpoint
    path = ("cluster", "endpoint")
    if not settings.public and not settings.private:
        yield Problem(path, "is neither public nor private; enable one of them")
    elif not settings.private and not stack.settings.network.is_isolated():
        # publicCidrs would have to hold the NAT gateways' addresses, which exist only after the first deployment:
        # https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
        yield Problem(
            (*path, "private"),
            "must be true: nodes would reach the Kubernetes API through their NAT gateways, whose addresses are not in "
            "publicCidrs, and could not join the cluster; remove it, or set private: true",
            because=((*path, "public"),),
        )
    if settings.public and not settings.public_cidrs:
        yield Problem(
            (*path, "publicCidrs"),
            "is missing; set the networks of your users and your CI, or public: false",
            because=((*path, "public"),),
        )
    if not settings.public and settings.public_cidrs:
        yield Problem((*path, "publicCidrs"), "has no effect with public: false; remove it, or set public: true")


def aws_permissions(stack: Stack) -> Iterator[Problem]:
    """IAM permissions are granted to roles that this stack creates, on resources that exist."""
    settings = stack.settings
    for name, access in settings.cluster.access.items():
        path = ("cluster", "access", name, "aws")
        if access.aws and access.principal_arn is not None:
            yield Problem(
                path,
                "grants IAM permissions to a role that this stack creates, but principalArn names an existing one; "
                "remove one of them",
                because=(("cluster", "access", name, "principalArn"),),
            )
        if "pushImages" in access.aws and not settings.repositories:
            yield Problem(
                (*path, access.aws.index("pushImages")),
                "pushImages has no repository to push to; add one to repositories, or remove it",
                because=(("repositories",),),
            )
        if len(set(access.aws)) < len(access.aws):
            yield Problem(path, "has a duplicate permission; remove one")


def scopes(stack: Stack) -> Iterator[Problem]:
    """Namespaces of an access entry exist: EKS accepts an unknown one, and the user has access to nothing."""
    settings = stack.settings
    own = {environment.namespace or name for name, environment in settings.environments.items()}
    known = sorted({*namespaces(settings), *own})
    for name, access in settings.cluster.access.items():
        for index, namespace in enumerate(access.namespaces):
            similar = nearest(namespace, known) if namespace not in known else None
            if similar is not None:
                yield Problem(
                    ("cluster", "access", name, "namespaces", index),
                    f"no namespace of the platform is named {namespace}; did you mean {similar}? EKS accepts an "
                    "unknown namespace",
                    "warning",
                    because=(("environments",), ("workloads",)),
                )


def service_cidr(stack: Stack) -> Iterator[Problem]:
    """Services have their own private range: https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html"""
    cidr = stack.settings.cluster.service_cidr
    if cidr is None:
        return
    path = ("cluster", "serviceCidr")
    if not any(cidr.subnet_of(private) for private in PRIVATE_RANGES) or not 12 <= cidr.prefixlen <= 24:
        yield Problem(
            path,
            f"{cidr} is not a valid Service network; use a /12 to /24 of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        )
    for key, vpc in (
        ("cidr", stack.settings.network.cidr),
        *(("secondaryCidrs", one) for one in stack.settings.network.secondary_cidrs),
    ):
        if cidr.overlaps(vpc):
            yield Problem(path, f"{cidr} overlaps the VPC's {vpc}; choose another network", because=(("network", key),))


def placeholders(stack: Stack) -> Iterator[Problem]:
    """Placeholders of the shipped stack files are replaced before a deployment."""
    for index, cidr in enumerate(stack.settings.cluster.endpoint.public_cidrs):
        if any(cidr.subnet_of(example) for example in DOCUMENTATION):
            yield Problem(
                ("cluster", "endpoint", "publicCidrs", index),
                f"{cidr} is reserved for documentation; set your networks before you deploy",
                severity="warning",
            )
    domain = stack.settings.ingress.domain
    if domain is not None and f".{domain}".endswith(EXAMPLES):
        yield Problem(
            ("ingress", "domain"),
            f"{domain} is an example domain; set your own before you deploy",
            severity="warning",
        )
    gitops = stack.settings.gitops
    if gitops is not None and gitops.repository.split("/")[3] == "example":
        yield Problem(
            ("gitops", "repository"),
            f"{gitops.repository} is an example repository; set your own before you deploy",
            severity="warning",
        )


RULES: tuple[Rule, ...] = (endpoint, scopes, service_cidr, placeholders, aws_permissions)
