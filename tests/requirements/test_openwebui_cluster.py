"""004: the cluster, its nodes, add-ons, roles, names and tags of the stack openwebui."""

import json

import pytest

from aiplatform.findings.names import names, physical_names
from catalog.reading.problems import SettingsError
from catalog.support import support
from config.loader import load_file
from config.settings import Settings
from tests.config.base import STACK_FILES, TODAY
from tests.requirements.conftest import planned
from tests.requirements.query import Planned

CLUSTER, GROUP, TEMPLATE = "eks:index:Cluster", "eks:index:ManagedNodeGroup", "aws:ec2/launchTemplate:LaunchTemplate"
ADDON, ATTACHED = "eks:index:Addon", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
PRIMARY, SPOT = "openwebui-primary-nodes", "openwebui-spot-nodes"
MANAGED = "arn:aws:iam::aws:policy/"


@pytest.fixture(scope="module")
def settings() -> Settings:
    """Its settings."""
    return load_file(STACK_FILES, "openwebui", today=TODAY).settings


# --- control plane ---


@pytest.mark.requirement("004-clu-01", "004-clu-03", "004-tag-02")
def test_cluster_has_its_name_both_endpoints_tag_and_named_networks(
    openwebui: Planned,
) -> None:
    cluster = openwebui.one(CLUSTER).inputs
    assert cluster["name"] == "openwebui-eks-dev"
    assert (cluster["endpointPublicAccess"], cluster["endpointPrivateAccess"]) == (True, True)
    assert cluster["publicAccessCidrs"] == ["203.0.113.0/24"]
    assert cluster["clusterTags"]["kubernetes.io/cluster/openwebui-eks-dev"] == "owned"
    with pytest.raises(SettingsError, match=r"opens the Kubernetes API to the internet"):
        planned("openwebui", "cluster.endpoint.publicCidrs=[0.0.0.0/0]")


@pytest.mark.requirement("004-clu-02")
def test_kubernetes_is_in_standard_support_and_the_documented_version_is_refused(openwebui: Planned) -> None:
    cluster = openwebui.one(CLUSTER).inputs
    assert cluster["version"] == "1.35"
    assert cluster["version"] in support()["kubernetes"].supported(TODAY)
    assert cluster["upgradePolicy"] == {"supportType": "STANDARD"}
    with pytest.raises(SettingsError, match=r"support of Kubernetes 1\.28 ended on .*; use 1\.36 or 1\.35"):
        planned("openwebui", "cluster.version='1.28'")


@pytest.mark.requirement("004-obs-01")
def test_five_logs_of_the_control_plane_are_enabled(openwebui: Planned) -> None:
    assert openwebui.one(CLUSTER).inputs["enabledClusterLogTypes"] == [
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
    ]


# --- nodes ---


def test_pods_of_an_interrupted_spot_node_fit_the_other_nodes(settings: Settings) -> None:
    groups = settings.node_groups
    assert groups[PRIMARY].capacity == "onDemand"
    assert [taint.key for taint in groups[SPOT].all_taints()] == ["spot"]


@pytest.mark.requirement("004-nod-03", "004-nod-04", "004-nod-05")
def test_primary_nodes_are_as_designed_and_take_any_pod(openwebui: Planned) -> None:
    group = openwebui.one(GROUP, nodeGroupName=PRIMARY).inputs
    assert (group["instanceTypes"], group["capacityType"]) == (["t3.medium"], "ON_DEMAND")
    assert group["scalingConfig"] == {"minSize": 2, "desiredSize": 2, "maxSize": 4}
    assert group["labels"] == {"environment": "dev", "nodegroup": "primary"}
    assert group.get("taints") is None
    (disk,) = openwebui.tagged(TEMPLATE, f"openwebui-eks-dev-{PRIMARY}").inputs["blockDeviceMappings"]
    assert (disk["ebs"]["volumeSize"], disk["ebs"]["volumeType"], disk["ebs"]["encrypted"]) == (20, "gp3", "true")


