"""000: the artifact bucket."""

import json

import pytest

from tests.requirements.conftest import WhatIf
from tests.requirements.query import Json, Planned

NAME = "mdpg-mlops-mlflow-artifacts"
GLACIER = "buckets.mlflow-artifacts.lifecycle.transitions.move-to-glacier"


def rules(plan: Planned) -> dict[str, Json]:
    """The lifecycle rules by name."""
    lifecycle = plan.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", bucket=NAME)
    return {rule["id"]: rule for rule in lifecycle.inputs["rules"]}


@pytest.mark.requirement("000-sto-01", "000-wkl-02")
def test_artifacts_are_proxied_by_the_server_into_the_bucket(mlflow: Planned) -> None:
    assert mlflow.flag("--artifacts-destination") == f"s3://{NAME}"
    assert "--serve-artifacts" in mlflow.server()["command"]


@pytest.mark.requirement("000-sto-02", "000-sto-04", "000-tag-05", "000-ver-14")
def test_bucket_is_named_after_the_project_unless_set(mlflow: Planned, what_if: WhatIf) -> None:
    bucket = mlflow.one("aws:s3/bucket:Bucket").inputs
    assert (bucket["bucket"], bucket["tags"]["Name"]) == (NAME, NAME)
    suffixed = what_if(f"buckets.mlflow-artifacts.name={NAME}-7f3a")
    assert suffixed.one("aws:s3/bucket:Bucket").inputs["bucket"] == f"{NAME}-7f3a"
    assert suffixed.flag("--artifacts-destination") == f"s3://{NAME}-7f3a"


@pytest.mark.requirement("000-sto-03", "000-sto-05", "000-sto-06", "000-ver-15")
def test_bucket_is_versioned_and_encrypted_with_aes256(mlflow: Planned) -> None:
    versioning = mlflow.one("aws:s3/bucketVersioning:BucketVersioning", bucket=NAME).inputs
    assert versioning["versioningConfiguration"] == {"status": "Enabled"}
    encryption = mlflow.one(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", bucket=NAME
    ).inputs
    assert encryption["rules"] == [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]


@pytest.mark.requirement("000-sto-07")
def test_bucket_blocks_public_access_in_four_ways(mlflow: Planned) -> None:
    blocks = mlflow.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", bucket=NAME).inputs
    assert {key: value for key, value in blocks.items() if key != "bucket"} == {
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }


@pytest.mark.requirement("000-sto-03", "000-sto-08", "000-sto-09")
def test_old_versions_expire_after_ninety_days_and_incomplete_uploads_after_seven(mlflow: Planned) -> None:
    assert {name: rule["status"] for name, rule in rules(mlflow).items()} == {
        "delete-old-versions": "Enabled",
        "abort-incomplete-uploads": "Enabled",
    }
    assert rules(mlflow)["delete-old-versions"]["noncurrentVersionExpiration"] == {"noncurrentDays": 90}
    abort = rules(mlflow)["abort-incomplete-uploads"]["abortIncompleteMultipartUpload"]
    assert abort == {"daysAfterInitiation": 7}
    assert [rule["filter"] for rule in rules(mlflow).values()] == [{"prefix": ""}] * 2


@pytest.mark.requirement("000-sto-10")
def test_artifacts_move_to_glacier_after_ninety_days_by_a_setting(mlflow: Planned, what_if: WhatIf) -> None:
    assert "move-to-glacier" not in rules(mlflow)
    rule = rules(what_if(f"{GLACIER}={{days: 90, storageClass: GLACIER}}"))["move-to-glacier"]
    assert rule["transitions"] == [{"days": 90, "storageClass": "GLACIER"}]
    assert rule["status"] == "Enabled"


@pytest.mark.requirement("000-sto-11")
def test_lifecycle_rule_is_configured_and_can_keep_artifacts_readable(what_if: WhatIf) -> None:
    plan = what_if(f"{GLACIER}={{days: 90, storageClass: GLACIER_IR, prefix: archive/}}")
    assert "lifecycleRules" not in plan.one("aws:s3/bucket:Bucket").inputs
    rule = rules(plan)["move-to-glacier"]
    assert rule["transitions"] == [{"days": 90, "storageClass": "GLACIER_IR"}]
    assert rule["filter"] == {"prefix": "archive/"}


@pytest.mark.requirement("000-sto-03", "000-iam-02", "000-iam-07", "000-ver-16")
def test_mlflow_pods_reach_the_bucket_by_the_role_of_their_service_account(mlflow: Planned) -> None:
    role = "mdpg-mlops-mlflow-s3-access"
    assert mlflow.trusted_account(role) == "ml-platform:mlflow"
    assert mlflow.attached(role) == [f"arn:aws:iam::123456789012:policy/{role}"]
    (deployment,) = mlflow.manifests("Deployment")
    assert deployment["spec"]["template"]["spec"]["serviceAccountName"] == "mlflow"


@pytest.mark.requirement("000-iam-08")
def test_mlflow_role_lists_the_bucket_and_reads_and_writes_objects(mlflow: Planned) -> None:
    allowed = {
        resource: set(statement["Action"])
        for statement in mlflow.statements("mdpg-mlops-mlflow-s3-access")
        for resource in statement["Resource"]
    }
    assert allowed == {
        f"arn:aws:s3:::{NAME}": {"s3:ListBucket"},
        f"arn:aws:s3:::{NAME}/*": {
            "s3:GetObject",
            "s3:PutObject",
            "s3:DeleteObject",
            "s3:AbortMultipartUpload",
            "s3:ListMultipartUploadParts",
        },
    }


@pytest.mark.requirement("000-iam-02")
def test_pods_have_no_other_access_to_s3(mlflow: Planned) -> None:
    reaching = {
        role.inputs["name"]
        for role in mlflow.all("aws:iam/role:Role")
        for statement in mlflow.statements(role.inputs["name"])
        if any(action.startswith(("s3:", "*")) for action in statement["Action"])
    }
    assert reaching == {"mdpg-mlops-mlflow-s3-access"}
    assert mlflow.attached("mdpg-mlops-eks-node") == [
        "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
        "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
        "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    ]
    # One hop: a pod does not get the node's role from the metadata service.
    for template in mlflow.all("aws:ec2/launchTemplate:LaunchTemplate"):
        assert template.inputs["metadataOptions"]["httpPutResponseHopLimit"] == 1
        assert template.inputs["metadataOptions"]["httpTokens"] == "required"
    assert [item["name"] for item in mlflow.server()["env"] if item["name"].startswith("AWS_")] == [
        "AWS_DEFAULT_REGION"
    ]


@pytest.mark.requirement("000-sto-03")
def test_bucket_requires_tls(mlflow: Planned) -> None:
    policy = json.loads(mlflow.one("aws:s3/bucketPolicy:BucketPolicy", bucket=NAME).inputs["policy"])
    (statement,) = policy["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
