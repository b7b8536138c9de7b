"""Hosts and domains: what ACM, load balancers and Route 53 accept."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.ingress import COMMON_NAME_LIMIT
from config.rules.ingress import public_hosts
from config.rules.stack import Rule, Stack

HOST_LIMIT = 128
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#host-conditions"""

_NOT_PUBLIC_NAMES = """
corp home internal intranet invalid lan local localdomain localhost private test
"""

NOT_PUBLIC = frozenset(_NOT_PUBLIC_NAMES.split())
"""Top-level domains that no registry of the internet has (RFC 2606, RFC 6762, RFC 8375, ICANN 2024-07-29)."""

OF_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".aws", ".elb.amazonaws.com", ".cloudfront.net")

RESOLVED = ("cluster.local", "compute.internal", "ec2.internal", "amazonaws.com")
"""Domains that Kubernetes and the DNS server of a VPC answer themselves:
https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html"""

_DOMAIN: Path = ("ingress", "domain")


def hosts(stack: Stack) -> Iterator[Problem]:
    """A load balancer routes each host, and one is short enough to be the first of the certificate."""
    ingress = stack.settings.ingress
    found = [(path, host) for path, host, _ in public_hosts(stack)]
    for path, host in found:
        if len(host) > HOST_LIMIT:
            yield Problem(
                path, f"has {len(host)} characters, and a load balancer routes hosts of {HOST_LIMIT}; shorten it"
            )
    named = found or ([(_DOMAIN, ingress.domain)] if ingress.domain is not None else [])
    shortest = min(named, key=lambda one: len(one[1]), default=None)
    if shortest is not None and ingress.certificate_arn is None and len(shortest[1]) > COMMON_NAME_LIMIT:
        path, host = shortest
        yield Problem(
            path,
            f"has {len(host)} characters, and ACM requires one host of a certificate to have {COMMON_NAME_LIMIT} or "
            "fewer; shorten it, or set ingress.certificateArn",
            because=(_DOMAIN,),
        )


def public_domain(stack: Stack) -> Iterator[Problem]:
    """The domain is one of the internet: ACM validates certificates, and everyone resolves names, there."""
    domain, ingress = stack.settings.ingress.domain, stack.settings.ingress
    if domain is None:
        return
    if f".{domain}".endswith(OF_AWS):
        yield Problem(_DOMAIN, f"{domain} is a domain of AWS; set a domain of your own")
    elif domain.rpartition(".")[2] in NOT_PUBLIC and ingress.certificate_arn is None:
        yield Problem(
            _DOMAIN,
            f".{domain.rpartition('.')[2]} is not a top-level domain of the internet, and ACM cannot validate a "
            "certificate; set a domain of your own, or ingress.certificateArn",
        )


def private_domain(stack: Stack) -> Iterator[Problem]:
    """The private domain is not one that Kubernetes or the VPC answers."""
    domain = stack.settings.network.private_domain
    for taken in RESOLVED if domain is not None else ():
        if f".{domain}".endswith(f".{taken}"):
            yield Problem(
                ("network", "privateDomain"),
                f"{domain} would hide names of {taken}, which Kubernetes or the VPC resolves; choose another domain",
            )
    if domain is not None and domain.rpartition(".")[2] == "local":
        yield Problem(
            ("network", "privateDomain"),
            f"{domain} is in .local, which mDNS resolves on many systems (RFC 6762); choose one like shop.internal",
            "warning",
        )


RULES: tuple[Rule, ...] = (hosts, public_domain, private_domain)
