"""Karpenter and its pools: nodes, permissions, interruption events, and order of deletion."""

import json
from typing import Any

from aiplatform.preview.plan import UNKNOWN
from catalog.versions import AL2023_AMI_RELEASE, BOTTLEROCKET_AMI_RELEASE
from tests.components.base import BOTH, STACKS, Recording, recorded, settings_of
from tests.each import each

WITH_POOLS = [stack for stack in STACKS if settings_of(stack).node_pools]
EVERY_STACK = each("stack", WITH_POOLS)
POOL, CLASS = "kubernetes:karpenter.sh/v1:NodePool", "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
RELEASE = "kubernetes:helm.sh/v3:Release"


def spec(recording: Recording, type_: str, name: str) -> dict[str, Any]:
    (found,) = [one.inputs["spec"] for one in recording.all(type_) if one.inputs["metadata"]["name"] == name]
    return dict(found)


def requirements(pool: dict[str, Any]) -> dict[str, list[str]]:
    given = pool["template"]["spec"]["requirements"]
    assert {one["operator"] for one in given} == {"In"}
    return {one["key"]: one["values"] for one in given}


# --- pools ---


@EVERY_STACK
@BOTH
def test_pool_is_a_node_class_and_a_node_pool_of_its_name(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    wanted = set(recording.settings.node_pools)
    for type_ in (POOL, CLASS):
        assert {one.inputs["metadata"]["name"] for one in recording.all(type_)} == wanted
    for one in recording.all(POOL):
        name = one.inputs["metadata"]["name"]
        reference = one.inputs["spec"]["template"]["spec"]["nodeClassRef"]
        assert reference == {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": name}


def test_pool_requirements_follow_its_settings() -> None:
    recording = recorded("pools")
    gpu = spec(recording, POOL, "gpu")
    assert requirements(gpu) == {
        "node.kubernetes.io/instance-type": ["g6.xlarge", "g5.xlarge"],
        "karpenter.sh/capacity-type": ["spot", "on-demand"],
        "kubernetes.io/arch": ["amd64"],
        "kubernetes.io/os": ["linux"],
        "topology.kubernetes.io/zone": ["us-west-2b"],
    }
    assert gpu["limits"] == {"cpu": "32", "memory": "128Gi", "nvidia.com/gpu": "4"}
    assert gpu["disruption"] == {
        "consolidationPolicy": "WhenEmpty",
        "consolidateAfter": "30m",
        "budgets": [{"nodes": "10%"}],
    }
    assert (gpu["weight"], gpu["template"]["spec"]["expireAfter"]) == (10, "Never")
    arm = requirements(spec(recording, POOL, "bottlerocket"))
    assert (arm["kubernetes.io/arch"], arm["karpenter.sh/capacity-type"]) == (["arm64"], ["on-demand"])
    assert "topology.kubernetes.io/zone" not in arm, "any zone that has a subnet"


def test_gpu_pool_has_the_taint_and_the_label_of_the_device_plugin() -> None:
    recording = recorded("pools")
    template = spec(recording, POOL, "gpu")["template"]
    assert template["metadata"]["labels"] == {"team": "research", "nvidia.com/gpu.present": "true"}
    assert template["spec"]["taints"] == [
        {"key": "team", "value": "research", "effect": "NoSchedule"},
        {"key": "quiet", "effect": "NoExecute"},
        {"key": "nvidia.com/gpu", "value": "true", "effect": "NoSchedule"},
    ]
    tolerations = recording.inputs(RELEASE, "nvidia-device-plugin")["values"]["tolerations"]
    assert {one["key"] for one in tolerations} >= {taint["key"] for taint in template["spec"]["taints"]}
    assert "metadata" not in spec(recording, POOL, "general")["template"]


def test_node_class_pins_the_ami_release_and_the_kubelet_pod_storage() -> None:
    recording = recorded("pools")
    classes = {name: spec(recording, CLASS, name) for name in recording.settings.node_pools}
    assert {name: one["amiSelectorTerms"] for name, one in classes.items()} == {
        "general": [{"alias": f"al2023@{AL2023_AMI_RELEASE}"}],
        "gpu": [{"alias": f"al2023@{AL2023_AMI_RELEASE}"}],
        "bottlerocket": [{"alias": f"bottlerocket@{BOTTLEROCKET_AMI_RELEASE}"}],
    }
    disks = {name: one["blockDeviceMappings"][0] for name, one in classes.items()}
    assert {name: one["deviceName"] for name, one in disks.items()} == {
        "general": "/dev/xvda",
        "gpu": "/dev/xvda",
        "bottlerocket": "/dev/xvdb",
    }
    assert disks["gpu"]["ebs"] == {
        "volumeSize": "500Gi",
        "volumeType": "gp3",
        "iops": 6000,
        "throughput": 500,
        "encrypted": True,
        "deleteOnTermination": True,
    }
    assert {name: one["kubelet"] for name, one in classes.items()} == {
        "general": {"maxPods": 110},
        "gpu": {"maxPods": 110},
        "bottlerocket": {"maxPods": 50},
    }


@EVERY_STACK
@BOTH
def test_nodes_are_encrypted_and_tagged_and_pods_cannot_reach_imds(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for one in recording.all(CLASS):
        given, name = one.inputs["spec"], one.inputs["metadata"]["name"]
        assert all(disk["ebs"]["encrypted"] is True for disk in given["blockDeviceMappings"])
        assert (given["metadataOptions"]["httpTokens"], given["metadataOptions"]["httpPutResponseHopLimit"]) == (
            "required",
            1,
        )
        defaults = recording.settings.project.default_tags()
        own = recording.settings.node_pools[name].tags
        shown = {"Name": f"{recording.settings.cluster_name()}-{name}"}
        assert given["tags"] == {**defaults, **shown, **own}


def test_nodes_are_in_private_subnets_with_the_node_security_group() -> None:
    recording = recorded("pools")
    general, gpu = (spec(recording, CLASS, name) for name in ("general", "gpu"))
    assert len(general["subnetSelectorTerms"]) == 2
    assert len(gpu["subnetSelectorTerms"]) == 1
    assert gpu["subnetSelectorTerms"][0] in general["subnetSelectorTerms"]
    (template,) = recording.all("aws:ec2/launchTemplate:LaunchTemplate")
    groups = [{"id": one} for one in template.inputs["vpcSecurityGroupIds"]]
    assert general["securityGroupSelectorTerms"] == gpu["securityGroupSelectorTerms"] == groups
    tags = [tag for one in recording.all("aws:") for tag in one.inputs.get("tags") or {}]
    assert "karpenter.sh/discovery" not in tags, "what ids choose needs no tag"


# --- the controller ---


@EVERY_STACK
@BOTH
def test_controller_settings_name_cluster_queue_and_region(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    release = recording.inputs(RELEASE, "karpenter")
    values, name = release["values"], recording.settings.cluster_name()
    assert values["settings"] == {
        "clusterName": name,
        "eksControlPlane": True,
        "interruptionQueue": recording.inputs("aws:sqs/queue:Queue")["name"],
        "batchIdleDuration": f"{recording.settings.addons.karpenter.batch_idle_seconds}s",
    }
    assert values["controller"]["env"] == [{"name": "AWS_REGION", "value": recording.settings.project.region}]
    assert values["dnsPolicy"] == "Default", "it may have to bring the node for CoreDNS"
    assert values["replicas"] == recording.settings.addons.replicas
    assert (release["namespace"], release["skipCrds"]) == ("kube-system", True)
    assert "affinity" not in values, "the chart keeps it off the nodes that it makes"


def test_controller_uses_pod_identity_where_the_cluster_does() -> None:
    recording = recorded("pools")
    assert recording.inputs(RELEASE, "karpenter")["values"]["serviceAccount"]["annotations"] == {}
    association = recording.inputs("aws:eks/podIdentityAssociation:PodIdentityAssociation", "karpenter")
    assert (association["namespace"], association["serviceAccount"]) == ("kube-system", "karpenter")


# --- rights ---

SIX = {"node-lifecycle", "iam-integration", "eks-integration", "interruption", "zonal-shift", "resource-discovery"}


@EVERY_STACK
def test_controller_role_has_six_policies(stack: str) -> None:
    recording = recorded(stack)
    policies = {
        one.inputs["name"] for one in recording.all("aws:iam/policy:Policy") if one.name.startswith("karpenter-")
    }
    prefix = recording.inputs("aws:iam/role:Role", "karpenter")["name"]
    assert policies == {f"{prefix}-{part}" for part in SIX}
    attached = [
        one.inputs["policyArn"].rpartition("/")[2]
        for one in recording.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if one.inputs["role"] == prefix
    ]
    assert sorted(attached) == sorted(policies)


def statements(part: str) -> dict[str, dict[str, Any]]:
    document = json.loads(recorded("pools").inputs("aws:iam/policy:Policy", f"karpenter-{part}")["policy"])
    return {one["Sid"]: one for one in document["Statement"]}


def test_controller_terminates_only_nodes_tagged_for_its_cluster() -> None:
    ends = statements("node-lifecycle")["AllowScopedDeletion"]
    assert set(ends["Action"]) == {"ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"}
    assert ends["Condition"] == {
        "StringEquals": {"aws:ResourceTag/kubernetes.io/cluster/pools-eks": "owned"},
        "StringLike": {"aws:ResourceTag/karpenter.sh/nodepool": "*"},
    }


def test_controller_launches_nodes_only_with_the_tags_of_its_cluster() -> None:
    makes = statements("node-lifecycle")["AllowScopedEC2InstanceActionsWithTags"]
    assert makes["Condition"]["StringEquals"] == {
        "aws:RequestTag/kubernetes.io/cluster/pools-eks": "owned",
        "aws:RequestTag/eks:eks-cluster-name": "pools-eks",
    }
    assert "arn:aws:ec2:us-west-2:123456789012:instance/*" in makes["Resource"]


def test_controller_passes_only_the_node_role() -> None:
    hands = statements("iam-integration")["AllowPassingInstanceRole"]
    assert hands["Resource"] == ["arn:aws:iam::123456789012:role/pools-eks-karpenter-node"]
    assert hands["Condition"] == {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}


def test_controller_reads_only_the_queue_of_its_cluster() -> None:
    (reads,) = statements("interruption").values()
    assert reads["Resource"] == ["arn:aws:sqs:us-west-2:123456789012:pools-eks-karpenter"]


@EVERY_STACK
@BOTH
def test_node_role_is_separate_and_has_no_kubernetes_permissions(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    entry = recording.inputs("aws:eks/accessEntry:AccessEntry", "karpenter-nodes")
    role = recording.inputs("aws:iam/role:Role", "karpenter-node-role")["name"]
    assert role == f"{recording.settings.cluster_name()}-karpenter-node"
    assert entry["type"] == "EC2_LINUX", "no access policy: EKS knows what a node may"
    assert entry["principalArn"] == (UNKNOWN if unknown else f"arn:aws:iam::123456789012:role/{role}")
    for one in recording.all(CLASS):
        assert one.inputs["spec"]["role"] == role


# --- interruptions ---


@EVERY_STACK
def test_five_kinds_of_events_reach_the_queue(stack: str) -> None:
    recording = recorded(stack)
    rules = recording.all("aws:cloudwatch/eventRule:EventRule")
    patterns = [json.loads(rule.inputs["eventPattern"]) for rule in rules]
    assert sorted((one["source"][0], one["detail-type"][0]) for one in patterns) == [
        ("aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"),
        ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
        ("aws.ec2", "EC2 Instance State-change Notification"),
        ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
        ("aws.health", "AWS Health Event"),
    ]
    targets = recording.all("aws:cloudwatch/eventTarget:EventTarget")
    assert {one.inputs["rule"] for one in targets} == {one.inputs["name"] for one in rules}
    region, name = recording.settings.project.region, recording.inputs("aws:sqs/queue:Queue")["name"]
    assert {one.inputs["arn"] for one in targets} == {f"arn:aws:sqs:{region}:123456789012:{name}"}


@EVERY_STACK
def test_queue_is_short_lived_encrypted_and_accepts_its_rules_only(stack: str) -> None:
    recording = recorded(stack)
    queue = recording.inputs("aws:sqs/queue:Queue")
    assert (queue["messageRetentionSeconds"], queue["sqsManagedSseEnabled"]) == (300, True)
    allow, deny = json.loads(recording.inputs("aws:sqs/queuePolicy:QueuePolicy")["policy"])["Statement"]
    assert (allow["Principal"], allow["Action"]) == ({"Service": "events.amazonaws.com"}, "sqs:SendMessage")
    names = {rule.inputs["name"] for rule in recording.all("aws:cloudwatch/eventRule:EventRule")}
    sources = allow["Condition"]["ArnEquals"]["aws:SourceArn"]
    assert {arn.rpartition("/")[2] for arn in sources} == names
    assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", "sqs:*")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


# --- lifecycle ---


@EVERY_STACK
@BOTH
def test_destroy_deletes_pools_before_karpenter_and_their_nodes_before_groups(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    karpenter = recording.one(RELEASE, "karpenter")
    needed = {
        karpenter.urn,
        recording.one(RELEASE, "karpenter-crd").urn,
        recording.one("aws:eks/accessEntry:AccessEntry", "karpenter-nodes").urn,
        recording.one("aws:iam/role:Role", "karpenter-node-role").urn,
        *(one.urn for one in recording.all("eks:index:ManagedNodeGroup")),
    }
    for one in recording.all(POOL):
        assert needed <= recording.before(one)
        name = one.inputs["metadata"]["name"]
        (node_class,) = [each for each in recording.all(CLASS) if each.inputs["metadata"]["name"] == name]
        assert node_class.urn in recording.before(one), "a node class outlives the nodes that are made of it"
    rights = recording.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert {one.urn for one in rights if one.name.startswith("karpenter-")} <= (
        recording.before(karpenter) | {one.urn for one in rights if one.name.startswith("karpenter-node-role")}
    )


@EVERY_STACK
@BOTH
def test_workloads_depend_on_pools(stack: str, unknown: bool) -> None:
    # A pod left on a node would hold up its drain.
    recording = recorded(stack, unknown)
    pools = {one.urn for one in recording.all(POOL)}
    stays = {"karpenter", *(one.name for one in recording.all(RELEASE) if one.name.endswith("-crd"))}
    for one in [*recording.all(RELEASE), *recording.all("kubernetes:apps/v1:Deployment")]:
        if one.name not in stays:
            assert pools <= recording.before(one), one.name


@each("stack", [stack for stack in STACKS if stack not in WITH_POOLS])
def test_karpenter_is_absent_without_pools(stack: str) -> None:
    found = [one.name for one in recorded(stack).plan.resources if "karpenter" in f"{one.type}{one.name}"]
    assert found == []
