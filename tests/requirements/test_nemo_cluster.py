"""001: the cluster, its nodes, roles and add-ons."""

import json

import pytest

from aiplatform.fit.fit import fit
from catalog.instance_types import sizes
from catalog.quantities import CPU, MEMORY
from catalog.reading.problems import SettingsError
from catalog.support import support
from components.cluster.addons.load_balancer_controller_policy import ingress_statements
from config.loader import load_file
from config.settings import Settings
from tests.config.base import STACK_FILES, TODAY
from tests.requirements.conftest import planned
from tests.requirements.query import Planned, ec2_type

CLUSTER, GROUP, TEMPLATE = "eks:index:Cluster", "eks:index:ManagedNodeGroup", "aws:ec2/launchTemplate:LaunchTemplate"
PRIVATE = {"10.0.3.0/24", "10.0.4.0/24", "10.0.5.0/24"}
MANAGED = "arn:aws:iam::aws:policy/"


@pytest.fixture(scope="module")
def settings() -> Settings:
    """Its settings."""
    return load_file(STACK_FILES, "nemo", today=TODAY).settings


def private_ids(nemo: Planned) -> set[str]:
    """The ids of the private subnets."""
    return {nemo.id(one) for one in nemo.all("aws:ec2/subnet:Subnet") if one.inputs["cidrBlock"] in PRIVATE}


# --- control plane ---


@pytest.mark.requirement("001-clu-01")
def test_cluster_name_keeps_its_spelling(nemo: Planned) -> None:
    # Tags depend on it.
    assert nemo.one(CLUSTER).inputs["name"] == "nemo_EKS_kluster"
    assert nemo.outputs["cluster_name"] == "nemo_EKS_kluster"


@pytest.mark.requirement("001-clu-02")
def test_kubernetes_is_in_standard_support_and_is_a_setting(nemo: Planned) -> None:
    cluster = nemo.one(CLUSTER).inputs
    assert (cluster["version"], cluster["upgradePolicy"]) == ("1.35", {"supportType": "STANDARD"})
    assert "1.35" in support()["kubernetes"].supported(TODAY)
    assert "1.33" not in support()["kubernetes"].supported(TODAY), "what the document asks for has ended"
    older = planned("nemo", "cluster.version='1.33'", "cluster.support=EXTENDED").one(CLUSTER).inputs
    assert (older["version"], older["upgradePolicy"]) == ("1.33", {"supportType": "EXTENDED"})


@pytest.mark.requirement("001-clu-03", "001-clu-04", "001-wkl-02")
def test_cluster_is_in_private_subnets_only(nemo: Planned) -> None:
    cluster = nemo.one(CLUSTER).inputs
    given = {
        subnet for key in ("subnetIds", "privateSubnetIds", "publicSubnetIds") for subnet in cluster.get(key) or ()
    }
    assert given == private_ids(nemo)
    inside = {one["metadata"]["name"] for one in nemo.manifests("Deployment")}
    beside = {one.inputs["tags"]["Name"] for one in nemo.all("aws:ec2/instance:Instance")}
    assert inside == {"frontend", "backend"}
    assert beside == {"nemo-bastion", "nemo-vllm", "nemo-ai-prod", "nemo-ai-dev"}


@pytest.mark.deviates("001-clu-05")
def test_api_is_private_for_nodes_and_public_for_named_networks(nemo: Planned) -> None:
    cluster = nemo.one(CLUSTER).inputs
    assert (cluster["endpointPrivateAccess"], cluster["endpointPublicAccess"]) == (True, True)
    assert cluster["publicAccessCidrs"] == ["203.0.113.0/24"]
    with pytest.raises(SettingsError, match="nodes would reach the Kubernetes API through their NAT gateways"):
        load_file(STACK_FILES, "nemo", changes={("cluster", "endpoint", "private"): False}, today=TODAY)


# --- nodes ---


