"""checkov and kube-score over plans of shipped stacks: a finding is mended, or excepted with a reason."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from aiplatform.preview.manifests import dump
from aiplatform.preview.outputs import is_object
from aiplatform.preview.plan import Plan, Resource
from tests.aws.remote import aws_resources
from tests.components.base import recorded
from tests.each import each
from tests.parts.counts import proven
from tests.parts.place import MissingPartError, absent
from tests.security.scanners import Finding, Scan, checkov_types, exceptions
from tests.security.terraform import UNCHECKED, terraform_plan, terraform_type

STACKS = ("prod", "pingvas", "lab")
FAULTY = "faulty"
"""A copy of the first stack with the faults below."""


class Fault(NamedTuple):
    """A change of a resource, and the checks that have to find it."""

    type: str
    name: str
    change: Callable[[Any], object]
    checkov: tuple[str, ...] = ()
    kube_score: tuple[str, ...] = ()


def _pod(inputs: Any) -> Any:
    return inputs["spec"]["template"]["spec"]


def _server(inputs: Any) -> Any:
    return _pod(inputs)["containers"][0]


DEPLOYMENT, RULE = "kubernetes:apps/v1:Deployment", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ADMINISTRATOR = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
FAULTS = (
    Fault(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "bucket-artifacts",
        lambda inputs: inputs.update(blockPublicAcls=False, restrictPublicBuckets=False),
        ("CKV_AWS_53", "CKV_AWS_56"),
    ),
    # A check over several resources finds what a reference leads to.
    Fault(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "bucket-dumps",
        lambda inputs: inputs.update(bucket="another"),
        ("CKV2_AWS_6",),
    ),
    Fault(
        "aws:s3/bucketVersioning:BucketVersioning",
        "bucket-artifacts",
        lambda inputs: inputs["versioningConfiguration"].update(status="Suspended"),
        ("CKV_AWS_21",),
    ),
    Fault(
        "aws:kms/key:Key", "cluster-secrets-key", lambda inputs: inputs.update(enableKeyRotation=False), ("CKV_AWS_7",)
    ),
    Fault(
        "aws:rds/instance:Instance",
        "database-metadata",
        lambda inputs: inputs.update(publiclyAccessible=True, storageEncrypted=False),
        ("CKV_AWS_16", "CKV_AWS_17"),
    ),
    Fault(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "nodes-gpu",
        lambda inputs: inputs["metadataOptions"].update(httpTokens="optional"),
        ("CKV_AWS_79",),
    ),
    Fault(
        "aws:efs/fileSystem:FileSystem", "files-models", lambda inputs: inputs.update(encrypted=False), ("CKV_AWS_42",)
    ),
    Fault(RULE, "ingress-alb-443-0.0.0.0-0", lambda inputs: inputs.update(fromPort=22, toPort=22), ("CKV_AWS_24",)),
    Fault(
        "eks:index:Cluster",
        "cluster",
        lambda inputs: inputs.update(encryptionConfigKeyArn=None, publicAccessCidrs=["0.0.0.0/0"]),
        ("CKV_AWS_38", "CKV_AWS_58"),
    ),
    Fault(
        "aws:iam/policy:Policy",
        "mlflow-secrets",
        lambda inputs: inputs.update(policy=ADMINISTRATOR),
        ("CKV_AWS_62", "CKV_AWS_63"),
    ),
    Fault(
        "aws:lb/listener:Listener",
        "ingress-alb-80",
        lambda inputs: inputs.update(defaultActions=[{"type": "fixed-response"}]),
        ("CKV_AWS_2",),
    ),
    Fault(
        DEPLOYMENT,
        "mlflow-server",
        lambda inputs: _server(inputs)["securityContext"].update(
            privileged=True, allowPrivilegeEscalation=True, readOnlyRootFilesystem=False
        ),
        ("CKV_K8S_16", "CKV_K8S_20", "CKV_K8S_22"),
        ("container-security-context-privileged", "container-security-context-readonlyrootfilesystem"),
    ),
    Fault(
        DEPLOYMENT,
        "vllm-chat",
        lambda inputs: (_pod(inputs).update(hostNetwork=True), _server(inputs).update(image="vllm/vllm-openai:latest")),
        ("CKV_K8S_14", "CKV_K8S_19"),
        ("container-image-tag",),
    ),
    Fault(
        DEPLOYMENT,
        "tenant-team01-mlflow",
        lambda inputs: (_server(inputs).pop("readinessProbe"), _server(inputs)["resources"].pop("limits")),
        ("CKV_K8S_9", "CKV_K8S_13"),
        ("pod-probes", "container-resources"),
    ),
)


def _faulty(resource: Resource) -> Resource:
    inputs = deepcopy(dict(resource.inputs))
    for fault in FAULTS:
        if (fault.type, fault.name) == (resource.type, resource.name):
            fault.change(inputs)
    return replace(resource, inputs=inputs)


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    """Return the plan of each stack, and the copy with faults."""
    found = {stack: recorded(stack).plan for stack in STACKS}
    first = found[STACKS[0]]
    return {**found, FAULTY: replace(first, resources=tuple(map(_faulty, first.resources)))}


@pytest.fixture(scope="module")
def scan(plans: dict[str, Plan], tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """Return the results of both scanners."""
    made = Scan(
        tmp_path_factory.mktemp("scan"),
        {stack: terraform_plan(plan) for stack, plan in plans.items()},
        {stack: "---\n".join(dump(inputs) for inputs in _objects(plan)) for stack, plan in plans.items()},
    )
    try:
        assert made.findings
    except MissingPartError as missing:
        absent(missing)
    return made


def _objects(plan: Plan) -> list[Any]:
    return [resource.inputs for resource in plan.resources if is_object(resource.type, resource.inputs)]


def _shipped(scan: Scan) -> list[Finding]:
    return [finding for finding in scan.findings if finding.stack != FAULTY]


def test_every_finding_is_mended_or_excepted(scan: Scan) -> None:
    excepted = exceptions()
    left = [finding for finding in _shipped(scan) if not any(one.covers(finding) for one in excepted)]
    told = "\n".join(" ".join(finding) for finding in left)
    assert not left, f"mend these, or except them in tests/security/exceptions.yaml with a reason:\n{told}"
    proven("findings of scanners that are excepted with a reason", len(_shipped(scan)))


def test_every_exception_excepts_a_finding(scan: Scan) -> None:
    found = _shipped(scan)
    unused = [one for one in exceptions() if not any(one.covers(finding) for finding in found)]
    told = "\n".join(f"{one.stack} {one.scanner} {one.check} {one.resources}" for one in unused)
    assert not unused, f"remove these from tests/security/exceptions.yaml:\n{told}"


def test_every_exception_has_one_row_and_a_reason() -> None:
    rows = [(one.stack, one.scanner, one.check, one.resources) for one in exceptions()]
    assert len(set(rows)) == len(rows)
    assert {one.scanner for one in exceptions()} == {"checkov", "kube-score"}
    assert {one.stack for one in exceptions()} <= {"all", *STACKS}
    assert [one for one in exceptions() if len(one.reason) < 20] == []


def test_scanners_read_every_resource(scan: Scan, plans: dict[str, Plan]) -> None:
    resources = sum(len(list(aws_resources(iter(plan.resources)))) for plan in plans.values())
    objects = [item for plan in plans.values() for item in _objects(plan)]
    read = {framework: result["summary"] for framework, result in scan.checkov.items()}
    assert [summary["parsing_errors"] for summary in read.values()] == [0, 0]
    assert read["terraform_plan"]["resource_count"] == resources
    # Pods of templates count as well.
    assert read["kubernetes"]["resource_count"] >= len(objects)
    workloads = [item for item in objects if item["kind"] in ("Deployment", "StatefulSet", "Job", "CronJob")]
    scored = [item for found in scan.kube_score.values() for item in found]
    assert {item["metadata"]["name"] for item in workloads} <= {item["object_meta"]["name"] for item in scored}
    proven("resources and objects that checkov and kube-score read", resources + len(objects))


def test_every_type_is_known_to_checkov_or_listed_as_unchecked(plans: dict[str, Plan]) -> None:
    try:
        known = checkov_types()
    except MissingPartError as missing:
        absent(missing)
    types = {type_ for plan in plans.values() for type_, _, _ in aws_resources(iter(plan.resources))}
    named = {terraform_type(type_): type_ for type_ in types}
    assert len(named) == len(types)
    unknown = sorted(f"{type_} as {name}" for name, type_ in named.items() if name not in known | UNCHECKED)
    told = "correct the name in tests/security/terraform.py, or add it to UNCHECKED there"
    assert not unknown, f"checkov has no check for these types; {told}: {', '.join(unknown)}"
    assert UNCHECKED & known == set(), "checkov has checks for these types now"


@each("fault", FAULTS, ids=[f"{fault.name} {fault.type}" for fault in FAULTS])
def test_scanners_find_a_fault(scan: Scan, fault: Fault) -> None:
    found = {(one.scanner, one.check, one.resource) for one in scan.findings if one.stack == FAULTY}
    before = {(one.scanner, one.check, one.resource) for one in scan.findings if one.stack == STACKS[0]}
    new = {(scanner, check) for scanner, check, _ in found - before}
    wanted = {("checkov", check) for check in fault.checkov} | {("kube-score", check) for check in fault.kube_score}
    assert wanted - new == set()
    proven("faults that scanners find", len(wanted))
