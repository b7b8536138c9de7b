"""003: two system nodes for both environments, and Karpenter nodes for the rest."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from aiplatform.cost.bill import cents
from aiplatform.cost.pricer import bill
from aiplatform.fit.fit import fit
from aiplatform.fit.karpenter import limits_of
from catalog.prices import load_prices
from catalog.quantities import CPU, GPU, MEMORY, amount
from config.costs import Costs
from config.loader import load_file
from config.settings import Settings
from tests.config.base import STACK_FILES, TODAY
from tests.requirements.costs import MONTH
from tests.requirements.query import Planned

GROUP = "eks:index:ManagedNodeGroup"
POOL, CLASS = "kubernetes:karpenter.sh/v1:NodePool", "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
CLUSTER = "pingvas-shared-eks"
SYSTEM = f"{CLUSTER}-system"
ROLE = f"{CLUSTER}-karpenter-node"


@pytest.fixture(scope="module")
def settings() -> Settings:
    """Its settings."""
    return load_file(STACK_FILES, "pingvas", today=TODAY).settings


@pytest.fixture(scope="module")
def system(pingvas: Planned) -> Mapping[str, Any]:
    """The one node group."""
    return pingvas.one(GROUP).inputs


def pool(plan: Planned, name: str) -> Mapping[str, Any]:
    """What a NodePool says."""
    spec: Mapping[str, Any] = plan.manifest("NodePool", name)["spec"]
    return spec


def values(spec: Mapping[str, Any], key: str) -> list[str]:
    """What a pool's requirement allows."""
    (found,) = [one for one in spec["template"]["spec"]["requirements"] if one["key"] == key]
    assert found["operator"] == "In"
    return list(found["values"])


# --- system nodes ---


@pytest.mark.requirement("003-nod-04", "003-nod-06")
@pytest.mark.deviates("003-nod-02")
def test_both_environments_share_one_group_of_two_to_four_nodes(pingvas: Planned, system: Mapping[str, Any]) -> None:
    assert len(pingvas.all("eks:index:Cluster")) == 1
    assert system["scalingConfig"] == {"desiredSize": 2, "minSize": 2, "maxSize": 4}
    namespaces = {one["metadata"]["name"] for one in pingvas.manifests("Namespace")}
    assert {"dev", "prod"} <= namespaces


@pytest.mark.requirement("003-nod-05")
def test_system_group_has_its_name_and_is_in_private_subnets(pingvas: Planned, system: Mapping[str, Any]) -> None:
    assert pingvas.one("eks:index:Cluster").inputs["name"] == CLUSTER
    assert system["nodeGroupName"] == SYSTEM == f"{CLUSTER}-system"
    subnets = {pingvas.id(one): one.inputs["tags"]["Name"] for one in pingvas.all("aws:ec2/subnet:Subnet")}
    names = sorted(subnets[one] for one in system["subnetIds"])
    assert len(names) == 3
    assert all("private" in name for name in names), names
    public = {
        pingvas.id(one) for one in pingvas.all("aws:ec2/subnet:Subnet") if one.inputs.get("mapPublicIpOnLaunch") is True
    }
    assert public.isdisjoint(system["subnetIds"])


@pytest.mark.requirement("003-ver-08")
@pytest.mark.deviates("003-nod-02", "003-nod-07", "003-cst-24")
def test_system_group_is_t3_medium_on_spot_with_a_second_type(system: Mapping[str, Any]) -> None:
    assert system["capacityType"] == "SPOT"
    # One type alone would wait when there is none of it: beside the document's a second one that is alike.
    assert system["instanceTypes"] == ["t3.medium", "t3a.medium"]


@pytest.mark.requirement("003-nod-08")
def test_system_nodes_have_their_labels_and_no_taint(system: Mapping[str, Any]) -> None:
    assert {"role": "system", "tier": "shared"}.items() <= system["labels"].items()
    assert system.get("taints") in (None, [])


# --- Karpenter ---


@pytest.mark.requirement("003-nod-03")
def test_gpu_nodes_are_one_karpenter_pool_for_both_environments(pingvas: Planned) -> None:
    gpu = pool(pingvas, "gpu")
    assert values(gpu, "node.kubernetes.io/instance-type")[0] == "g4dn.xlarge"
    assert {"key": "nvidia.com/gpu", "value": "true", "effect": "NoSchedule"} in gpu["template"]["spec"]["taints"]
    # What the two environments may ask for together: 3 and 15.
    assert gpu["limits"] == {"cpu": "72", "memory": "288Gi", "nvidia.com/gpu": "18"}
    quotas = [one["spec"]["hard"] for one in pingvas.manifests("ResourceQuota")]
    asked = sum(int(one["requests.nvidia.com/gpu"]) for one in quotas if "requests.nvidia.com/gpu" in one)
    assert asked == int(gpu["limits"]["nvidia.com/gpu"])
    assert gpu["disruption"]["consolidationPolicy"] == "WhenEmpty", "no image is lost half made"
    assert [group.inputs["nodeGroupName"] for group in pingvas.all(GROUP)] == [SYSTEM], "no group of GPUs beside it"


@pytest.mark.requirement("003-nod-03")
def test_karpenter_runs_on_system_nodes_and_replaces_the_cluster_autoscaler(pingvas: Planned) -> None:
    release = pingvas.release("karpenter")
    assert (release["chart"], release["namespace"]) == ("oci://public.ecr.aws/karpenter/karpenter", "kube-system")
    assert release["version"] == pingvas.release("karpenter-crd")["version"]
    assert release["values"]["settings"]["clusterName"] == CLUSTER
    names = [one.inputs["name"] for one in pingvas.all("kubernetes:helm.sh/v3:Release")]
    assert "cluster-autoscaler" not in names


