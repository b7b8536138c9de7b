"""`aiplatform verify` without a cluster: storage in an S3 and ECR that run, the platform's checks, and mistakes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from aiplatform.cli import app
from aiplatform.verify import cloud as aws
from aiplatform.verify import platform
from aiplatform.verify.command import own, who_asks
from aiplatform.verify.engine import checked, closest, verify
from aiplatform.verify.isolation import MOST
from aiplatform.verify.lists import KUBEFLOW, MLFLOW, PARTS, PLATFORM, STORAGE, parts_of
from aiplatform.verify.model import Caller, Check, Checked, Cloud, Cluster, Outcome, Part, Result, Subject
from aiplatform.verify.problem import UNREACHABLE, RefusedError, VerifyError
from aiplatform.verify.show import document, ending, for_all, for_one
from config.loader import load_file
from config.settings import Settings
from tests.aiplatform.verifying import LAB, SMALL, empty_storage, fill_storage, settings, tenants
from tests.config.base import ROOT, TODAY
from tests.parts.object_store import running_object_store

PATIENCE = 0.5
"""Seconds that a slow answer takes."""


class FakeCluster:
    """A cluster with these objects by path; a path may also hold a refusal."""

    def __init__(self, objects: Mapping[str, Any], *, seconds: float = 0) -> None:
        self.objects, self.seconds = dict(objects), seconds
        self.asked: list[str] = []
        self.ran: list[tuple[str, ...]] = []
        self.answer: tuple[int, str] | RefusedError = (0, "3\n")

    def get(self, path: str, **query: str) -> Any:
        self.asked.append(path)
        time.sleep(self.seconds)
        found = self.objects.get(path + "".join(f"?{value}" for value in query.values()), self.objects.get(path))
        if isinstance(found, Exception):
            raise found
        return found

    def names(self, path: str) -> list[str] | None:
        found = self.get(path)
        return None if found is None else [item["metadata"]["name"] for item in found["items"]]

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        self.asked.append(path)
        time.sleep(self.seconds)
        found = self.objects.get(path, {"status": {"allowed": False}})
        if isinstance(found, Exception):
            raise found
        assert body["apiVersion"].endswith("/v1")
        return found

    def impersonate(self, user: str, *groups: str) -> Cluster:
        self.asked.append(f"as {user} of {', '.join(groups)}")
        return self

    def run(self, namespace: str, pod: str, container: str, command: Iterable[str]) -> tuple[int, str]:
        self.ran.append((namespace, pod, container, *command))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class FakeCloud:
    """AWS with these answers by operation."""

    def __init__(self, answers: Mapping[str, Any] | None = None, *, seconds: float = 0) -> None:
        self.answers, self.seconds = dict(answers or {}), seconds

    def call(self, service: str, operation: str, **arguments: Any) -> Any:
        assert service, arguments
        time.sleep(self.seconds)
        found = self.answers.get(operation, {"ResponseMetadata": {"HTTPHeaders": {}}, "KeyCount": 1})
        if isinstance(found, Exception):
            raise found
        return found(arguments) if callable(found) else found


def outcomes(result: Result) -> dict[int, Outcome]:
    return {check.number: outcome for check, outcome in result.checked}


def wrong(result: Result) -> dict[int, str]:
    return {number: one.detail for number, one in outcomes(result).items() if one.verdict != "passed"}


# --- the lists ---


@pytest.mark.requirement("002-ver-07", "002-ver-16", "002-ver-21", "002-ver-27", "002-ver-32", "002-ver-37")
def test_the_parts_have_the_documents_checks_with_its_numbers() -> None:
    numbers = {part.key: [check.number for check in part.checks] for part in (KUBEFLOW, MLFLOW, STORAGE)}

    assert numbers == {
        "kubeflow": list(range(1, 11)),
        "mlflow": list(range(1, 8)),
        "storage": list(range(1, 7)),
    }
    assert [check.title for check in KUBEFLOW.checks[:3]] == ["Namespace", "Profile", "ServiceAccount"]
    assert KUBEFLOW.checks[7].facts == ("002-ver-14", "002-ver-18")
    assert [part.following for part in (KUBEFLOW, MLFLOW, STORAGE)] == ["mlflow", "storage", ""]


def test_no_two_checks_of_a_part_share_a_number_and_each_names_its_facts() -> None:
    for part in PARTS.values():
        numbers = [check.number for check in part.checks]
        assert numbers == list(range(1, len(numbers) + 1))
        assert all(check.facts for check in part.checks)


def test_what_the_flavour_without_kubeflow_lacks_is_not_asked_and_keeps_the_numbers(tmp_path: Path) -> None:
    plain = settings(tmp_path, SMALL.replace("    profiles: true\n", "").replace("    mlflow: {}\n", ""))

    assert [check.number for check in KUBEFLOW.of(plain)] == [1, 3, 4, 5, 7, 8, 10]
    assert [check.number for check in MLFLOW.of(plain)] == [1, 3, 4, 7]


def test_a_stack_without_tenants_is_checked_as_a_platform() -> None:
    found = load_file(ROOT, "mlflow", today=TODAY).settings

    assert [part.key for part in parts_of(found)] == ["platform"]
    assert 11 in [check.number for check in PLATFORM.of(found)]


# --- storage, against what runs ---


@pytest.fixture
def lab(tmp_path: Path) -> Settings:
    return settings(tmp_path)


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
def test_storage_as_it_should_be_passes_six_of_six(lab: Settings, cloud: aws.AwsApi) -> None:
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
def test_each_storage_check_fails_alone_when_its_object_is_missing(
    lab: Settings, cloud: aws.AwsApi, take_away: Callable[[Any, Any], object], expected: set[int]
) -> None:
    first = tenants(lab)[0]
    fill_storage(cloud, first)
    take_away(cloud, first)

    result = storage(lab, cloud)

    assert set(wrong(result)) == expected
    assert all(outcomes(result)[number].verdict == "failed" for number in expected)
    assert all(outcomes(result)[number].hint for number in expected)


def test_without_the_bucket_all_that_lies_in_it_fails(lab: Settings, cloud: aws.AwsApi) -> None:
    cloud.call("ecr", "create_repository", repositoryName=tenants(lab)[0].repository)

    assert wrong(storage(lab, cloud)) == dict.fromkeys((1, 3, 4), "there is no bucket mlops-training-user01")


@pytest.mark.requirement("002-ver-23", "002-ver-24")
def test_part_2_misses_a_bucket_and_a_repository_too(lab: Settings, cloud: aws.AwsApi) -> None:
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
def test_a_refusal_says_what_is_needed(lab: Settings, operation: str, code: str, number: int, said: str) -> None:
    found = outcomes(storage(lab, FakeCloud({operation: RefusedError(code, "no")})))[number]

    assert found.verdict == "failed"
    assert said in found.detail
    assert found.hint


def test_a_bucket_elsewhere_fails(lab: Settings) -> None:
    headers = {"ResponseMetadata": {"HTTPHeaders": {"x-amz-bucket-region": "us-east-1"}}}

    found = outcomes(storage(lab, FakeCloud({"head_bucket": headers})))[1]

    assert found.detail == "mlops-training-user01 is in us-east-1, not in ap-northeast-2"


# --- many tenants ---


def test_all_tenants_are_checked_in_the_time_of_the_slowest_and_not_the_sum(tmp_path: Path) -> None:
    class_ = settings(tmp_path, LAB)
    calls: list[str] = []

    class Counting(FakeCloud):
        def call(self, service: str, operation: str, **arguments: Any) -> Any:
            calls.append(operation)
            return super().call(service, operation, **arguments)

    began = time.monotonic()
    results = verify(
        class_,
        tenants(class_),
        [STORAGE],
        cluster=FakeCluster({}),
        cloud=Counting(seconds=PATIENCE),
        caller=Caller(),
    )
    took = time.monotonic() - began

    assert [result.score for result in results] == ["6/6"] * 16
    each = len(calls) / 16 * PATIENCE
    assert took < 1.5 * each < len(calls) * PATIENCE / 10


def test_isolation_asks_about_all_others_at_the_same_time(tmp_path: Path) -> None:
    class_ = settings(tmp_path, LAB)
    cluster = FakeCluster({}, seconds=PATIENCE / 10)

    began = time.monotonic()
    (result,) = verify(
        class_, tenants(class_)[:1], [MLFLOW], cluster=cluster, cloud=FakeCloud(), caller=Caller("op", ("admins",))
    )
    took = time.monotonic() - began

    assert outcomes(result)[7].detail == "15 other namespaces refuse list services, create pods/portforward"
    assert took < len(cluster.asked) * PATIENCE / 10 / 2


def test_with_hundreds_of_tenants_some_others_are_asked_and_the_number_is_said(tmp_path: Path) -> None:
    many = settings(tmp_path, SMALL.replace("last: 2}", "last: 60}").replace("max: 9", "max: 400"))
    first, *_ = tenants(many)
    (result,) = verify(many, [first], [MLFLOW], cluster=FakeCluster({}), cloud=FakeCloud(), caller=Caller("op"))

    assert outcomes(result)[7].detail.startswith(f"{MOST} of 59 other namespaces refuse")
    asked_about = [other.number for one in tenants(many) for other in closest(one, tenants(many))[:MOST]]
    assert {asked_about.count(one.number) for one in tenants(many)} == {MOST}


@pytest.mark.requirement("002-ver-43")
@pytest.mark.parametrize(
    ("arn", "groups", "expected"),
    [
        ("arn:aws:sts::123456789012:assumed-role/mlops-tenant-user02/me", (), ["02"]),
        ("arn:aws:sts::123456789012:assumed-role/mlops-tenant-user20/me", (), ["01", "02", "20"]),
        ("arn:aws:iam::123456789012:user/mlops-tenant-user02", (), ["01", "02", "20"]),
        ("arn:aws:sts::123456789012:assumed-role/given/me", (), ["01"]),
        ("arn:aws:sts::123456789012:assumed-role/admin/me", ("admins",), ["01", "02", "20"]),
        ("", ("tenants", "tenant-user02"), ["02"]),
        ("", (), ["01", "02", "20"]),
    ],
)
def test_a_trainee_is_known_by_group_or_role_and_an_instructor_sees_all(
    lab: Settings, arn: str, groups: tuple[str, ...], expected: list[str]
) -> None:
    first, *others = tenants(lab)
    given = first._replace(principal_arn="arn:aws:iam::123456789012:role/people/given")

    found = own((given, *others), Caller("", groups, arn), lab.project.name)

    assert [one.number for one in found] == expected


# --- what is shown ---


def shown(function: Callable[..., None], *arguments: Any, **more: Any) -> str:
    console = Console(width=80, record=True, file=open(os.devnull, "w", encoding="utf-8"), highlight=False)  # noqa: SIM115, PTH123
    function(*arguments, console, **more)
    return console.export_text()


def _check(number: int, outcome: Outcome) -> Check:
    return Check(number, f"Title {number}", lambda _: outcome, ("002-ver-07",))


def test_a_failure_is_shown_with_its_hint_and_points_to_no_further_part(lab: Settings) -> None:
    long = "x" * 90
    part = Part(
        "kubeflow",
        "Kubeflow tenant",
        (_check(1, Outcome("failed", f"wrong {long}", f"mend {long}")), _check(2, Outcome("warning", "perhaps"))),
        following="mlflow",
        number=1,
    )
    subject = Subject(lab, FakeCluster({}), FakeCloud(), Caller(), tenant_=tenants(lab)[0])

    output = shown(for_one, [checked(part, subject)], stack="lab")

    assert "passed 0, failed 1, warnings 1\nscore 0/2" in output
    assert "hint: mend" in output
    assert "Next" not in output
    assert max(map(len, output.splitlines())) <= 80


@pytest.mark.requirement("002-ver-45")
@pytest.mark.parametrize(
    ("part", "verdict", "said"),
    [
        (STORAGE, "passed", "All passed. Next: Lab 1-2 (Hello Pipeline)."),
        (MLFLOW, "passed", "All passed."),
        (STORAGE, "warning", "Nothing failed; warnings: 1."),
        (STORAGE, "failed", "1 checks failed. Look at the failed part, mend it or ask the instructor."),
    ],
)
def test_the_end_says_what_comes_next_or_whom_to_ask(lab: Settings, part: Part, verdict: Any, said: str) -> None:
    result = Result(part, tenants(lab)[0], (Checked(part.checks[0], Outcome(verdict, "so")),))

    assert ending([result]) == said


def test_the_table_of_sixteen_tenants_fits_a_narrow_terminal(tmp_path: Path) -> None:
    class_ = settings(tmp_path, LAB)
    results = verify(
        class_,
        tenants(class_),
        [KUBEFLOW, MLFLOW, STORAGE],
        cluster=FakeCluster({}),
        cloud=FakeCloud(),
        caller=Caller("operator"),
    )

    output = shown(for_all, results)

    lines = output.splitlines()
    assert lines[0].split() == ["tenant", "kubeflow", "mlflow", "storage"]
    assert [line.split()[0] for line in lines[1:17]] == [one.name for one in tenants(class_)]
    assert lines[1].split() == ["user01", "2/10,", "8", "failed", "3/7,", "4", "failed", "6/6"]
    assert max(map(len, lines)) <= 80
    assert json.loads(document(results, stack="lab", caller=Caller()))["failed"] == 16 * 12


# --- mistakes ---


def aiplatform(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    """The exit status and what is said on the error stream, which is one line."""
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(app, ["verify", "--stack", "lab", *arguments])
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.count("\n") == 1
    return result.exit_code, result.stderr


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose user has no credentials of any kind."""
    settings(tmp_path, LAB)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "USER_NUM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "no-kubeconfig"))
    return tmp_path


