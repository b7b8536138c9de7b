"""The EKS cluster, as `pulumi_eks` takes it and as AWS gets it.

The component `eks:index:Cluster` has its inputs in a preview without a cloud; the engine knows none of them, and asks
of the `aws:eks/cluster:Cluster` that the component makes instead.
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
                "the whole internet reaches the Kubernetes API, and signing in is all that protects it",
                "name the networks of those who use kubectl in cluster.endpoint.publicCidrs",
            )


def _encryption(cluster: Inputs) -> Iterator[Problem]:
    if given(cluster.get("encryptionConfigKeyArn")) is None and not mapping(cluster.get("encryptionConfig")):
        yield Problem(
            "Kubernetes secrets are not encrypted with a key of this account",
            "name a KMS key in encryptionConfigKeyArn",
        )


def _logs(cluster: Inputs) -> Iterator[Problem]:
    if not holds(cluster.get("enabledClusterLogTypes"), "audit"):
        yield Problem("nobody can tell afterwards who did what in the cluster", "add audit to enabledClusterLogTypes")


RULES = (
    Rule(
        "open-cluster",
        "warning",
        _TYPES,
        "Only named networks reach a cluster's public endpoint.",
        f"{_HUB}#eks-1",
        _where_there_are_inputs(_endpoint),
    ),
    Rule(
        "cluster-encryption",
        "error",
        _TYPES,
        "Kubernetes secrets have a key of their own.",
        f"{_HUB}#eks-3",
        _where_there_are_inputs(_encryption),
    ),
    Rule(
        "cluster-audit",
        "warning",
        _TYPES,
        "A cluster keeps its audit log.",
        f"{_HUB}#eks-8",
        _where_there_are_inputs(_logs),
    ),
)