@pytest.mark.requirement("004-nod-06", "004-nod-07", "004-ver-15", "004-nod-08")
def test_spot_nodes_are_as_designed(openwebui: Planned) -> None:
    group = openwebui.one(GROUP, nodeGroupName=SPOT).inputs
    assert (group["instanceTypes"], group["capacityType"]) == (["t3.medium", "t3.large", "m5.large"], "SPOT")
    assert group["scalingConfig"] == {"minSize": 0, "desiredSize": 1, "maxSize": 3}
    assert group["labels"] == {"environment": "dev", "nodegroup": "spot"}
    assert group["taints"] == [{"key": "spot", "value": "true", "effect": "NO_SCHEDULE"}]


@pytest.mark.requirement("004-nod-06")
def test_autoscaler_assumes_the_smallest_type_of_the_spot_group(openwebui: Planned) -> None:
    # It expects equal sizes, and t3.medium has half the memory of the others: it takes the first type for all.
    assert openwebui.one(GROUP, nodeGroupName=SPOT).inputs["instanceTypes"][0] == "t3.medium"
    tags = {
        one.inputs["tag"]["key"].partition("node-template/")[2]: one.inputs["tag"]["value"]
        for one in openwebui.all("aws:autoscaling/tag:Tag")
    }
    assert tags == {
        "label/environment": "dev",
        "label/nodegroup": "spot",
        "taint/spot": "true:NoSchedule",
        "resources/ephemeral-storage": "20Gi",
    }


@pytest.mark.requirement("004-nod-08")
def test_gateway_and_open_webui_tolerate_the_spot_taint(openwebui: Planned) -> None:
    # The Spot node would idle.
    wanted = [{"key": "spot", "operator": "Equal", "value": "true", "effect": "NoSchedule"}]
    for name in ("litellm", "open-webui"):
        pod = openwebui.manifest("Deployment", name, name)["spec"]["template"]["spec"]
        assert pod["tolerations"] == wanted
        assert "nodeSelector" not in pod, "and stand on primary nodes when there is no Spot one"


@pytest.mark.requirement("004-nod-01", "004-nod-02", "004-ver-10")
def test_each_group_is_in_both_private_subnets(openwebui: Planned) -> None:
    private = {
        openwebui.id(openwebui.one("aws:ec2/subnet:Subnet", cidrBlock=cidr))
        for cidr in ("10.0.10.0/24", "10.0.20.0/24")
    }
    groups = {group.inputs["nodeGroupName"]: set(group.inputs["subnetIds"]) for group in openwebui.all(GROUP)}
    assert groups == {PRIMARY: private, SPOT: private}


@pytest.mark.requirement("004-nod-09")
def test_at_most_ten_instances_run_and_a_larger_group_is_refused(settings: Settings) -> None:
    assert settings.project.max_instances == 10
    assert sum(group.scaling.max for group in settings.node_groups.values()) == 7
    assert settings.instances == {}
    with pytest.raises(SettingsError, match=r"up to 11 instances can run .*, more than 10"):
        planned("openwebui", f"nodeGroups.{PRIMARY}.scaling.max=8")


# --- add-ons ---


@pytest.mark.requirement("004-add-01", "004-add-02", "004-add-03", "004-ver-11")
def test_eks_addons_and_charts_differ_and_those_that_call_aws_have_roles(openwebui: Planned) -> None:
    addons = {one.inputs["addonName"]: one.inputs for one in openwebui.all(ADDON)}
    assert {"vpc-cni", "coredns", "kube-proxy", "aws-ebs-csi-driver", "amazon-cloudwatch-observability"} <= set(addons)
    assert addons["aws-ebs-csi-driver"]["serviceAccountRoleArn"].endswith(":role/openwebui-ebs-csi-controller-dev")
    assert addons["vpc-cni"]["serviceAccountRoleArn"].endswith(":role/openwebui-vpc-cni-dev")
    charts = {one.inputs["name"]: one.inputs for one in openwebui.all("kubernetes:helm.sh/v3:Release")}
    assert set(charts) == {"aws-load-balancer-controller", "cluster-autoscaler", "external-secrets"}
    assert charts["cluster-autoscaler"]["values"]["autoDiscovery"] == {"clusterName": "openwebui-eks-dev"}
    assert openwebui.one("aws:iam/openIdConnectProvider:OpenIdConnectProvider").inputs["clientIdLists"] == [
        "sts.amazonaws.com"
    ]
    for role in ("openwebui-alb-ingress-controller-dev", "openwebui-cluster-autoscaler-dev"):
        (trusted,) = json.loads(openwebui.role(role).inputs["assumeRolePolicy"])["Statement"]
        assert trusted["Action"] == ["sts:AssumeRoleWithWebIdentity"]
        assert len(openwebui.attached(role)) == 1