def kubeconfig(folder: Path, *, cluster: str, server: str = "https://127.0.0.1:1", **user: Any) -> None:
    (folder / "no-kubeconfig").write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": cluster, "cluster": {"server": server}}],
                "users": [{"name": "me", "user": user or {"token": "hidden-from-all"}}],
                "contexts": [{"name": "mine", "context": {"cluster": cluster, "user": "me"}}],
                "current-context": "mine",
            }
        )
    )


ARN = "arn:aws:eks:ap-northeast-2:123456789012:cluster/mlops-training-cluster"


@pytest.mark.parametrize("number", ["17", "user16", "0", "nobody", ""])
def test_a_user_that_does_not_exist_is_told_who_does(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    assert aiplatform(folder, monkeypatch, "--user", number) == (
        2,
        f"lab: there is no user {number}; there are 01 to 15, 20\n",
    )


@pytest.mark.requirement("002-nam-03", "002-ver-06")
def test_the_number_may_stand_in_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER_NUM", "17")

    assert aiplatform(folder, monkeypatch) == (2, "lab: there is no user 17; there are 01 to 15, 20\n")


def test_a_part_that_does_not_exist_is_told_what_does(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, line = aiplatform(folder, monkeypatch, "--part", "storag")

    assert status == 2
    assert line == "lab: there is no part storag; did you mean storage?\n"


def test_a_missing_kubeconfig_is_a_line_with_the_command_that_writes_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, line = aiplatform(folder, monkeypatch)

    assert status == 2
    assert "run `aws eks update-kubeconfig --region ap-northeast-2 --name mlops-training-cluster`" in line


def test_a_kubeconfig_of_another_cluster_is_not_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kubeconfig(folder, cluster=ARN.replace("mlops-training", "somebody-elses"))

    status, line = aiplatform(folder, monkeypatch)

    assert status == 2
    assert "no context of the kubeconfig is of the cluster mlops-training-cluster" in line


def test_a_context_that_does_not_exist_is_told_which_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kubeconfig(folder, cluster=ARN)

    assert aiplatform(folder, monkeypatch, "--context", "other") == (
        2,
        "lab: the kubeconfig has no context other; it has mine\n",
    )


@pytest.mark.parametrize("content", ["{", "[]", "text", "apiVersion: v1\n"])
def test_a_kubeconfig_that_is_none_is_a_line(folder: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    (folder / "no-kubeconfig").write_text(content)

    status, line = aiplatform(folder, monkeypatch)

    assert status == 2
    assert "kubeconfig" in line


def test_a_cluster_that_does_not_answer_is_a_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kubeconfig(folder, cluster=ARN)

    status, line = aiplatform(folder, monkeypatch)

    assert status == 1
    assert "the cluster mlops-training-cluster does not answer" in line
    assert "hidden-from-all" not in line


@pytest.mark.parametrize(
    ("command", "said"),
    [("sh", "Unable to locate credentials"), ("no-such-program", "no-such-program")],
)
def test_a_login_that_fails_is_a_line_with_its_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, said: str
) -> None:
    arguments = ["-c", "echo Unable to locate credentials >&2; exit 255"]
    plugin = {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": command, "args": arguments}
    kubeconfig(folder, cluster=ARN, exec=plugin)

    status, line = aiplatform(folder, monkeypatch)

    assert status == 1
    assert line.startswith("lab: no login to the cluster: ")
    assert said in line


def test_missing_aws_credentials_are_a_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, line = aiplatform(folder, monkeypatch, "--part", "storage", "--user", "01")

    assert status == 1
    assert line.startswith("lab: no AWS credentials; log in with `aws sso login`")


def test_a_profile_that_does_not_exist_is_a_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "before")

    status, line = aiplatform(folder, monkeypatch, "--part", "storage", "--profile", "teacher")

    assert status == 2
    assert "there is no AWS profile teacher" in line


def test_expired_aws_credentials_are_a_line() -> None:
    with pytest.raises(VerifyError, match=r"the AWS credentials are expired or wrong \(ExpiredToken\)"):
        aws.caller_arn(FakeCloud({"get_caller_identity": RefusedError("ExpiredToken", "the token")}))


def test_an_aws_that_does_not_answer_is_a_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "tests")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    status, line = aiplatform(folder, monkeypatch, "--part", "storage")

    assert status == 1
    assert "AWS cannot be asked" in line


def test_nobody_of_the_cluster_is_told_what_helps_and_what_does_not(lab: Settings) -> None:
    review = "/apis/authentication.k8s.io/v1/selfsubjectreviews"

    with pytest.raises(VerifyError, match="your IAM identity has no access entry"):
        who_asks(FakeCluster({review: RefusedError("401", "Unauthorized")}), lab)


def test_a_stack_file_with_a_mistake_is_said_as_everywhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "Pulumi.lab.yaml").write_text(LAB.replace("first: 1", "first: one"))

    status, line = aiplatform(folder, monkeypatch)

    assert status == 2
    assert line.startswith("Pulumi.lab.yaml:19: tenants.range.first: ")


