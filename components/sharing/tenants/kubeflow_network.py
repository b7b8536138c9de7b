"""Network policies between a tenant's pods and Kubeflow."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import NAMESPACE_LABEL, Ports, Rule, namespace, network
from components.sharing.tenants.kubeflow_names import (
    GATEWAY_PODS,
    ISTIO,
    ISTIOD_PODS,
    ISTIOD_PORT,
    KATIB_PODS,
    KATIB_STORE_PODS,
    KATIB_STORE_PORT,
    KNATIVE,
    METADATA_PODS,
    METADATA_PORT,
    MODEL_METRICS_PORT,
    MODEL_PORTS,
    NAMESPACE,
    NOTEBOOK_CONTROLLER_PODS,
    NOTEBOOK_PORT,
    PIPELINES_PODS,
    PIPELINES_PORTS,
    SUGGESTION_PORTS,
)
from components.sharing.tenants.network_policies import service_ranges
from config.settings import Settings


def openings(settings: Settings, own: Namespace, *, opts: pulumi.ResourceOptions) -> list[pulumi.Resource]:
    """Create the policy of all pods of a tenant for Kubeflow.

    Egress is allowed to the mesh's control plane, Kubeflow Pipelines and the Kubernetes API, which all authenticate
    their clients, and to the metadata store of pipeline steps and Katib's store of metrics, which do not: all tenants
    share each. Egress to the
    gateway and to the cluster-local gateway of models is not allowed: through either one tenant could connect to
    another's pods.
    """
    kubeflow = settings.kubeflow
    if kubeflow is None:
        raise LookupError("the settings have no Kubeflow")
    egress = [Rule((_pods(ISTIO, ISTIOD_PODS),), _tcp(ISTIOD_PORT))]
    if kubeflow.has("pipelines"):
        egress += [
            Rule((_pods(NAMESPACE, PIPELINES_PODS),), _tcp(*PIPELINES_PORTS)),
            Rule((_pods(NAMESPACE, METADATA_PODS),), _tcp(METADATA_PORT)),
            to_kubernetes(settings),
        ]
    if kubeflow.has("katib"):
        egress.append(Rule((_pods(NAMESPACE, KATIB_STORE_PODS),), _tcp(KATIB_STORE_PORT)))
    gateway, ingress = _pods(ISTIO, GATEWAY_PODS), []
    if kubeflow.has("notebooks"):
        ingress.append(Rule((gateway, _pods(NAMESPACE, NOTEBOOK_CONTROLLER_PODS)), _tcp(NOTEBOOK_PORT)))
    if kubeflow.has("katib"):
        ingress.append(Rule((_pods(NAMESPACE, KATIB_PODS),), _tcp(*SUGGESTION_PORTS)))
    if kubeflow.has("kserve"):
        ingress.append(Rule((gateway,), _tcp(*MODEL_PORTS)))
    if kubeflow.has("knative"):
        ingress.append(Rule((namespace(KNATIVE),), _tcp(*MODEL_PORTS, MODEL_METRICS_PORT)))
    return [own.allow("kubeflow", pods={}, ingress=ingress, egress=egress, opts=opts)]


def to_kubernetes(settings: Settings) -> Rule:
    """Return the egress rule to the Kubernetes API, by its subnets and by the address of the Service `kubernetes`.

    https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
    """
    services = [f"{one.network_address + 1}/32" for one in service_ranges(settings)]
    return Rule(tuple(map(network, [*settings.network.control_plane_cidrs(), *services])), _tcp(443))


def _pods(namespace_name: str, labels: Mapping[str, str]) -> dict[str, Any]:
    """Return a peer for pods of another namespace."""
    return {
        "namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: namespace_name}},
        "podSelector": {"matchLabels": dict(labels)},
    }


def _tcp(*ports: int) -> Ports:
    return tuple(("TCP", port) for port in ports)
