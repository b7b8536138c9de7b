"""Control plane, access and node groups."""

import base64
import email
import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from aiplatform.preview.plan import UNKNOWN
from aiplatform.preview.record import record_function
from catalog.gpus import accelerator
from components.cluster.node_group import template_tags
from components.cluster.user_data import bottlerocket, nodeadm
from components.platform import Platform
from config.loader import load_file
from config.nodes import NodeGroup as NodeGroupSettings
from tests.components.base import BOTH, EVERY_STACK, recorded, settings_from, settings_of
from tests.config.base import STACK_FILES, TODAY
from tests.each import each

CLUSTER, GROUP, TEMPLATE = "eks:index:Cluster", "eks:index:ManagedNodeGroup", "aws:ec2/launchTemplate:LaunchTemplate"
TAG = "aws:autoscaling/tag:Tag"
PREFIX = "k8s.io/cluster-autoscaler/node-template"

# --- the control plane ---


@EVERY_STACK
@BOTH
def test_defaults_of_pulumi_eks_are_disabled(stack: str, unknown: bool) -> None:
    inputs = recorded(stack, unknown).inputs(CLUSTER)
    assert inputs["authenticationMode"] == "API"
    assert inputs["createOidcProvider"] is False, "it would fetch a certificate during the preview"
    assert inputs["skipDefaultNodeGroup"] is True
    assert inputs["createInstanceRole"] is False
    assert inputs["bootstrapSelfManagedAddons"] is False
    assert inputs["kubeProxyAddonOptions"]["enabled"] is False
    assert inputs["corednsAddonOptions"]["enabled"] is False
    assert inputs["useDefaultVpcCni"] is True


