"""The naming rule on a whole platform: default names follow it, and a finding lists the others."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from aiplatform.findings.names import names, physical_names
from aiplatform.preview.plan import Plan
from components.base.naming import LOAD_BALANCER_LIMIT
from components.base.renaming import renaming
from tests.components.base import BOTH, Found, recorded


def called(found: Found, type_: str, name: str) -> Any:
    """The physical name of a resource."""
    return found.inputs(type_, name)["name"]


@BOTH
def test_default_names_include_the_environment_and_given_names_are_kept(unknown: bool) -> None:
    found = recorded("named", unknown)
    assert called(found, "aws:lb/loadBalancer:LoadBalancer", "ingress-alb") == "plain-alb-test"
    assert called(found, "aws:iam/role:Role", "vpc-cni") == "plain-vpc-cni-test"
    assert called(found, "aws:kms/alias:Alias", "cluster-secrets-key") == "alias/plain-eks-test-secrets"
    assert found.inputs("aws:rds/instance:Instance")["identifier"] == "plain-runs-db-test"
    assert found.inputs("aws:s3/bucket:Bucket", "bucket-artifacts")["bucket"] == "plain-artifacts-test"
    assert found.inputs("aws:s3/bucket:Bucket", "access-logs")["bucket"] == "plain-access-logs-test"
    assert found.inputs("aws:wafv2/webAcl:WebAcl")["name"] == "plain-alb-test"
    assert found.inputs("aws:cloudwatch/logGroup:LogGroup", "ingress-waf")["name"] == "aws-waf-logs-plain-alb-test"
    assert found.inputs("aws:ec2/vpc:Vpc")["tags"]["Name"] == "plain-vpc-test"
    assert called(found, "aws:ec2/securityGroup:SecurityGroup", "ingress-alb") == "plain-alb-sg"


@BOTH
def test_every_name_of_the_plan_follows_the_rule(unknown: bool) -> None:
    found = recorded("named", unknown)
    assert list(names(found.plan, found.settings)) == []


def test_references_use_the_names_of_the_rule() -> None:
    found = recorded("named")
    new = {name for resource in found.plan.resources for name in physical_names(resource)}
    old = {name.removesuffix("-test") for name in new if name.endswith("-test")} - new
    for resource in found.plan.resources:
        texts = json.dumps(dict(resource.inputs)).replace("/", '"').replace(":", '"').split('"')
        # Objects of Kubernetes and parts of names have a life of their own.
        assert not old & set(texts) or resource.type.startswith("kubernetes:"), resource.name


def test_names_without_a_rule_are_unchanged() -> None:
    found = recorded("mlflow")
    assert renaming(found.settings) == []
    assert list(names(found.plan, found.settings)) == []


def with_name(plan: Plan, name: str, called: str) -> Plan:
    """The plan with another physical name of one resource."""
    return replace(
        plan,
        resources=tuple(
            replace(resource, inputs={**resource.inputs, "name": called})
            if resource.name == name and resource.type == "aws:iam/role:Role"
            else resource
            for resource in plan.resources
        ),
    )


@pytest.mark.requirement("004-nam-01", "004-nam-03")
def test_finding_of_a_name_has_its_resource_and_a_fix() -> None:
    found = recorded("named")
    (finding,) = names(with_name(found.plan, "vpc-cni", "plain-vpc-cni"), found.settings)
    assert (finding.rule, finding.severity) == ("naming", "warning")
    assert finding.message == ("plain-vpc-cni of Role vpc-cni does not follow {project}-{type}-{environment}-{suffix}")
    assert finding.fix == "rename it, or add it to project.naming.exceptions"
    assert finding.urn.endswith("::vpc-cni")


def test_unused_exception_is_a_finding() -> None:
    found = recorded("named")
    naming = found.settings.project.naming
    assert naming is not None
    longer = naming.model_copy(update={"exceptions": (*naming.exceptions, "plain-gone")})
    project = found.settings.project.model_copy(update={"naming": longer})
    (finding,) = names(found.plan, found.settings.model_copy(update={"project": project}))
    assert (finding.severity, "plain-gone" in finding.message) == ("info", True)


def test_long_name_is_cut_before_the_environment() -> None:
    found = recorded("named")
    (rename,) = renaming(found.settings)

    asked = SimpleNamespace(
        type_="aws:lb/targetGroup:TargetGroup", props={"name": "plain-a-name-of-a-service-too-lo"}, opts=None
    )
    result = rename(asked)  # type: ignore[arg-type]
    assert result is not None
    made = str(dict(result.props)["name"])
    assert len(made) <= LOAD_BALANCER_LIMIT
    assert found.settings.project.follows_naming(made)
