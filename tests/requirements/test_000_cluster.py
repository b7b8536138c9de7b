"""000: the control plane, its access, its logs and its add-ons."""

import pytest

from catalog.reading.problems import SettingsError
from tests.requirements.conftest import WhatIf
from tests.requirements.query import Planned
from tests.requirements.test_000_network import PRIVATE, ids

CLUSTER = "eks:index:Cluster"


@pytest.mark.requirement("000-clu-01", "000-clu-03")
def test_cluster_version_is_in_standard_support(mlflow: Planned, what_if: WhatIf) -> None:
    cluster = mlflow.one(CLUSTER).inputs
    assert cluster["version"] in {"1.35", "1.36"}
    assert cluster["upgradePolicy"] == {"supportType": "STANDARD"}
    assert {group.inputs["version"] for group in mlflow.all("eks:index:ManagedNodeGroup")} == {cluster["version"]}
    assert what_if("cluster.version='1.36'").one(CLUSTER).inputs["version"] == "1.36"


@pytest.mark.requirement("000-clu-03")
def test_version_of_the_document_is_refused(what_if: WhatIf) -> None:
    # EKS cannot create it any more.
    with pytest.raises(SettingsError, match=r"support of Kubernetes 1\.28 ended on .*; use 1\.36 or 1\.35"):
        what_if("cluster.version='1.28'")


@pytest.mark.requirement("000-clu-02")
def test_cluster_is_in_private_subnets_and_uses_access_entries_only(mlflow: Planned) -> None:
    cluster = mlflow.one(CLUSTER).inputs
    assert set(cluster["privateSubnetIds"]) == ids(mlflow, PRIVATE)
    assert "publicSubnetIds" not in cluster
    assert cluster["vpcId"] == mlflow.id(mlflow.one("aws:ec2/vpc:Vpc"))
    assert cluster["authenticationMode"] == "API"
    assert [item for item in mlflow.manifests("ConfigMap") if item["metadata"]["name"] == "aws-auth"] == []


@pytest.mark.requirement("000-clu-04")
def test_api_is_reachable_from_inside_and_from_named_networks(mlflow: Planned, what_if: WhatIf) -> None:
    cluster = mlflow.one(CLUSTER).inputs
    assert (cluster["endpointPublicAccess"], cluster["endpointPrivateAccess"]) == (True, True)
    assert cluster["publicAccessCidrs"] == ["203.0.113.0/24"]
    office = what_if("cluster.endpoint.publicCidrs=[198.51.100.7/32]").one(CLUSTER).inputs
    assert office["publicAccessCidrs"] == ["198.51.100.7/32"]


@pytest.mark.requirement("000-clu-04")
def test_api_cannot_be_opened_to_the_internet(what_if: WhatIf) -> None:
    with pytest.raises(SettingsError, match=r"0\.0\.0\.0/0 opens the Kubernetes API to the internet"):
        what_if("cluster.endpoint.publicCidrs=[0.0.0.0/0]")