@pytest.mark.requirement("004-ver-11")
def test_autoscaler_scales_node_groups_and_hpa_scales_servers(openwebui: Planned) -> None:
    for group in openwebui.all(GROUP):
        assert group.inputs["tags"]["k8s.io/cluster-autoscaler/openwebui-eks-dev"] == "owned"
    for name in ("litellm", "open-webui"):
        scaler = openwebui.manifest("HorizontalPodAutoscaler", name, name)["spec"]
        assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 3)


# --- roles ---


@pytest.mark.requirement("004-iam-01")
def test_control_plane_role_has_the_name_and_policy_of_the_design(openwebui: Planned) -> None:
    role = openwebui.role("openwebui-eks-service-role")
    (trusted,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trusted["Principal"] == {"Service": "eks.amazonaws.com"}
    assert openwebui.attached("openwebui-eks-service-role") == [f"{MANAGED}AmazonEKSClusterPolicy"]


@pytest.mark.deviates("004-iam-02")
def test_node_role_has_name_and_policies_of_the_design_and_session_manager(
    openwebui: Planned,
) -> None:
    role = openwebui.role("openwebui-eks-nodegroup-role")
    (trusted,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trusted["Principal"] == {"Service": "ec2.amazonaws.com"}
    assert set(openwebui.attached("openwebui-eks-nodegroup-role")) == {
        f"{MANAGED}AmazonEKSWorkerNodePolicy",
        f"{MANAGED}AmazonEKS_CNI_Policy",
        f"{MANAGED}AmazonEC2ContainerRegistryReadOnly",
        f"{MANAGED}AmazonSSMManagedInstanceCore",
    }
    arns = {group.inputs["nodeRoleArn"] for group in openwebui.all(GROUP)}
    assert {arn.rpartition("/")[2] for arn in arns} == {"openwebui-eks-nodegroup-role"}


def policy_of(plan: Planned, person: str) -> str:
    """The access policy of a person."""
    role = f"openwebui-access-{person}-dev"
    (found,) = [
        one.inputs["policyArn"]
        for one in plan.all("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
        if one.inputs["principalArn"].endswith(f":role/{role}")
    ]
    return str(found).rpartition("/")[2]


def actions(plan: Planned, person: str) -> dict[str, list[str]]:
    """What a person may do in AWS, and with what."""
    return {
        action: statement["Resource"]
        for statement in plan.statements(f"openwebui-access-{person}-dev")
        for action in statement["Action"]
    }


@pytest.mark.requirement("004-iam-03")
def test_developers_read_the_cluster_push_and_pull_images_and_read_logs(openwebui: Planned) -> None:
    assert policy_of(openwebui, "developer") == "AmazonEKSViewPolicy"
    allowed = actions(openwebui, "developer")
    (own,) = [one for one in openwebui.all("aws:ecr/repository:Repository") if one.name == "repository-open-webui"]
    repository = openwebui.attribute(own, "arn")
    for action in ("ecr:PutImage", "ecr:BatchGetImage", "ecr:UploadLayerPart", "ecr:GetDownloadUrlForLayer"):
        assert allowed[action] == [repository]
    groups = [resource.partition("log-group:")[2] for resource in allowed["logs:GetLogEvents"]]
    assert {"/aws/eks/openwebui-eks-dev/*", "/aws/ec2/openwebui*", "/aws/application/openwebui*"} <= set(groups)
    assert not [action for action in allowed if action.startswith("ec2:")]


@pytest.mark.requirement("004-iam-04")
def test_operators_manage_the_cluster_its_instances_and_monitoring(openwebui: Planned) -> None:
    assert policy_of(openwebui, "operator") == "AmazonEKSClusterAdminPolicy"
    statements = {one["Sid"]: one for one in openwebui.statements("openwebui-access-operator-dev")}
    manage = statements["ManageInstances"]
    assert {"ec2:StartInstances", "ec2:StopInstances", "ec2:RebootInstances"} <= set(manage["Action"])
    assert manage["Condition"] == {"StringEquals": {"aws:ResourceTag/Project": "openwebui"}}
    assert "cloudwatch:GetMetricData" in statements["ReadMetrics"]["Action"]
    assert "cloudwatch:DescribeAlarms" in statements["ReadAlarms"]["Action"]


@pytest.mark.requirement("004-ver-07")
def test_each_pod_and_user_has_its_own_role(openwebui: Planned) -> None:
    names_ = [role.inputs["name"] for role in openwebui.all("aws:iam/role:Role")]
    assert len(names_) == len(set(names_))
    accounts = [
        (one["metadata"]["namespace"], one["metadata"]["annotations"]["eks.amazonaws.com/role-arn"])
        for one in openwebui.manifests("ServiceAccount")
        if "eks.amazonaws.com/role-arn" in one["metadata"].get("annotations", {})
    ]
    assert len({role for _, role in accounts}) == len(accounts) == 5
    assert [role for _, role in accounts if role.endswith("openwebui-eks-nodegroup-role")] == []


# --- names and tags ---


@pytest.mark.requirement("004-nam-01")
@pytest.mark.deviates("004-nam-02")
def test_every_name_follows_the_rule_or_is_a_listed_exception(openwebui: Planned, settings: Settings) -> None:
    assert list(names(openwebui.plan, settings)) == []
    found = {name for resource in openwebui.plan.resources for name in physical_names(resource)}
    assert {"openwebui-vpc-dev", "openwebui-eks-dev", "openwebui-alb-dev", "openwebui-public-subnet-dev-a"} <= found
    assert len(found) > 60


@pytest.mark.requirement("004-nam-03")
def test_names_of_the_design_are_listed_exceptions(openwebui: Planned, settings: Settings) -> None:
    naming = settings.project.naming
    assert naming is not None
    assert set(naming.exceptions) == {
        "openwebui-eks-control-plane-sg",
        "openwebui-eks-worker-sg",
        "openwebui-alb-sg",
        PRIMARY,
        SPOT,
        "openwebui-eks-service-role",
        "openwebui-eks-nodegroup-role",
        "openwebui-monthly-budget",
    }
    strict = settings.project.model_copy(update={"naming": naming.model_copy(update={"exceptions": ()})})
    told = [one.message.split()[0] for one in names(openwebui.plan, settings.model_copy(update={"project": strict}))]
    assert sorted(told) == sorted(naming.exceptions)


@pytest.mark.requirement("004-tag-04")
@pytest.mark.deviates("004-tag-01")
def test_resources_have_the_tags_of_the_strategy_and_of_cost_allocation(openwebui: Planned) -> None:
    # The document says ManagedBy = terraform. Here Pulumi manages, and a tag that says otherwise would mislead.
    assert openwebui.provider_tags == {
        "Project": "openwebui",
        "Environment": "dev",
        "Owner": "devops-team",
        "ManagedBy": "Pulumi",
        "CostCenter": "openwebui-project",
        "Department": "engineering",
        "Team": "devops",
    }
    for template in openwebui.all(TEMPLATE):
        for made in template.inputs["tagSpecifications"]:
            assert openwebui.provider_tags.items() <= made["tags"].items()


@pytest.mark.requirement("004-tag-04")
def test_cost_allocation_tags_are_activated_by_a_setting_of_the_payer() -> None:
    tags = "[CostCenter, Department, Team, Environment]"
    plan = planned("openwebui", f"costs.allocationTags={tags}")
    found = {
        one.inputs["tagKey"]: one.inputs["status"]
        for one in plan.all("aws:costexplorer/costAllocationTag:CostAllocationTag")
    }
    assert found == dict.fromkeys(("CostCenter", "Department", "Team", "Environment"), "Active")
