"""000: the document's values that the stack mlflow has by a setting."""

import json

import pytest

from tests.requirements.query import Planned

GROUP = "aws:ec2/securityGroup:SecurityGroup"
CONTROLLER = "mdpg-mlops-alb-ingress-controller"


@pytest.mark.deviates("000-ing-01", "000-ing-02")
def test_ingress_of_the_controller_serves_the_host_over_https_with_the_certificate(documented: Planned) -> None:
    ingress = documented.manifest("Ingress", "mlflow", "ml-platform")
    (rule,) = ingress["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    assert (ingress["spec"]["ingressClassName"], rule["host"]) == ("alb", "mlflow.mdpg.ai")
    assert path["backend"]["service"] == {"name": "mlflow", "port": {"number": 5000}}
    certificate = documented.one("aws:acm/certificateValidation:CertificateValidation").inputs["certificateArn"]
    prefix = "alb.ingress.kubernetes.io/"
    found = {key.removeprefix(prefix): value for key, value in ingress["metadata"]["annotations"].items()}
    assert {key: found[key] for key in ("certificate-arn", "scheme", "target-type", "healthcheck-path")} == {
        "certificate-arn": certificate,
        "scheme": "internet-facing",
        "target-type": "ip",
        "healthcheck-path": "/health",
    }
    assert json.loads(found["listen-ports"]) == [{"HTTP": 80}, {"HTTPS": 443}]
    assert found["ssl-redirect"] == "443"
    assert documented.all("aws:lb/loadBalancer:LoadBalancer") == [], "the controller makes it"


@pytest.mark.deviates("000-iam-05")
def test_controller_that_owns_load_balancers_has_the_policy_to_create_them(documented: Planned) -> None:
    assert documented.trusted_account(CONTROLLER) == "kube-system:aws-load-balancer-controller"
    allowed = {action for item in documented.statements(CONTROLLER) for action in item["Action"]}
    assert {
        "elasticloadbalancing:CreateLoadBalancer",
        "elasticloadbalancing:CreateListener",
        "elasticloadbalancing:CreateRule",
        "elasticloadbalancing:CreateTargetGroup",
        "elasticloadbalancing:RegisterTargets",
        "ec2:CreateSecurityGroup",
    } <= allowed


@pytest.mark.deviates("000-tag-01", "000-scy-03")
def test_managed_by_terraform_and_egress_of_the_database_are_settings(documented: Planned) -> None:
    assert documented.provider_tags == {
        "Project": "MLOps Platform",
        "Environment": "production",
        "ManagedBy": "Terraform",
    }
    group = documented.tagged(GROUP, "mdpg-mlops-rds-sg")
    assert documented.openings(group, "out") == {("-1", None, None, "0.0.0.0/0")}