def test_what_was_not_understood_is_a_failure_and_never_a_traceback(lab: Settings) -> None:
    subject = Subject(
        lab, FakeCluster({"/api/v1/namespaces/kubeflow-user01": []}), FakeCloud(), Caller(), tenant_=tenants(lab)[0]
    )

    found = checked(KUBEFLOW, subject)

    assert outcomes(found)[1].verdict == "failed"
    assert "was not understood" in outcomes(found)[1].detail


def test_the_libraries_of_this_command_are_not_imported_by_others() -> None:
    script = (
        "import sys, aiplatform.cli, aiplatform.plan\n"
        "print([name for name in ('kubernetes', 'boto3', 'botocore') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


# --- a platform ---


def item(name: str, **more: Any) -> dict[str, Any]:
    metadata = {"name": name, "labels": more.pop("labels", {})}
    return {"metadata": metadata, "status": {"conditions": [{"type": "Ready", "status": "True"}]}, **more}


def node(name: str, address: str, version: str = "v1.35.2-eks-1", *, group: str = "cpu-workers") -> dict[str, Any]:
    found = item(name, labels={"eks.amazonaws.com/nodegroup": group, "eks.amazonaws.com/capacityType": "ON_DEMAND"})
    found["status"].update(nodeInfo={"kubeletVersion": version}, addresses=[{"type": "InternalIP", "address": address}])
    return found


SYSTEM = "/api/v1/namespaces/kube-system/pods"
CONTROLLER = "/apis/apps/v1/namespaces/kube-system/deployments/aws-load-balancer-controller"
SERVERS = "/api/v1/namespaces/ml-platform/pods"
AVAILABLE = {"conditions": [{"type": "Available", "status": "True"}], "readyReplicas": 2}


def running() -> tuple[dict[str, Any], dict[str, Any]]:
    """What the cluster and the account of the stack `mlflow` hold."""
    objects = {
        "/api/v1/nodes": {"items": [node("one", "10.0.11.7"), node("two", "10.0.12.7")]},
        f"{SYSTEM}?k8s-app=kube-dns": {"items": [item("coredns-1"), item("coredns-2")]},
        f"{SYSTEM}?app.kubernetes.io/name=aws-ebs-csi-driver": {"items": [item("ebs-csi-node-1")]},
        CONTROLLER: {"metadata": {"name": "aws-load-balancer-controller"}, "status": AVAILABLE},
        SERVERS: {"items": [item("mlflow-1")]},
    }
    answers = {
        "describe_cluster": {"cluster": {"status": "ACTIVE", "version": "1.35"}},
        "describe_db_instances": {"DBInstances": [{"DBInstanceStatus": "available"}]},
        "get_bucket_versioning": {"Status": "Enabled"},
    }
    return objects, answers


def of_platform(stack: str, objects: Mapping[str, Any], answers: Mapping[str, Any], **more: Any) -> Result:
    found = load_file(ROOT, stack, today=TODAY).settings
    cluster = FakeCluster(objects)
    if "answer" in more:
        cluster.answer = more["answer"]
    (result,) = verify(found, (), [PLATFORM], cluster=cluster, cloud=FakeCloud(answers), caller=Caller("operator"))
    return result


@pytest.mark.requirement(
    "000-ver-03", "000-ver-05", "000-ver-06", "000-ver-10", "000-ver-11", "000-ver-12", "000-ver-13", "000-ver-17"
)
def test_a_platform_as_it_should_be_passes_what_its_document_lists() -> None:
    result = of_platform("mlflow", *running())

    assert wrong(result) == {}
    assert {fact for check, _ in result.checked for fact in check.facts} >= {
        "000-ver-03",
        "000-ver-05",
        "000-ver-06",
        "000-ver-10",
        "000-ver-11",
        "000-ver-12",
        "000-ver-13",
        "000-ver-17",
    }
    assert outcomes(result)[11].detail == "MLflow's pod logs in; the database has 3 tables"
    assert outcomes(result)[12].detail == "MLflow's pod lists s3://mdpg-mlops-mlflow-artifacts"


PLATFORM_WRONG: dict[str, tuple[str, Any, int, str]] = {
    "cluster is being made": (
        "describe_cluster",
        {"cluster": {"status": "CREATING", "version": "1.35"}},
        1,
        "mdpg-mlops-eks is CREATING",
    ),
    "old cluster": ("describe_cluster", {"cluster": {"status": "ACTIVE", "version": "1.28"}}, 1, "1.28, not 1.35"),
    "no cluster": ("describe_cluster", RefusedError("ResourceNotFoundException", ""), 1, "no cluster mdpg-mlops-eks"),
    "no nodes": ("/api/v1/nodes", {"items": []}, 2, "0 nodes of at least 2"),
    "one node": ("/api/v1/nodes", {"items": [node("one", "10.0.11.7")]}, 2, "1 nodes of at least 2"),
    "a public node": (
        "/api/v1/nodes",
        {"items": [node("one", "10.0.1.7"), node("two", "10.0.12.7")]},
        2,
        "one is at 10.0.1.7, in no private subnet",
    ),
    "an old node": (
        "/api/v1/nodes",
        {"items": [node("one", "10.0.11.7", "v1.28.5-eks-1"), node("two", "10.0.12.7")]},
        2,
        "one has v1.28.5-eks-1, not v1.35",
    ),
    "a node that is not ready": (
        "/api/v1/nodes",
        {"items": [{**node("one", "10.0.11.7"), "status": {}}, node("two", "10.0.12.7")]},
        2,
        "one is not Ready",
    ),
    "no DNS": (f"{SYSTEM}?k8s-app=kube-dns", {"items": []}, 4, "no pod in kube-system has the label k8s-app=kube-dns"),
    "DNS that waits": (
        f"{SYSTEM}?k8s-app=kube-dns",
        {"items": [{**item("coredns-1"), "status": {}}]},
        4,
        "not ready in kube-system: coredns-1",
    ),
    "no volumes": (
        f"{SYSTEM}?app.kubernetes.io/name=aws-ebs-csi-driver",
        {"items": []},
        5,
        "aws-ebs-csi-driver",
    ),
    "no controller": (CONTROLLER, None, 6, "there is no Deployment aws-load-balancer-controller"),
    "a controller that waits": (CONTROLLER, {"status": {}}, 6, "is not available"),
    "a database that starts": (
        "describe_db_instances",
        {"DBInstances": [{"DBInstanceStatus": "starting"}]},
        7,
        "mdpg-mlops-mlflow-db is starting",
    ),
    "no database": ("describe_db_instances", RefusedError("DBInstanceNotFound", ""), 7, "no database mdpg-mlops"),
    "no bucket": (
        "get_bucket_versioning",
        RefusedError("NoSuchBucket", ""),
        10,
        "no bucket mdpg-mlops-mlflow-artifacts",
    ),
    "a bucket that forgets": ("get_bucket_versioning", {}, 10, "mdpg-mlops-mlflow-artifacts is not versioned"),
}


@pytest.mark.requirement("000-ver-03", "000-ver-05", "000-ver-06", "000-ver-10", "000-ver-11", "000-ver-12")
@pytest.mark.parametrize("case", PLATFORM_WRONG)
def test_each_check_of_a_platform_fails_alone_when_what_it_looks_at_is_missing_or_wrong(case: str) -> None:
    place, instead, number, said = PLATFORM_WRONG[case]
    objects, answers = running()
    (answers if place in answers else objects)[place] = instead

    result = of_platform("mlflow", objects, answers)

    assert set(wrong(result)) == {number}
    assert outcomes(result)[number].verdict == "failed"
    assert said in outcomes(result)[number].detail


@pytest.mark.requirement("000-ver-13", "000-ver-17")
@pytest.mark.parametrize(
    ("answer", "verdict", "said"),
    [
        (RefusedError("403", "forbidden"), "warning", "you may not run a command in MLflow's pod"),
        (
            (1, "Traceback\nsqlalchemy.exc.OperationalError: postgresql://mlflow_app:hidden-from-all@host failed\n"),
            "failed",
            "MLflow's pod fails: sqlalchemy.exc.OperationalError",
        ),
        ((1, ""), "failed", "MLflow's pod fails: "),
    ],
)
def test_a_pod_that_cannot_log_in_fails_without_telling_the_password(answer: Any, verdict: str, said: str) -> None:
    result = of_platform("mlflow", *running(), answer=answer)

    for number in (11, 12):
        assert (outcomes(result)[number].verdict, outcomes(result)[number].detail) == (verdict, said)
    assert "hidden-from-all" not in document([result], stack="mlflow", caller=Caller())


@pytest.mark.requirement("000-ver-13")
def test_the_login_is_asked_in_mlflows_own_pod_by_its_own_settings() -> None:
    found = load_file(ROOT, "mlflow", today=TODAY).settings
    cluster = FakeCluster(running()[0])
    verify(found, (), [PLATFORM], cluster=cluster, cloud=FakeCloud(running()[1]), caller=Caller())

    login, bucket = cluster.ran
    assert login[:3] == ("ml-platform", "mlflow-1", "server")
    assert 'os.environ["MLFLOW_BACKEND_STORE_URI"]' in login[-1]
    assert bucket[-1] == "mdpg-mlops-mlflow-artifacts"


def shared() -> tuple[dict[str, Any], dict[str, Any]]:
    """What the cluster and the account of the stack `pingvas` hold."""
    found = load_file(ROOT, "pingvas", today=TODAY).settings
    objects, answers = running()
    group = "pingvas-shared-eks-system"
    nodes = [node("one", str(found.network.private_cidrs()[0]).replace("0/", "9/").partition("/")[0], group=group)]
    nodes.append({**nodes[0], "metadata": {**nodes[0]["metadata"], "name": "two"}})
    for one in nodes:
        one["metadata"]["labels"]["eks.amazonaws.com/capacityType"] = "SPOT"
    objects["/api/v1/nodes"] = {"items": nodes}
    for name, environment in found.environments.items():
        root = f"/api/v1/namespaces/{name}"
        objects[root] = item(name)
        objects[f"{root}/resourcequotas/{name}-quota"] = {"spec": {"hard": dict(environment.quota)}}
        objects[f"/apis/networking.k8s.io/v1/namespaces/{name}/networkpolicies"] = {"items": [item("default-deny")]}
        objects[f"{root}/secrets"] = {"items": [item("db-credentials")]}
        objects[f"{root}/configmaps"] = {"items": [item("redis-config")]}
        for service in environment.services:
            available = {"conditions": [{"type": "Available", "status": "True"}], "readyReplicas": 1}
            objects[f"/apis/apps/v1/namespaces/{name}/deployments/{service}"] = {"status": available}
    for name, priority in found.priority_classes.items():
        objects[f"/apis/scheduling.k8s.io/v1/priorityclasses/{name}"] = {"value": priority.value}
    objects["/apis/batch/v1/namespaces/prod/cronjobs/prod-db-backup"] = {
        "spec": {"suspend": False},
        "status": {"lastSuccessfulTime": "2026-11-21T02:03:00Z"},
    }
    serverless = {"DBInstanceIdentifier": "pingvas-shared-1", "DBInstanceClass": "db.serverless"}
    answers["describe_db_clusters"] = {"DBClusters": [{"Status": "available"}]}
    answers["describe_db_instances"] = {"DBInstances": [serverless]}
    answers["describe_replication_groups"] = {"ReplicationGroups": [{"Status": "available"}]}
    return objects, answers


@pytest.mark.requirement("003-ver-07", "003-ver-08", "003-ver-09", "003-ver-11", "003-ver-12", "003-ver-13",
                         "003-ver-14", "003-ver-15", "003-ver-16", "003-ver-19")  # fmt: skip
def test_environments_that_share_a_cluster_pass_what_their_document_lists() -> None:
    result = of_platform("pingvas", *shared())

    assert wrong(result) == {}
    assert [check.number for check, _ in result.checked] == [1, 2, 3, 4, 5, 6, 8, 9, 10, 13, 14, 15, 16, 17, 18, 19, 22]


ENVIRONMENTS_WRONG: dict[str, tuple[str, Any, int, str]] = {
    "nodes on demand": (
        "/api/v1/nodes",
        {"items": [node(name, "10.0.99.9", group="pingvas-shared-eks-system") for name in ("one", "two")]},
        3,
        "one is ON_DEMAND, not SPOT",
    ),
    "provisioned": (
        "describe_db_instances",
        {"DBInstances": [{"DBInstanceIdentifier": "big", "DBInstanceClass": "db.r6g.large"}]},
        8,
        "not serverless in pingvas-shared-aurora: big",
    ),
    "no Aurora": ("describe_db_clusters", RefusedError("DBClusterNotFoundFault", ""), 8, "no Aurora cluster"),
    "no cache": ("describe_replication_groups", RefusedError("ReplicationGroupNotFoundFault", ""), 9, "no cache"),
    "no namespace": ("/api/v1/namespaces/dev", None, 13, "there is no namespace dev"),
    "no quota": ("/api/v1/namespaces/dev/resourcequotas/dev-quota", None, 14, "no ResourceQuota dev-quota in dev"),
    "another quota": (
        "/api/v1/namespaces/prod/resourcequotas/prod-quota",
        {"spec": {"hard": {"requests.cpu": "51"}}},
        14,
        "prod-quota has requests.cpu 51, not 50",
    ),
    "no policies": (
        "/apis/networking.k8s.io/v1/namespaces/prod/networkpolicies",
        {"items": []},
        15,
        "prod lacks default-deny",
    ),
    "no class": ("/apis/scheduling.k8s.io/v1/priorityclasses/dev-low", None, 16, "dev-low is not there, not 100000"),
    "no secret": ("/api/v1/namespaces/dev/secrets", {"items": []}, 17, "dev lacks db-credentials"),
    "no ConfigMap": ("/api/v1/namespaces/dev/configmaps", None, 18, "dev lacks redis-config"),
    "no backup": ("/apis/batch/v1/namespaces/prod/cronjobs/prod-db-backup", None, 19, "no CronJob prod-db-backup"),
    "a suspended backup": (
        "/apis/batch/v1/namespaces/prod/cronjobs/prod-db-backup",
        {"spec": {"suspend": True}},
        19,
        "prod-db-backup is suspended",
    ),
    "no application": (
        "/apis/apps/v1/namespaces/prod/deployments/payment-service",
        None,
        22,
        "there is no Deployment payment-service in prod",
    ),
    "an application that does not come up": (
        "/apis/apps/v1/namespaces/dev/deployments/user-service",
        {"status": {}},
        22,
        "Deployment user-service in dev is not available",
    ),
}


@pytest.mark.parametrize("case", ENVIRONMENTS_WRONG)
def test_each_check_of_environments_fails_alone_when_what_it_looks_at_is_missing_or_wrong(case: str) -> None:
    place, instead, number, said = ENVIRONMENTS_WRONG[case]
    objects, answers = shared()
    if case == "nodes on demand":
        address = objects["/api/v1/nodes"]["items"][0]["status"]["addresses"]
        instead = {"items": [{**one, "status": {**one["status"], "addresses": address}} for one in instead["items"]]}
    (answers if place in answers else objects)[place] = instead

    result = of_platform("pingvas", objects, answers)

    assert set(wrong(result)) == {number}
    assert said in outcomes(result)[number].detail


def test_a_group_that_sleeps_is_a_warning_and_no_failure() -> None:
    objects, answers = running()
    objects["/api/v1/nodes"] = {"items": []}

    found = outcomes(of_platform("dev", objects, answers))[2]

    assert found.verdict == "warning"
    assert "sleep by schedule?" in found.detail


def test_the_script_that_lists_a_bucket_runs(cloud: aws.AwsApi) -> None:
    cloud.call("s3", "create_bucket", Bucket="one", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
    done = subprocess.run(
        [sys.executable, "-c", platform.OBJECTS, "one"],
        env={**os.environ, "AWS_DEFAULT_REGION": "ap-northeast-2"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "0\n"), done.stderr