@pytest.mark.requirement("001-nod-04", "001-nod-05", "001-sto-06")
def test_node_group_has_three_t3_large_with_20_gb_gp3(nemo: Planned) -> None:
    group = nemo.one(GROUP).inputs
    assert (group["nodeGroupName"], group["instanceTypes"]) == ("nemo_node_group", ["t3.large"])
    assert group["scalingConfig"] == {"minSize": 3, "desiredSize": 3, "maxSize": 3}
    (disk,) = nemo.one(TEMPLATE).inputs["blockDeviceMappings"]
    assert (disk["ebs"]["volumeType"], disk["ebs"]["volumeSize"], disk["ebs"]["encrypted"]) == ("gp3", 20, "true")
    assert 3 * disk["ebs"]["volumeSize"] == 60


@pytest.mark.requirement("001-nod-03")
def test_node_group_spreads_one_node_over_each_private_subnet(nemo: Planned) -> None:
    group = nemo.one(GROUP).inputs
    assert set(group["subnetIds"]) == private_ids(nemo)
    assert group["scalingConfig"]["desiredSize"] == len(PRIVATE)


@pytest.mark.requirement("001-nod-06")
def test_nodes_have_the_key_pair_and_eks_opens_no_ssh(nemo: Planned) -> None:
    assert nemo.one(TEMPLATE).inputs["keyName"] == "keypair-kube-master"
    group = nemo.one(GROUP).inputs
    assert [key for key in group if key.startswith("remoteAccess")] == []
    assert f"{MANAGED}AmazonSSMManagedInstanceCore" in nemo.attached("nemo_EKS_kluster-node"), "no key is needed"


@pytest.mark.requirement("001-nod-09")
def test_three_nodes_have_6_vcpu_and_24_gb_and_pods_get_less(settings: Settings, nemo: Planned) -> None:
    ec2 = ec2_type("t3.large")
    assert 3 * ec2["VCpuInfo"]["DefaultVCpus"] == 6
    assert 3 * ec2["MemoryInfo"]["SizeInMiB"] == 24 * 1024
    assert ec2["NetworkInfo"]["NetworkPerformance"] == "Up to 5 Gigabit"
    assert nemo.one(GROUP).inputs["instanceTypes"] == ["t3.large"]
    (group,) = fit(nemo.plan, settings).levels["expected"].groups
    assert (group.node_offers[CPU], round(group.node_offers[MEMORY] / 2**30, 1)) == (1930, 6.7)


@pytest.mark.requirement("001-nod-10")
def test_every_pod_fits_and_capacity_exceeds_thirty_pods(settings: Settings, nemo: Planned) -> None:
    found = fit(nemo.plan, settings)
    assert {level: [one.workload.identity for one in at.pending()] for level, at in found.levels.items()} == {
        "minimum": [],
        "expected": [],
        "maximum": [],
    }
    (group,) = found.levels["expected"].groups
    assert group.pods > 30
    assert group.pods <= 3 * 35, "even without prefixes t3.large takes 35"
    (size,) = (sizes()["t3.large"],)
    assert size.interfaces * (size.addresses - 1) + 2 == 35
    for kind in ("Deployment", "StatefulSet"):
        for one in nemo.manifests(kind):
            for container in one["spec"]["template"]["spec"]["containers"]:
                asked = container["resources"]
                assert {"cpu", "memory"} <= asked["requests"].keys(), one["metadata"]["name"]
                assert "memory" in asked["limits"], one["metadata"]["name"]


# --- identities ---


@pytest.mark.requirement("001-iam-01")
def test_oidc_provider_of_the_cluster_exists(nemo: Planned) -> None:
    provider = nemo.one("aws:iam/openIdConnectProvider:OpenIdConnectProvider").inputs
    assert provider["clientIdLists"] == ["sts.amazonaws.com"]
    assert provider["url"] == nemo.outputs["cluster_oidc_issuer_url"]


@pytest.mark.requirement("001-iam-02")
@pytest.mark.deviates("001-iam-03")
def test_cluster_and_nodes_have_the_roles_of_the_document(nemo: Planned) -> None:
    assert nemo.attached("nemo_EKS_kluster-cluster") == [f"{MANAGED}AmazonEKSClusterPolicy"]
    assert nemo.attached("nemo_EKS_kluster-node") == [
        f"{MANAGED}AmazonEC2ContainerRegistryPullOnly",
        f"{MANAGED}AmazonEKSWorkerNodePolicy",
        f"{MANAGED}AmazonEKS_CNI_Policy",
        f"{MANAGED}AmazonSSMManagedInstanceCore",
    ]
    assert nemo.one(GROUP).inputs["nodeRoleArn"].endswith(":role/nemo_EKS_kluster-node")


