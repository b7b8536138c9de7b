"""Rules for access from the internet, and for load balancers."""

from collections.abc import Iterator

from aiplatform.findings.rules.rule import Inputs, Problem, Rule
from aiplatform.findings.rules.values import given, holds, mapping, sequence

EVERYBODY = ("0.0.0.0/0", "::/0")
WEB = (80, 443)
"""Ports that can be open to the internet: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18"""

_TLS = ("TLS13-1-2", "TLS13-1-3", "TLS-1-2")
"""Parts of the names of TLS policies without TLS 1.0 and 1.1:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"""


def _opens(rule: Inputs) -> Iterator[str]:
    """Yield the ports, other than 80 and 443, that a rule opens to the internet."""
    if not any(holds(rule.get(key), *EVERYBODY) for key in ("cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks")):
        return
    first, last = given(rule.get("fromPort")), given(rule.get("toPort"))
    protocol = given(rule.get("ipProtocol", rule.get("protocol")))
    if protocol in ("-1", -1, "all"):
        yield "every port"
    elif first not in WEB or last != first:
        yield f"{protocol} {first}" if first == last else f"{protocol} {first}-{last}"


def _open_rule(rule: Inputs) -> Iterator[Problem]:
    for ports in _opens(rule):
        yield Problem(f"{ports} is open to the internet", "set the networks or the security group that need it")


def _open_group(group: Inputs) -> Iterator[Problem]:
    for rule in sequence(group.get("ingress")):
        yield from _open_rule(mapping(rule))


def _default_group(group: Inputs) -> Iterator[Problem]:
    if sequence(group.get("ingress")) or sequence(group.get("egress")):
        yield Problem(
            "the VPC's default security group has rules, which apply to every resource without a security group",
            "remove its rules and use another security group",
        )


def _subnet(subnet: Inputs) -> Iterator[Problem]:
    if given(subnet.get("mapPublicIpOnLaunch")) is True:
        yield Problem(
            "every instance that is launched in it has a public IP address",
            "set mapPublicIpOnLaunch to false, and use an Elastic IP where required",
        )


def _ways(listener: Inputs) -> Iterator[Problem]:
    if listener.get("protocol") != "HTTP":
        return
    actions = [mapping(action).get("type") for action in sequence(listener.get("defaultActions"))]
    if any(given(action) not in ("redirect", "fixed-response") for action in actions):
        yield Problem(
            f"port {listener.get('port')} serves requests without TLS",
            "use an HTTPS listener with a certificate, and redirect port 80",
        )


def _old_tls(listener: Inputs) -> Iterator[Problem]:
    if given(listener.get("protocol")) not in ("HTTPS", "TLS"):
        return
    policy = given(listener.get("sslPolicy"))
    if policy is None or not any(version in policy for version in _TLS):
        yield Problem(
            f"it accepts TLS 1.0 ({policy or 'the default policy'})",
            "set sslPolicy to ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09 or another policy of TLS 1.2 and later",
        )


def _headers(balancer: Inputs) -> Iterator[Problem]:
    if given(balancer.get("loadBalancerType", "application")) != "application":
        return
    if given(balancer.get("dropInvalidHeaderFields")) is not True:
        yield Problem("it forwards invalid headers", "set dropInvalidHeaderFields to true")


_HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide"
RULES = (
    Rule(
        "open-port",
        "error",
        (
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "aws:ec2/securityGroupRule:SecurityGroupRule",
        ),
        "Only ports 80 and 443 are open to the internet.",
        f"{_HUB}/ec2-controls.html#ec2-18",
        lambda rule: _open_rule(rule) if rule.get("type", "ingress") == "ingress" else iter(()),
    ),
    Rule(
        "open-port-of-group",
        "error",
        ("aws:ec2/securityGroup:SecurityGroup",),
        "The same for inline rules of security groups.",
        f"{_HUB}/ec2-controls.html#ec2-18",
        _open_group,
    ),
    Rule(
        "default-security-group",
        "error",
        ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",),
        "The default security group of a VPC has no rules.",
        f"{_HUB}/ec2-controls.html#ec2-2",
        _default_group,
    ),
    Rule(
        "public-address",
        "warning",
        ("aws:ec2/subnet:Subnet",),
        "Subnets do not assign public IP addresses by default.",
        f"{_HUB}/ec2-controls.html#ec2-15",
        _subnet,
    ),
    Rule(
        "clear-text-listener",
        "error",
        ("aws:lb/listener:Listener",),
        "HTTP listeners redirect to HTTPS.",
        f"{_HUB}/elb-controls.html#elb-1",
        _ways,
    ),
    Rule(
        "old-tls",
        "error",
        ("aws:lb/listener:Listener",),
        "Load balancers require TLS 1.2 or later.",
        f"{_HUB}/elb-controls.html#elb-17",
        _old_tls,
    ),
    Rule(
        "invalid-headers",
        "warning",
        ("aws:lb/loadBalancer:LoadBalancer",),
        "Load balancers drop invalid headers.",
        f"{_HUB}/elb-controls.html#elb-4",
        _headers,
    ),
)
