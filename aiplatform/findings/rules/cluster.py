"""Rules for the EKS cluster, as a component of `pulumi_eks` and as an AWS resource.

The component `eks:index:Cluster` has inputs only in a preview without a cloud. The engine does not pass them to
policies: there the `aws:eks/cluster:Cluster` that the component creates is checked.
"""

from collections.abc import Callable, Iterator

from aiplatform.findings.rules.network import EVERYBODY
from aiplatform.findings.rules.rule import Inputs, Problem, Rule
from aiplatform.findings.rules.values import given, holds, mapping
from aiplatform.preview.plan import Json

_HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide/eks-controls.html"
_TYPES = ("eks:index:Cluster", "aws:eks/cluster:Cluster")


def _where_there_are_inputs(problems: Callable[[Inputs], Iterator[Problem]]) -> Callable[[Inputs], Iterator[Problem]]:
    return lambda cluster: problems(cluster) if cluster else iter(())


def _of_network(cluster: Inputs, key: str) -> Json:
    return given(cluster.get(key, mapping(cluster.get("vpcConfig")).get(key)))


def _endpoint(cluster: Inputs) -> Iterator[Problem]:
    if _of_network(cluster, "endpointPublicAccess") is not False:
        networks = _of_network(cluster, "publicAccessCidrs")
        if networks is None or holds(networks, *EVERYBODY):
            yield Problem(
                "the Kubernetes API is open to the internet, protected only by authentication",
                "set the networks of its users in cluster.endpoint.publicCidrs",
            )


def _encryption(cluster: Inputs) -> Iterator[Problem]:
    if given(cluster.get("encryptionConfigKeyArn")) is None and not mapping(cluster.get("encryptionConfig")):
        yield Problem(
            "Kubernetes Secrets are not encrypted with a KMS key of this account",
            "set encryptionConfigKeyArn to a KMS key",
        )


def _logs(cluster: Inputs) -> Iterator[Problem]:
    if not holds(cluster.get("enabledClusterLogTypes"), "audit"):
        yield Problem("the audit log is disabled", "add audit to enabledClusterLogTypes")


RULES = (
    Rule(
        "open-cluster",
        "warning",
        _TYPES,
        "The public endpoint of a cluster is restricted to networks.",
        f"{_HUB}#eks-1",
        _where_there_are_inputs(_endpoint),
    ),
    Rule(
        "cluster-encryption",
        "error",
        _TYPES,
        "Kubernetes Secrets are encrypted with a KMS key.",
        f"{_HUB}#eks-3",
        _where_there_are_inputs(_encryption),
    ),
    Rule(
        "cluster-audit",
        "warning",
        _TYPES,
        "The audit log of a cluster is enabled.",
        f"{_HUB}#eks-8",
        _where_there_are_inputs(_logs),
    ),
)
