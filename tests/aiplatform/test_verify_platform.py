"""`aiplatform verify` of a platform without tenants."""

from typing import Any

import pytest

from aiplatform.verify.engine import verify
from aiplatform.verify.lists import PLATFORM
from aiplatform.verify.model import Caller
from aiplatform.verify.problem import RefusedError
from aiplatform.verify.show import document
from config.loader import load_file
from tests.aiplatform.verified_platforms import CONTROLLER, SYSTEM, item, node, of_platform, running
from tests.aiplatform.verify_fakes import FakeCloud, FakeCluster, outcomes, wrong
from tests.config.base import STACK_FILES, TODAY
from tests.each import each


@pytest.mark.requirement("000-ver-05", "000-ver-06", "000-ver-10", "000-ver-11", "000-ver-12", "000-ver-17")
@pytest.mark.deviates("000-ver-03", "000-ver-13")
def test_correct_platform_passes_every_check_of_the_document() -> None:
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


@pytest.mark.requirement("000-ver-05", "000-ver-06", "000-ver-10", "000-ver-11", "000-ver-12")
@pytest.mark.deviates("000-ver-03")
@each("case", PLATFORM_WRONG)
def test_platform_check_fails_alone_when_its_object_is_missing_or_wrong(case: str) -> None:
    place, instead, number, said = PLATFORM_WRONG[case]
    objects, answers = running()
    (answers if place in answers else objects)[place] = instead

    result = of_platform("mlflow", objects, answers)

    assert set(wrong(result)) == {number}
    assert outcomes(result)[number].verdict == "failed"
    assert said in outcomes(result)[number].detail


@pytest.mark.requirement("000-ver-17")
@pytest.mark.deviates("000-ver-13")
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
def test_failed_database_login_does_not_reveal_the_password(answer: Any, verdict: str, said: str) -> None:
    result = of_platform("mlflow", *running(), answer=answer)

    for number in (11, 12):
        assert (outcomes(result)[number].verdict, outcomes(result)[number].detail) == (verdict, said)
    assert "hidden-from-all" not in document([result], stack="mlflow", caller=Caller())


@pytest.mark.deviates("000-ver-13")
def test_database_login_is_checked_in_the_pod_of_mlflow() -> None:
    found = load_file(STACK_FILES, "mlflow", today=TODAY).settings
    cluster = FakeCluster(running()[0])
    verify(found, (), [PLATFORM], cluster=cluster, cloud=FakeCloud(running()[1]), caller=Caller())

    login, bucket = cluster.ran
    assert login[:3] == ("ml-platform", "mlflow-1", "server")
    assert login[-1] == "MLFLOW_BACKEND_STORE_URI"
    assert bucket[-1] == "mdpg-mlops-mlflow-artifacts"


def test_stopped_group_is_a_warning() -> None:
    objects, answers = running()
    objects["/api/v1/nodes"] = {"items": []}

    found = outcomes(of_platform("dev", objects, answers))[2]

    assert found.verdict == "warning"
    assert "may be stopped by a schedule" in found.detail
