"""000: the OIDC provider, the roles of pods, and least privilege."""

import json

import pytest

from tests.requirements.query import Planned

PROJECT = "mdpg-mlops-"


@pytest.mark.requirement("000-iam-01", "000-iam-04")
def test_every_pod_role_trusts_the_oidc_provider_of_the_cluster(mlflow: Planned) -> None:
    provider = mlflow.one("aws:iam/openIdConnectProvider:OpenIdConnectProvider").inputs
    assert provider["url"] == mlflow.outputs["cluster_oidc_issuer_url"]
    assert provider["clientIdLists"] == ["sts.amazonaws.com"]
    trusting = {
        role.inputs["name"]: mlflow.trusted_account(role.inputs["name"])
        for role in mlflow.all("aws:iam/role:Role")
        if "sts:AssumeRoleWithWebIdentity" in role.inputs["assumeRolePolicy"]
    }
    assert trusting == {
        "mdpg-mlops-alb-ingress-controller": "kube-system:aws-load-balancer-controller",
        "mdpg-mlops-cluster-autoscaler": "kube-system:cluster-autoscaler",
        "mdpg-mlops-ebs-csi-controller": "kube-system:ebs-csi-controller-sa",
        "mdpg-mlops-external-secrets": "external-secrets:external-secrets",
        "mdpg-mlops-mlflow-database-setup": "database-setup:mlflow-database-setup",
        "mdpg-mlops-mlflow-s3-access": "ml-platform:mlflow",
        "mdpg-mlops-mlflow-secrets": "ml-platform:mlflow-secrets",
        "mdpg-mlops-vpc-cni": "kube-system:aws-node",
    }


@pytest.mark.requirement("000-iam-01")
def test_service_accounts_are_annotated_with_the_role_that_trusts_them(mlflow: Planned) -> None:
    accounts = mlflow.manifests("ServiceAccount")
    assert len(accounts) == 3
    for account in accounts:
        metadata = account["metadata"]
        role = metadata["annotations"]["eks.amazonaws.com/role-arn"].rpartition("/")[2]
        assert mlflow.trusted_account(role) == f"{metadata['namespace']}:{metadata['name']}"


@pytest.mark.requirement("000-ten-02")
def test_mlflow_runs_in_its_namespace_under_its_service_account(mlflow: Planned) -> None:
    assert mlflow.manifest("Namespace", "ml-platform")["metadata"]["name"] == "ml-platform"
    account = mlflow.manifest("ServiceAccount", "mlflow", "ml-platform")
    assert account["metadata"]["annotations"] == {
        "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/mdpg-mlops-mlflow-s3-access"
    }
    deployment = mlflow.manifest("Deployment", "mlflow", "ml-platform")
    assert deployment["spec"]["template"]["spec"]["serviceAccountName"] == "mlflow"


@pytest.mark.requirement("000-nam-04")
@pytest.mark.deviates("000-iam-05", "000-iam-06")
def test_names_begin_with_the_project(mlflow: Planned) -> None:
    # Two stacks share an account.
    fields = {
        "aws:iam/role:Role": "name",
        "aws:iam/policy:Policy": "name",
        "aws:rds/instance:Instance": "identifier",
        "aws:rds/subnetGroup:SubnetGroup": "name",
        "aws:s3/bucket:Bucket": "bucket",
        "aws:secretsmanager/secret:Secret": "name",
        "aws:lb/loadBalancer:LoadBalancer": "name",
        "aws:lb/targetGroup:TargetGroup": "name",
        "aws:ec2/securityGroup:SecurityGroup": "namePrefix",
        "eks:index:Cluster": "name",
    }
    names = [resource.inputs[field] for type_, field in fields.items() for resource in mlflow.all(type_)]
    assert len(names) > 20
    assert [name for name in names if not name.startswith(("mdpg-mlops-", "mdpg-mlops/"))] == []


@pytest.mark.requirement("000-ops-17")
def test_role_annotation_and_issuer_of_the_load_balancer_controller_match(mlflow: Planned) -> None:
    arn = mlflow.outputs["alb_controller_role_arn"]
    account = mlflow.release("aws-load-balancer-controller")["values"]["serviceAccount"]
    assert account["annotations"]["eks.amazonaws.com/role-arn"] == arn
    issuer = mlflow.outputs["cluster_oidc_issuer_url"].removeprefix("https://")
    (statement,) = json.loads(mlflow.role(arn.rpartition("/")[2]).inputs["assumeRolePolicy"])["Statement"]
    subject = "system:serviceaccount:kube-system:aws-load-balancer-controller"
    assert statement["Condition"]["StringEquals"][f"{issuer}:sub"] == subject