@EVERY_STACK
@BOTH
def test_cluster_inputs_have_the_values_of_the_settings(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    settings, inputs = recording.settings.cluster, recording.inputs(CLUSTER)
    assert inputs["name"] == recording.settings.cluster_name()
    assert inputs["version"] == settings.version
    assert inputs["upgradePolicy"] == {"supportType": "STANDARD"}, "EXTENDED costs six times as much"
    assert inputs["endpointPublicAccess"] == settings.endpoint.public
    assert inputs["endpointPrivateAccess"] is True
    assert inputs.get("publicAccessCidrs", []) == [str(cidr) for cidr in settings.endpoint.public_cidrs]
    assert "0.0.0.0/0" not in inputs.get("publicAccessCidrs", [])
    assert inputs["enabledClusterLogTypes"] == list(settings.logging.types)
    assert inputs["deletionProtection"] == settings.deletion_protection
    assert inputs.get("kubernetesServiceIpAddressRange") == (
        str(settings.service_cidr) if settings.service_cidr else None
    )


@EVERY_STACK
@BOTH
def test_log_group_precedes_the_cluster(stack: str, unknown: bool) -> None:
    # EKS would create one without retention.
    recording = recorded(stack, unknown)
    group = recording.one("aws:cloudwatch/logGroup:LogGroup", "cluster-logs")
    assert group.inputs["name"] == f"/aws/eks/{recording.settings.cluster_name()}/cluster"
    assert group.inputs["retentionInDays"] == recording.settings.cluster.logging.retention_days
    assert group.urn in recording.one(CLUSTER).dependencies


@EVERY_STACK
@BOTH
def test_secrets_encryption_uses_a_rotating_key_unless_disabled(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    # Alarms and backups have keys of their own.
    keys = [key for key in recording.all("aws:kms/key:Key") if key.name == "cluster-secrets-key"]
    assert len(keys) == recording.settings.cluster.encrypt_secrets
    assert ("encryptionConfigKeyArn" in recording.inputs(CLUSTER)) == recording.settings.cluster.encrypt_secrets
    for key in keys:
        assert key.inputs["enableKeyRotation"] is True
        assert key.urn in recording.one(CLUSTER).dependencies


@EVERY_STACK
@BOTH
def test_cluster_identifier_of_the_provider_is_stable(stack: str, unknown: bool) -> None:
    # A small edit must not replace every workload.
    recording = recorded(stack, unknown)
    provider = recording.inputs("pulumi:providers:kubernetes")
    assert provider["clusterIdentifier"] == recording.settings.cluster_name(), "plain, and known before the cluster is"
    assert provider["enableServerSideApply"] == "true"


@EVERY_STACK
def test_oidc_provider_is_of_this_cluster_and_has_no_thumbprint(stack: str) -> None:
    recording = recorded(stack)
    inputs = recording.inputs("aws:iam/openIdConnectProvider:OpenIdConnectProvider")
    assert inputs["url"] == recording.plan.outputs["cluster_oidc_issuer_url"]
    assert inputs["url"].startswith("https://oidc.eks.")
    assert inputs["clientIdLists"] == ["sts.amazonaws.com"]
    assert "thumbprintLists" not in inputs


def test_cluster_outputs_have_kubeconfig_command_endpoint_and_roles() -> None:
    outputs = recorded("dev").plan.outputs
    assert outputs["kubeconfig_command"] == "aws eks update-kubeconfig --region us-west-2 --name ai-dev-eks"
    assert outputs["cluster_endpoint"].startswith("https://")
    assert outputs["developer_role_arn"] == "arn:aws:iam::123456789012:role/ai-dev-access-developer"


@EVERY_STACK
@BOTH
def test_security_groups_allow_443_to_the_control_plane_and_high_ports_back(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    ingress = {
        item.name.removeprefix("cluster-security-groups-"): (
            item.inputs["ipProtocol"],
            item.inputs.get("fromPort"),
            item.inputs.get("toPort"),
        )
        for item in recording.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if item.name.startswith("cluster-security-groups-")
    }
    asked = {
        f"nodes-{opening.label()}-from-{str(cidr).replace('/', '-')}": (
            opening.protocol,
            opening.from_port,
            opening.last(),
        )
        for opening in recording.settings.cluster.security_groups.nodes.ingress
        for cidr in opening.cidrs
    }
    for cidr in recording.settings.cluster.endpoint.private_cidrs:
        asked[f"control-plane-from-{str(cidr).replace('/', '-')}"] = ("tcp", 443, 443)
    assert ingress == {
        "control-plane-from-nodes": ("tcp", 443, 443),
        "nodes-from-nodes": ("-1", None, None),
        "nodes-from-control-plane": ("tcp", 1025, 65535),
        **asked,
    }
    world = [
        item.name
        for item in recording.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if item.inputs.get("cidrIpv4") == "0.0.0.0/0" and not item.name.startswith("ingress-alb-")
    ]
    assert world == [], "only the load balancer may face the world"


@EVERY_STACK
@BOTH
def test_one_security_group_has_the_cluster_tag(stack: str, unknown: bool) -> None:
    # Controllers fail when they find two.
    recording = recorded(stack, unknown)
    tag = f"kubernetes.io/cluster/{recording.settings.cluster_name()}"
    tagged = [
        item.name
        for item in recording.all("aws:ec2/securityGroup:SecurityGroup")
        if item.inputs["tags"].get(tag) == "owned"
    ]
    # The group that EKS makes has the tag, and nodes that carry it need no second.
    of_eks = recording.settings.cluster.security_groups.nodes.cluster_group
    assert tagged == ([] if of_eks else ["cluster-security-groups-nodes"])


# --- access ---


@EVERY_STACK
@BOTH
def test_each_user_has_an_access_entry_with_the_policy_of_the_settings(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for person, access in recording.settings.cluster.access.items():
        name = f"cluster-access-{person}"
        association = recording.inputs("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", name)
        assert association["policyArn"] == f"arn:aws:eks::aws:cluster-access-policy/{access.policy}"
        scope = (
            {"type": "namespace", "namespaces": list(access.namespaces)} if access.namespaces else {"type": "cluster"}
        )
        assert association["accessScope"] == scope
        entry = recording.one("aws:eks/accessEntry:AccessEntry", name)
        assert entry.inputs.get("kubernetesGroups", []) == list(access.groups)
        assert entry.inputs["type"] == "STANDARD"
        roles = [role for role in recording.all("aws:iam/role:Role") if role.name == name]
        assert len(roles) == (access.principal_arn is None), "a role that exists is not made again"
        if access.principal_arn:
            assert entry.inputs["principalArn"] == access.principal_arn
            assert recording.plan.outputs[f"{person}_role_arn"] == access.principal_arn


# --- node groups ---


def groups(stack: str) -> Mapping[str, NodeGroupSettings]:
    return recorded(stack).settings.node_groups


def node_config(user_data: str) -> dict[str, Any]:
    """What a node of Amazon Linux 2023 reads."""
    message = email.message_from_bytes(base64.b64decode(user_data, validate=True))
    (part,) = message.get_payload()
    assert part.get_content_type() == "application/node.eks.aws"
    document: dict[str, Any] = yaml.safe_load(part.get_payload(decode=True))
    return document


@EVERY_STACK
@BOTH
def test_imdsv2_is_required_and_pods_cannot_reach_it(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    assert sum(one.name.startswith("nodes-") for one in recording.all(TEMPLATE)) == len(groups(stack))
    for template in recording.all(TEMPLATE):
        assert template.inputs["metadataOptions"] == {
            "httpEndpoint": "enabled",
            "httpTokens": "required",
            "httpPutResponseHopLimit": 1,
        }


@EVERY_STACK
@BOTH
def test_root_volumes_are_encrypted_with_size_and_type_of_the_settings(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for key, group in groups(stack).items():
        (disk,) = recording.inputs(TEMPLATE, f"nodes-{key}")["blockDeviceMappings"]
        wanted = group.root_disk()
        optional = {"iops": wanted.iops, "throughput": wanted.throughput}
        assert disk["ebs"] == {
            "encrypted": "true",
            "deleteOnTermination": "true",
            "volumeSize": wanted.size_gib,
            "volumeType": wanted.type,
            **{name: value for name, value in optional.items() if value},
        }
        # Bottlerocket keeps its images on the second disk; the first one is its read-only system.
        assert disk["deviceName"] == ("/dev/xvdb" if group.operating_system == "BOTTLEROCKET" else "/dev/xvda")


@EVERY_STACK
@BOTH
def test_kubelet_gets_the_pod_limit_where_prefix_delegation_is_on(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    cni = recording.settings.addons.vpc_cni
    for key, group in groups(stack).items():
        user_data = recording.inputs(TEMPLATE, f"nodes-{key}").get("userData")
        if group.instance_store is not None:
            continue
        if not (cni.enabled and cni.prefix_delegation):
            assert user_data is None, "without prefixes a node has no addresses for so many"
        elif group.operating_system == "BOTTLEROCKET":
            settings = tomllib.loads(base64.b64decode(user_data, validate=True).decode())
            assert settings == {"settings": {"kubernetes": {"max-pods": group.max_pods}}}
        else:
            assert node_config(user_data) == {
                "apiVersion": "node.eks.aws/v1alpha1",
                "kind": "NodeConfig",
                "spec": {"kubelet": {"config": {"maxPods": group.max_pods}}},
            }


@BOTH
def test_instance_store_raid_of_a_group_holds_images_and_pods(unknown: bool) -> None:
    template = recorded("vllm", unknown).inputs(TEMPLATE, "nodes-multi")
    spec = node_config(template["userData"])["spec"]
    assert spec == {"kubelet": {"config": {"maxPods": 110}}, "instance": {"localStorage": {"strategy": "RAID0"}}}
    (disk,) = template["blockDeviceMappings"]
    assert disk["ebs"]["volumeSize"] == 30, "the images are elsewhere"
    assert node_config(nodeadm(None, instance_store="RAID0"))["spec"] == {"instance": spec["instance"]}


def test_bottlerocket_mounts_pod_storage_on_its_instance_store() -> None:
    found = tomllib.loads(base64.b64decode(bottlerocket(110, instance_store="RAID0")).decode())["settings"]
    assert found["kubernetes"] == {"max-pods": 110}
    (command,) = found["bootstrap-commands"].values()
    assert command["commands"][0] == ["apiclient", "ephemeral-storage", "init"]
    assert {"/var/lib/containerd", "/var/lib/kubelet"} <= set(command["commands"][1])
    assert (command["essential"], command["mode"]) == (True, "always")


def test_autoscaler_tag_has_the_instance_store_of_an_empty_group() -> None:
    group = settings_from(
        NodeGroupSettings,
        {"instanceTypes": ["g5.xlarge"], "instanceStore": "RAID0", "scaling": {"min": 0, "desired": 0, "max": 1}},
    )
    # 250 GB
    assert template_tags(group)["k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage"] == "232Gi"


@pytest.mark.parametrize("pods", [8, 110, 250])
def test_user_data_is_valid_for_each_operating_system(pods: int) -> None:
    assert node_config(nodeadm(pods))["spec"]["kubelet"]["config"]["maxPods"] == pods
    assert tomllib.loads(base64.b64decode(bottlerocket(pods)).decode())["settings"]["kubernetes"]["max-pods"] == pods


@EVERY_STACK
@BOTH
def test_node_group_has_the_values_of_its_section(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for key, group in groups(stack).items():
        inputs = recording.inputs(GROUP, f"nodes-{key}")
        assert inputs["nodeGroupName"] == key
        assert inputs["amiType"] == (group.ami_type or group.derived_ami_type())
        assert not inputs["amiType"].startswith("AL2_")
        assert inputs["capacityType"] == {"onDemand": "ON_DEMAND", "spot": "SPOT"}[group.capacity]
        assert inputs["instanceTypes"] == list(group.instance_types)
        assert inputs["scalingConfig"] == {
            "minSize": group.scaling.min,
            "desiredSize": group.scaling.desired,
            "maxSize": group.scaling.max,
        }
        assert inputs["ignoreScalingChanges"] is True, "or an update would undo what the autoscaler did"
        assert inputs["version"] == recording.settings.cluster.version
        assert inputs["labels"] == group.all_labels()
        assert inputs["launchTemplate"] == (
            {"id": UNKNOWN, "version": UNKNOWN} if unknown else {"id": inputs["launchTemplate"]["id"], "version": "1"}
        )


@EVERY_STACK
@BOTH
def test_taints_have_the_effects_that_eks_uses(stack: str, unknown: bool) -> None:
    spelling = {"NoSchedule": "NO_SCHEDULE", "PreferNoSchedule": "PREFER_NO_SCHEDULE", "NoExecute": "NO_EXECUTE"}
    recording = recorded(stack, unknown)
    for key, group in groups(stack).items():
        given = recording.inputs(GROUP, f"nodes-{key}").get("taints", [])
        assert [(taint["key"], taint["value"], taint["effect"]) for taint in given] == [
            (taint.key, taint.value, spelling[taint.effect]) for taint in group.all_taints()
        ]


@EVERY_STACK
@BOTH
def test_gpu_nodes_have_taint_label_and_gpu_resources(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for key, group in groups(stack).items():
        inputs = recording.inputs(GROUP, f"nodes-{key}")
        tainted = any(taint["key"] == "nvidia.com/gpu" for taint in inputs.get("taints", []))
        assert tainted == group.has_gpus() == (inputs["labels"].get("nvidia.com/gpu.present") == "true")
        assert group.has_gpus() == inputs["amiType"].endswith("_NVIDIA")


@EVERY_STACK
@BOTH
def test_nodes_are_in_private_subnets_of_their_zones(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for key, group in groups(stack).items():
        made = recording.one(GROUP, f"nodes-{key}")
        subnets = {
            recording.by_urn[urn].name
            for urn in made.dependencies
            if recording.by_urn[urn].type == "aws:ec2/subnet:Subnet"
        }
        network = recording.settings.network
        if network.vpc_id is not None:
            existing = [one for one in network.tiers().private if not group.zones or one.zone in group.zones]
            assert made.inputs["subnetIds"] == [UNKNOWN if unknown else one.id for one in existing]
            continue
        assert len(made.inputs["subnetIds"]) == len(subnets)
        assert subnets
        for name in subnets:
            zone = recording.inputs("aws:ec2/subnet:Subnet", name)["availabilityZone"]
            assert name.startswith("network-private-")
            assert not group.zones or zone in group.zones


@EVERY_STACK
@BOTH
def test_node_group_waits_for_its_configuration_and_role_policies(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    first = {
        item.urn
        for item in recording.all("eks:index:Addon")
        if item.inputs["addonName"] in {"vpc-cni", "kube-proxy", "eks-pod-identity-agent"}
    }
    rights = {
        item.urn
        for item in recording.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if item.name.startswith("node-role-")
    }
    # Session Manager's beside those of the settings.
    assert len(rights) == len(recording.settings.cluster.node_role.policies) + 1
    for made in recording.all(GROUP):
        assert first | rights <= recording.before(made)


@EVERY_STACK
@BOTH
def test_autoscaler_tags_describe_nodes_of_groups_that_can_be_empty(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    autoscaled = recording.settings.addons.cluster_autoscaler.enabled
    for key, group in groups(stack).items():
        tags = {
            item.inputs["tag"]["key"]: item.inputs["tag"]["value"]
            for item in recording.all(TAG)
            if item.parent == recording.one("ai-platform:cluster:NodeGroup", f"nodes-{key}").urn
        }
        empty = group.scaling.min == 0 or group.schedule is not None
        assert tags == (template_tags(group) if autoscaled and empty else {})
        discovery = recording.inputs(GROUP, f"nodes-{key}")["tags"]
        assert (discovery.get("k8s.io/cluster-autoscaler/enabled") == "true") == autoscaled
    for item in recording.all(TAG):
        assert item.inputs["tag"]["propagateAtLaunch"] is False


def test_autoscaler_tags_describe_labels_taints_gpus_and_disk() -> None:
    group = settings_from(
        NodeGroupSettings,
        {
            "instanceTypes": ["g6.12xlarge", "g5.12xlarge"],
            "scaling": {"min": 0, "desired": 0, "max": 1},
            "labels": {"team": "research"},
            "taints": [{"key": "team", "value": "research", "effect": "NoExecute"}],
            "disk": {"sizeGib": 300},
        },
    )
    assert template_tags(group) == {
        f"{PREFIX}/label/team": "research",
        f"{PREFIX}/label/nvidia.com/gpu.present": "true",
        f"{PREFIX}/label/k8s.amazonaws.com/accelerator": "nvidia-l4",
        f"{PREFIX}/taint/team": "research:NoExecute",
        f"{PREFIX}/taint/nvidia.com/gpu": "true:NoSchedule",
        f"{PREFIX}/resources/nvidia.com/gpu": "4",
        f"{PREFIX}/resources/ephemeral-storage": "300Gi",
    }


@EVERY_STACK
def test_gpu_groups_have_the_accelerator_label(stack: str) -> None:
    # Without it the autoscaler takes a node as ready before its GPUs are there: kubernetes/autoscaler#1949.
    recording = recorded(stack)
    for item in recording.all(GROUP):
        group = recording.settings.node_groups[item.inputs["nodeGroupName"]]
        value = accelerator(group.instance_types[0]) if group.has_gpus() else None
        assert item.inputs.get("labels", {}).get("k8s.amazonaws.com/accelerator") == value


def test_credentials_of_the_stack_are_those_of_the_provider_and_the_kubeconfig() -> None:
    role = "arn:aws:iam::111122223333:role/deploy"
    settings = settings_of("openwebui")
    update = {"deployer": role, "assume_deployer": True, "profile": "shop"}
    settings = settings.model_copy(update={"project": settings.project.model_copy(update=update)})
    plan = record_function(lambda: Platform(settings.project.name, settings))
    providers = [one.inputs for one in plan.resources if one.type == "pulumi:providers:aws"]
    assert len(providers) == 1 + len(settings.other_regions()) > 1
    assert {one["profile"] for one in providers} == {"shop"}
    assert [one["assumeRoles"] for one in providers] == [providers[0]["assumeRoles"]] * len(providers)
    assert role in str(providers[0]["assumeRoles"])
    (cluster,) = (one.inputs for one in plan.resources if one.type == CLUSTER)
    assert cluster["providerCredentialOpts"] == {"profileName": "shop", "roleArn": role}
    (kubernetes,) = (one.inputs for one in plan.resources if one.type == "pulumi:providers:kubernetes")
    assert f'"--role-arn", "{role}"' in kubernetes["kubeconfig"]
    assert '{"name": "AWS_PROFILE", "value": "shop"}' in kubernetes["kubeconfig"]


@EVERY_STACK
def test_autoscaler_tags_are_on_the_auto_scaling_group_of_eks(stack: str) -> None:
    for item in recorded(stack).all(TAG):
        assert re.match(r"eks-.+-[0-9a-f-]{36}$", item.inputs["autoscalingGroupName"]), item.urn
    for item in recorded(stack, True).all(TAG):
        assert item.inputs["autoscalingGroupName"] == UNKNOWN


def test_node_tags_are_on_the_group_and_its_instances() -> None:
    recording = recorded("mlflow")
    assert recording.inputs(GROUP, "nodes-cpu-workers")["tags"]["NodeGroup"] == "cpu-workers"
    template = recording.inputs(TEMPLATE, "nodes-cpu-workers")
    assert all(item["tags"]["NodeGroup"] == "cpu-workers" for item in template["tagSpecifications"])
    assert json.dumps(template["tagSpecifications"]).count('"Project": "MLOps Platform"') == 3


@each(
    ("zones", "subnets"),
    [((), ["a", "b", "c"]), (("us-west-2a", "us-west-2c"), ["a", "c"])],
)
def test_control_plane_is_in_its_own_zones(zones: tuple[str, ...], subnets: list[str]) -> None:
    changes = {("cluster", "zones"): list(zones)}
    settings = load_file(STACK_FILES, "prod", changes=changes, today=TODAY).settings
    plan = record_function(lambda: Platform(settings.project.name, settings), stack="prod")
    (cluster,) = [one for one in plan.resources if one.type == CLUSTER]
    by_urn = {one.urn: one for one in plan.resources}
    names = {by_urn[urn].name for urn in cluster.dependencies if by_urn[urn].type == "aws:ec2/subnet:Subnet"}
    assert names == {f"network-private-us-west-2{letter}" for letter in subnets}
    assert len(cluster.inputs["privateSubnetIds"]) == len(subnets)
