"""000: state, deployment and troubleshooting, which the pages document."""

import json
import re
from collections.abc import Callable

import pytest

from tests.config.base import ROOT
from tests.requirements.query import Planned

Page = Callable[[str, str], str]


@pytest.fixture(scope="module")
def page() -> Page:
    """The text of one section of a page, on one line."""

    def section(file: str, heading: str) -> str:
        text = (ROOT / file).read_text(encoding="utf-8")
        found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
        assert found, f"{file} has no section {heading}"
        return " ".join(found[1].replace("\\\n", " ").split())

    return section


def in_order(text: str, *parts: str) -> bool:
    """Whether a text holds these parts one after the other."""
    return re.search(".*".join(map(re.escape, parts)), text) is not None


@pytest.mark.requirement("000-ops-03")
def test_readme_names_kubectl_and_the_oldest_helm(page: Page) -> None:
    build = page("README.md", "Build it")
    assert "kubectl" in build
    assert "Helm 3.12 or newer" in " ".join(build.split())


@pytest.mark.requirement("000-ops-01")
def test_aws_cli_2_is_required_and_region_and_output_are_set_by_the_program(mlflow: Planned, page: Page) -> None:
    assert "AWS CLI 2" in page("README.md", "Build it")
    assert mlflow.region == "us-west-2"
    kubeconfig = json.loads(mlflow.one("pulumi:providers:kubernetes").inputs["kubeconfig"])
    command = kubeconfig["users"][0]["user"]["exec"]["args"]
    assert command[command.index("--region") + 1] == "us-west-2"
    assert command[command.index("--output") + 1] == "json"


@pytest.mark.requirement("000-ops-07")
def test_state_is_encrypted_below_eks_in_the_bucket_of_the_document(page: Page) -> None:
    build = page("README.md", "Build it")
    assert "pulumi login 's3://mlops-terraform-state/eks?region=us-west-2'" in build
    assert "--secrets-provider='awskms://alias/pulumi-state?region=us-west-2'" in build


@pytest.mark.requirement("000-ops-07", "000-ops-10")
def test_state_bucket_is_versioned_encrypted_and_private(page: Page) -> None:
    state = page("docs/operate.md", "State")
    assert "create-bucket --bucket mlops-terraform-state --region us-west-2" in state
    assert "put-bucket-versioning --bucket mlops-terraform-state --versioning-configuration Status=Enabled" in state
    assert '"SSEAlgorithm":"AES256"' in state
    assert "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true" in state
    assert "if the name is taken, choose another" in state


@pytest.mark.requirement("000-ops-08")
@pytest.mark.deviates("000-ops-11")
def test_state_backend_locks_without_a_table(mlflow: Planned, page: Page) -> None:
    assert "Pulumi's S3 backend locks a stack while it works; no lock table is needed" in page(
        "docs/operate.md", "State"
    )
    assert mlflow.all("aws:dynamodb/table:Table") == []


@pytest.mark.requirement("000-ops-12", "000-ops-13")
def test_deployment_is_documented_with_its_duration(page: Page) -> None:
    build = page("README.md", "Build it")
    assert in_order(build, "change in the stack file", "pulumi login", "pulumi stack init mlflow", "pulumi up") is True
    assert "`pulumi up` takes 15 to 20 minutes" in build


@pytest.mark.requirement("000-iam-03")
def test_deployer_permissions_are_documented(page: Page) -> None:
    permissions = page("docs/operate.md", "Deployment permissions")
    services = ("VPCs", "EKS", "RDS", "S3", "IAM roles", "ACM", "Secrets Manager", "CloudWatch Logs", "KMS")
    assert [service for service in services if service not in permissions] == []


@pytest.mark.requirement("000-iam-09")
def test_administrator_access_is_not_needed(mlflow: Planned, page: Page) -> None:
    assert "needs no AdministratorAccess" in page("docs/operate.md", "Deployment permissions")
    attached = {policy for role in mlflow.all("aws:iam/role:Role") for policy in mlflow.attached(role.inputs["name"])}
    names = {arn.rpartition("/")[2] for arn in attached}
    assert names.isdisjoint({"AdministratorAccess", "PowerUserAccess", "IAMFullAccess"}) is True
    statements = [item for role in mlflow.all("aws:iam/role:Role") for item in mlflow.statements(role.inputs["name"])]
    assert [action for item in statements for action in item["Action"] if action in {"*", "*:*"}] == []


@pytest.mark.requirement("000-ops-14")
def test_remedy_for_failed_creation_is_documented(page: Page) -> None:
    help_ = page("docs/operate.md", "Troubleshooting")
    permissions = "the deploying role's permissions for EKS, EC2, RDS and S3"
    assert in_order(help_, "`ResourceNotFoundException`", "`aws sts get-caller-identity`", permissions) is True


@pytest.mark.requirement("000-ops-15")
def test_remedy_for_unauthorized_kubectl_is_documented(page: Page) -> None:
    help_ = page("docs/operate.md", "Troubleshooting")
    login = "`aws eks get-token --cluster-name mdpg-mlops-eks`"
    assert in_order(help_, "Unauthorized", "kubeconfig_command", "get-contexts", login, "`cluster.access`") is True


@pytest.mark.deviates("000-ops-16")
def test_remedy_for_database_timeouts_is_documented(page: Page) -> None:
    help_ = page("docs/operate.md", "Troubleshooting")
    fix = "Fix it in the stack file; the next update removes a manual rule"
    assert in_order(help_, "timeout", "`mdpg-mlops-rds-sg`", "5432 from the node group only", fix) is True


@pytest.mark.requirement("000-ops-17")
def test_remedy_for_web_identity_errors_is_documented(page: Page) -> None:
    help_ = page("docs/operate.md", "Troubleshooting")
    account = "`kube-system/aws-load-balancer-controller`"
    assert in_order(help_, "`WebIdentityErr`", "alb_controller_role_arn", account, "`cluster_oidc_issuer_url`") is True