@pytest.mark.requirement("001-iam-04", "001-add-02")
def test_ebs_driver_has_its_policy_by_its_service_account(nemo: Planned) -> None:
    role = "nemo-ebs-csi-controller"
    assert nemo.attached(role) == [f"{MANAGED}service-role/AmazonEBSCSIDriverPolicy"]
    assert nemo.trusted_account(role) == "kube-system:ebs-csi-controller-sa"
    addon = nemo.one("eks:index:Addon", addonName="aws-ebs-csi-driver").inputs
    assert addon["serviceAccountRoleArn"].endswith(f":role/{role}")


@pytest.mark.requirement("001-add-01")
@pytest.mark.deviates("001-iam-05")
def test_load_balancer_controller_is_current_with_its_own_policy_and_role(nemo: Planned) -> None:
    release = nemo.release("aws-load-balancer-controller")
    assert (release["chart"], release["namespace"]) == ("aws-load-balancer-controller", "kube-system")
    assert int(release["version"].partition(".")[0]) >= 3, "1.7.1 is a chart of 2024"
    role = "nemo-alb-ingress-controller"
    assert nemo.attached(role) == ["arn:aws:iam::084375578827:policy/AWSLoadBalancerControllerIAMPolicy"]
    assert nemo.trusted_account(role) == "kube-system:aws-load-balancer-controller"
    annotation = release["values"]["serviceAccount"]["annotations"]["eks.amazonaws.com/role-arn"]
    assert annotation.endswith(f":role/{role}")


@pytest.mark.deviates("001-iam-05")
def test_controller_policy_is_a_subset_of_the_published_one(nemo: Planned) -> None:
    published = {
        action
        for statement in ingress_statements("ap-northeast-2", "084375578827", "nemo_EKS_kluster", "vpc-1")
        for action in statement.actions
    }
    ours = {action for statement in nemo.statements("nemo-alb-ingress-controller") for action in statement["Action"]}
    assert ours - published == set()
    assert {"elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"} <= ours
    assert "elasticloadbalancing:CreateLoadBalancer" not in ours


# --- storage and secrets ---


@pytest.mark.requirement("001-sto-08")
def test_volumes_are_created_on_demand_encrypted_and_in_the_zone_of_the_pod(nemo: Planned) -> None:
    found = nemo.manifest("StorageClass", "gp3")
    assert found["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"] == "true"
    assert (found["provisioner"], found["volumeBindingMode"]) == ("ebs.csi.aws.com", "WaitForFirstConsumer")
    assert (found["parameters"]["type"], found["parameters"]["encrypted"]) == ("gp3", "true")
    claims = {
        one["metadata"]["name"]: {
            claim["spec"].get("storageClassName") for claim in one["spec"]["volumeClaimTemplates"]
        }
        for one in nemo.manifests("StatefulSet")
    }
    assert set(claims) == {"kafka", "zookeeper", "redis", "redis-sentinel"}
    assert {name for names in claims.values() for name in names} <= {None, "gp3"}


@pytest.mark.requirement("001-sct-01")
def test_external_secrets_reads_paths_of_the_project_only(nemo: Planned) -> None:
    release = nemo.release("external-secrets")
    assert (release["chart"], release["namespace"]) == ("external-secrets", "external-secrets")
    (statement,) = nemo.statements("nemo-external-secrets")
    assert statement["Resource"] == ["arn:aws:secretsmanager:ap-northeast-2:084375578827:secret:nemo/platform/*"]
    stores = {one["metadata"]["namespace"]: one["metadata"]["name"] for one in nemo.manifests("SecretStore")}
    assert stores.keys() == {"argocd", "database-setup", "kafka", "production", "redis"}
    for statement in nemo.statements("nemo-production-secrets"):
        assert all(":secret:nemo/" in arn for arn in statement["Resource"]), json.dumps(statement)
    assert nemo.trusted_account("nemo-production-secrets") == "production:production-secrets"