@pytest.mark.requirement("000-ten-01")
def test_three_users_have_an_access_entry_with_a_policy(mlflow: Planned) -> None:
    admin, view = "AmazonEKSClusterAdminPolicy", "AmazonEKSViewPolicy"
    wanted = {"mlops-engineer-1": admin, "mlops-engineer-2": admin, "ml-engineer-1": view}
    arns = {f"arn:aws:iam::123456789012:role/mdpg-mlops-access-{person}": policy for person, policy in wanted.items()}
    entries = [entry.inputs for entry in mlflow.all("aws:eks/accessEntry:AccessEntry")]
    assert sorted(entry["principalArn"] for entry in entries) == sorted(arns)
    assert {entry["clusterName"] for entry in entries} == {"mdpg-mlops-eks"}
    associations = mlflow.all("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
    assert {item.inputs["principalArn"]: item.inputs["policyArn"].rpartition("/")[2] for item in associations} == arns


@pytest.mark.requirement("000-ten-01")
def test_fourth_user_is_two_lines_of_the_stack_file(what_if: WhatIf) -> None:
    plan = what_if(
        "cluster.access.ml-engineer-2={policy: AmazonEKSViewPolicy, namespaces: [ml-platform]}",
        "workloads.mlflow.users.ml-engineer-2={}",
    )
    entries = {entry.inputs["principalArn"] for entry in plan.all("aws:eks/accessEntry:AccessEntry")}
    assert len(entries) == 4
    assert "arn:aws:iam::123456789012:role/mdpg-mlops-access-ml-engineer-2" in entries
    assert plan.secret_strings["mlflow-secrets-user-ml-engineer-2"]["username"] == "ml-engineer-2"


@pytest.mark.requirement("000-net-08", "000-net-09")
def test_nodes_reach_the_api_on_443_and_the_control_plane_kubelets_and_webhooks(mlflow: Planned) -> None:
    plane = mlflow.tagged("aws:ec2/securityGroup:SecurityGroup", "mdpg-mlops-eks-cluster-sg")
    nodes = mlflow.tagged("aws:ec2/securityGroup:SecurityGroup", "mdpg-mlops-eks-node-sg")
    assert mlflow.openings(plane, "in") == {("tcp", 443, 443, "mdpg-mlops-eks-node-sg")}
    assert mlflow.openings(plane, "out") == {("tcp", 1025, 65535, "mdpg-mlops-eks-node-sg")}
    assert ("tcp", 1025, 65535, "mdpg-mlops-eks-cluster-sg") in mlflow.openings(nodes, "in")
    assert ("-1", None, None, "mdpg-mlops-eks-node-sg") in mlflow.openings(nodes, "in")
    assert mlflow.one(CLUSTER).inputs["clusterSecurityGroup"]["id"] == mlflow.id(plane)


@pytest.mark.requirement("000-net-08")
def test_nodes_have_no_other_inbound_rule_than_mlflow_from_the_load_balancer(mlflow: Planned) -> None:
    nodes = mlflow.tagged("aws:ec2/securityGroup:SecurityGroup", "mdpg-mlops-eks-node-sg")
    assert {opening[3]: opening[:3] for opening in mlflow.openings(nodes, "in")} == {
        "mdpg-mlops-eks-cluster-sg": ("tcp", 1025, 65535),
        "mdpg-mlops-eks-node-sg": ("-1", None, None),
        "mdpg-mlops-alb-sg": ("tcp", 5000, 5000),
    }


@pytest.mark.requirement("000-obs-02", "000-obs-03")
def test_control_plane_logs_are_kept_thirty_days(mlflow: Planned, what_if: WhatIf) -> None:
    name = "/aws/eks/mdpg-mlops-eks/cluster"
    assert mlflow.one("aws:cloudwatch/logGroup:LogGroup", name=name).inputs["retentionInDays"] == 30
    assert mlflow.one(CLUSTER).inputs["enabledClusterLogTypes"] == [
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
    ]
    longer = what_if("cluster.logging.retentionDays=90")
    assert longer.one("aws:cloudwatch/logGroup:LogGroup", name=name).inputs["retentionInDays"] == 90


@pytest.mark.requirement("000-obs-03")
def test_cluster_uses_the_existing_log_group(mlflow: Planned) -> None:
    group = mlflow.one("aws:cloudwatch/logGroup:LogGroup", name="/aws/eks/mdpg-mlops-eks/cluster")
    assert group.urn in mlflow.one(CLUSTER).dependencies
    assert [
        item.name for item in mlflow.all("aws:cloudwatch/logGroup:LogGroup") if not item.inputs["retentionInDays"]
    ] == []


@pytest.mark.deviates("000-add-01", "000-iam-06")
def test_ebs_driver_has_its_service_account_and_role(mlflow: Planned) -> None:
    role = "mdpg-mlops-ebs-csi-controller"
    assert mlflow.trusted_account(role) == "kube-system:ebs-csi-controller-sa"
    assert mlflow.attached(role) == ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"]
    addon = mlflow.one("eks:index:Addon", addonName="aws-ebs-csi-driver").inputs
    assert addon["serviceAccountRoleArn"] == f"arn:aws:iam::123456789012:role/{role}"


def test_volumes_are_encrypted_gp3_by_default(mlflow: Planned) -> None:
    (storage,) = mlflow.manifests("StorageClass")
    assert storage["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}
    assert storage["provisioner"] == "ebs.csi.aws.com"
    assert (storage["parameters"]["type"], storage["parameters"]["encrypted"]) == ("gp3", "true")
    assert storage["volumeBindingMode"] == "WaitForFirstConsumer"


@pytest.mark.requirement("000-add-02")
def test_load_balancer_controller_has_a_pinned_chart_and_its_role(mlflow: Planned) -> None:
    release = mlflow.release("aws-load-balancer-controller")
    assert release["repositoryOpts"] == {"repo": "https://aws.github.io/eks-charts"}
    assert (release["chart"], release["version"]) == ("aws-load-balancer-controller", "3.5.0")
    assert release["namespace"] == "kube-system"
    values = release["values"]
    assert values["clusterName"] == "mdpg-mlops-eks"
    assert (values["region"], values["vpcId"]) == ("us-west-2", mlflow.id(mlflow.one("aws:ec2/vpc:Vpc")))
    account = values["serviceAccount"]
    role = "mdpg-mlops-alb-ingress-controller"
    assert (account["create"], account["name"]) == (True, "aws-load-balancer-controller")
    assert account["annotations"] == {"eks.amazonaws.com/role-arn": f"arn:aws:iam::123456789012:role/{role}"}
    assert mlflow.trusted_account(role) == "kube-system:aws-load-balancer-controller"


@pytest.mark.deviates("000-iam-05")
def test_controller_may_bind_pods_to_target_groups_of_this_cluster(mlflow: Planned) -> None:
    # The load balancer itself is Pulumi's, so binding is all that the controller's policy has to allow.
    binding = next(
        statement
        for statement in mlflow.statements("mdpg-mlops-alb-ingress-controller")
        if "elasticloadbalancing:RegisterTargets" in statement["Action"]
    )
    assert set(binding["Action"]) == {
        "elasticloadbalancing:RegisterTargets",
        "elasticloadbalancing:DeregisterTargets",
    }
    assert binding["Resource"] == ["arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/*/*"]
    assert binding["Condition"] == {"StringEquals": {"aws:ResourceTag/ai-platform/cluster": "mdpg-mlops-eks"}}
    group = mlflow.one("aws:lb/targetGroup:TargetGroup").inputs
    assert group["tags"]["ai-platform/cluster"] == "mdpg-mlops-eks"