@pytest.mark.requirement("003-nod-03")
@pytest.mark.parametrize("name", ["general", "gpu"])
def test_pools_prefer_spot_of_several_types(pingvas: Planned, name: str) -> None:
    spec = pool(pingvas, name)
    assert values(spec, "karpenter.sh/capacity-type") == ["spot", "on-demand"]
    assert len(values(spec, "node.kubernetes.io/instance-type")) >= 3
    # Warnings that Spot takes a node away arrive, and let its pods move.
    rules = [json.loads(one.inputs["eventPattern"]) for one in pingvas.all("aws:cloudwatch/eventRule:EventRule")]
    assert ["EC2 Spot Instance Interruption Warning"] in [rule["detail-type"] for rule in rules]


@pytest.mark.requirement("003-nod-09")
def test_general_pool_carries_both_quotas_beyond_two_small_nodes(pingvas: Planned, settings: Settings) -> None:
    general = pool(pingvas, "general")
    assert "taints" not in general["template"]["spec"]
    limits = limits_of({"spec": general})
    quotas = [environment.quota for environment in settings.environments.values()]
    for resource, key in ((CPU, "requests.cpu"), (MEMORY, "requests.memory")):
        asked = sum(amount(resource, quota[key]) for quota in quotas)
        assert asked <= limits[resource], f"{key}: pods would wait for nodes that never come"
    # 70 cores and 250Gi, as the document says.
    assert [sum(amount(CPU, quota["requests.cpu"]) for quota in quotas) / 1000] == [70]


@pytest.mark.requirement("003-nod-09")
def test_every_pod_fits_and_no_node_runs_out_of_pods(pingvas: Planned, settings: Settings) -> None:
    found = fit(pingvas.plan, settings)
    pending = {level: [one.workload.identity for one in at.pending()] for level, at in found.levels.items()}
    assert pending["expected"] == []
    assert pending["maximum"] == []
    for spec in (one["spec"] for one in pingvas.manifests("EC2NodeClass")):
        assert spec["kubelet"]["maxPods"] == 110, "17 pods of a t3.medium are used up by system pods"


@pytest.mark.requirement("003-nod-10")
def test_karpenter_nodes_have_their_own_role_tagged_shared(pingvas: Planned) -> None:
    role = pingvas.role(ROLE)
    policies = [arn.rpartition("/")[2] for arn in pingvas.attached(ROLE)]
    assert policies == [
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEKSWorkerNodePolicy",
        "AmazonSSMManagedInstanceCore",
    ]
    (statement,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "ec2.amazonaws.com"}
    # Tags of the provider are on everything; what Karpenter makes gets them from the node class.
    assert pingvas.provider_tags["Environment"] == "shared"
    for spec in (one["spec"] for one in pingvas.manifests("EC2NodeClass")):
        assert spec["role"] == ROLE
        assert spec["tags"]["Environment"] == "shared"
    entry = pingvas.one("aws:eks/accessEntry:AccessEntry", type="EC2_LINUX").inputs
    assert entry["principalArn"].rpartition("/")[2] == ROLE


@pytest.mark.requirement("003-nod-10")
def test_gpus_of_karpenter_nodes_can_be_requested(pingvas: Planned) -> None:
    plugin = pingvas.release("nvidia-device-plugin")["values"]
    taints = {taint["key"] for taint in pool(pingvas, "gpu")["template"]["spec"]["taints"]}
    assert taints <= {one["key"] for one in plugin["tolerations"]}
    (term,) = plugin["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    (expression,) = term["matchExpressions"]
    labels = pool(pingvas, "gpu")["template"]["metadata"]["labels"]
    assert labels[expression["key"]] in expression["values"]


@pytest.mark.deviates("003-cst-24", "003-cst-14", "003-cst-18")
def test_bill_counts_system_and_gpu_nodes_at_spot(pingvas: Planned, settings: Settings) -> None:
    found = bill(pingvas.plan, Costs(), load_prices(), today=TODAY, settings=settings)
    nodes = {line.owner.node_group: line for line in found.lines if line.owner.node_group and line.unit == "h"}
    assert set(nodes) == {SYSTEM, "general", "gpu"}
    assert all(line.item.startswith("spot:") for line in nodes.values())
    # One worker of production always runs, on a GPU node of its own: 730 hours. That of dev waits at none.
    assert nodes["gpu"].quantity.expected == 730
    # The cheapest of each: g4dn.xlarge of three, and t3.medium of two, for half of on demand.
    assert cents(nodes["gpu"].monthly.expected) == cents(MONTH * Decimal("0.2039")) == Decimal("148.85")
    assert cents(nodes[SYSTEM].monthly.expected) == cents(2 * MONTH * Decimal("0.0191")) == Decimal("27.89")
    assert round(100 * (1 - nodes[SYSTEM].rate.expected / Decimal("0.0416"))) == 54


@pytest.mark.requirement("003-nod-03")
def test_worker_gets_its_gpu_on_a_node_of_the_pool(pingvas: Planned, settings: Settings) -> None:
    found = fit(pingvas.plan, settings)
    brought = {group.name: group for group in found.levels["expected"].groups if group.name.startswith("gpu/")}
    assert sum(group.nodes for group in brought.values()) == 1
    assert sum(group.requested[GPU] for group in brought.values()) == 1
