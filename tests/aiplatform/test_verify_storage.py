"""`aiplatform verify` of storage, on moto's S3 and ECR."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from aiplatform.verify import cloud as aws
from aiplatform.verify import platform
from aiplatform.verify.engine import checked, verify
from aiplatform.verify.lists import MLFLOW, STORAGE
from aiplatform.verify.model import Caller, Cloud, Result, Subject
from aiplatform.verify.problem import UNREACHABLE, RefusedError
from aiplatform.verify.show import document
from config.settings import Settings
from tests.aiplatform.verify_fakes import FakeCloud, FakeCluster, outcomes, wrong
from tests.aiplatform.verifying import empty_storage, fill_storage, tenants
from tests.parts.object_store import running_object_store


@pytest.fixture
def cloud(lab: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[aws.AwsApi]:
    with running_object_store() as store:
        for name, value in {**store.environment(), "AWS_ENDPOINT_URL": store.url}.items():
            monkeypatch.setenv(name, value)
        api = aws.connect("ap-northeast-2", None)
        yield api
        empty_storage(api, tenants(lab)[0])


def storage(lab: Settings, cloud: Cloud) -> Result:
    first = tenants(lab)[0]
    (result,) = verify(lab, [first], [STORAGE], cluster=FakeCluster({}), cloud=cloud, caller=Caller())
    return result


@pytest.mark.requirement(
    "002-ver-32",
    "002-ver-33",
    "002-ver-34",
    "002-ver-35",
    "002-ver-36",
    "002-ver-37",
    "002-ver-38",
    "002-ver-39",
    "002-ver-40",
    "002-ver-41",
)
def test_correct_storage_passes_six_checks(lab: Settings, cloud: aws.AwsApi) -> None:
    fill_storage(cloud, tenants(lab)[0])

    result = storage(lab, cloud)

    assert (result.summary, result.score) == ("passed 6, failed 0, warnings 0", "6/6")
    assert "mlops-training/user01" in outcomes(result)[5].detail
    assert "InferenceService" in outcomes(result)[6].detail
    token = cloud.call("ecr", "get_authorization_token")["authorizationData"][0]["authorizationToken"]
    assert token not in document([result], stack="lab", caller=Caller())


@pytest.mark.parametrize(
    ("take_away", "expected"),
    [
        (lambda cloud, one: cloud.call("ecr", "delete_repository", repositoryName=one.repository), {2}),
        (lambda cloud, one: cloud.call("s3", "delete_object", Bucket=one.bucket, Key="mlflow-artifacts/"), {3}),
        (
            lambda cloud, one: cloud.call("s3", "delete_object", Bucket=one.bucket, Key="kubeflow-pipeline-artifacts/"),
            {4},
        ),
    ],
)
def test_storage_check_fails_alone_when_its_object_is_missing(
    lab: Settings, cloud: aws.AwsApi, take_away: Callable[[Any, Any], object], expected: set[int]
) -> None:
    first = tenants(lab)[0]
    fill_storage(cloud, first)
    take_away(cloud, first)

    result = storage(lab, cloud)

    assert set(wrong(result)) == expected
    assert all(outcomes(result)[number].verdict == "failed" for number in expected)
    assert all(outcomes(result)[number].hint for number in expected)


def test_missing_bucket_fails_every_check_of_its_objects(lab: Settings, cloud: aws.AwsApi) -> None:
    cloud.call("ecr", "create_repository", repositoryName=tenants(lab)[0].repository)

    assert wrong(storage(lab, cloud)) == dict.fromkeys((1, 3, 4), "there is no bucket mlops-training-user01")


@pytest.mark.requirement("002-ver-23", "002-ver-24")
def test_part_2_reports_a_missing_bucket_and_repository(lab: Settings, cloud: aws.AwsApi) -> None:
    subject = Subject(lab, FakeCluster({}), cloud, Caller(), tenant_=tenants(lab)[0])

    found = outcomes(checked(MLFLOW, subject))

    assert found[3].detail == "there is no bucket mlops-training-user01"
    assert found[4].detail == "there is no repository mlops-training/user01"


@pytest.mark.requirement("002-ops-11", "002-iam-04")
@pytest.mark.parametrize(
    ("operation", "code", "number", "said"),
    [
        ("head_bucket", "403", 1, "s3:ListBucket on it is needed"),
        ("list_objects_v2", "AccessDenied", 3, "s3:ListBucket on it is needed"),
        ("head_bucket", "301", 1, "is not in ap-northeast-2"),
        ("describe_repositories", "AccessDeniedException", 2, "is closed to you"),
        ("get_authorization_token", "AccessDeniedException", 2, "ecr:GetAuthorizationToken"),
        ("describe_repositories", "ThrottlingException", 2, "refused (ThrottlingException)"),
        ("describe_repositories", UNREACHABLE, 2, "no answer"),
        ("head_bucket", "ExpiredToken", 1, "the login has expired"),
    ],
)
def test_refusal_names_the_required_permission(
    lab: Settings, operation: str, code: str, number: int, said: str
) -> None:
    found = outcomes(storage(lab, FakeCloud({operation: RefusedError(code, "no")})))[number]

    assert found.verdict == "failed"
    assert said in found.detail
    assert found.hint


def test_bucket_in_another_region_fails(lab: Settings) -> None:
    headers = {"ResponseMetadata": {"HTTPHeaders": {"x-amz-bucket-region": "us-east-1"}}}

    found = outcomes(storage(lab, FakeCloud({"head_bucket": headers})))[1]

    assert found.detail == "mlops-training-user01 is in us-east-1, not in ap-northeast-2"


def test_bucket_listing_script_runs(cloud: aws.AwsApi) -> None:
    cloud.call("s3", "create_bucket", Bucket="one", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
    done = subprocess.run(
        [sys.executable, "-c", platform.OBJECTS, "one"],
        env={**os.environ, "AWS_DEFAULT_REGION": "ap-northeast-2"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "0\n"), done.stderr
