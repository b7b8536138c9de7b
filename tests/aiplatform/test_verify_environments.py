"""`aiplatform verify` of environments that share a cluster."""

from typing import Any

import pytest

from aiplatform.verify.problem import RefusedError
from tests.aiplatform.verified_platforms import node, of_platform, shared
from tests.aiplatform.verify_fakes import outcomes, wrong
from tests.each import each


@pytest.mark.requirement("003-ver-07", "003-ver-08", "003-ver-09", "003-ver-11", "003-ver-12", "003-ver-13",
                         "003-ver-14", "003-ver-15", "003-ver-16", "003-ver-19")  # fmt: skip
def test_correct_environments_pass_every_check_of_the_document() -> None:
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
        lambda quota: {"spec": {"hard": quota["spec"]["hard"] | {"requests.cpu": "51", "pods": 9}}},
        14,
        "prod-quota has pods 9, not 200, requests.cpu 51, not 50",
    ),
    "a quota without a value": (
        "/api/v1/namespaces/prod/resourcequotas/prod-quota",
        lambda quota: {"spec": {"hard": {name: quota["spec"]["hard"][name] for name in ("requests.cpu", "pods")}}},
        14,
        "without a value",
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


@each("case", ENVIRONMENTS_WRONG)
def test_environment_check_fails_alone_when_its_object_is_missing_or_wrong(case: str) -> None:
    place, instead, number, said = ENVIRONMENTS_WRONG[case]
    objects, answers = shared()
    if case == "nodes on demand":
        address = objects["/api/v1/nodes"]["items"][0]["status"]["addresses"]
        instead = {"items": [{**one, "status": {**one["status"], "addresses": address}} for one in instead["items"]]}
    given = answers if place in answers else objects
    given[place] = instead(given[place]) if callable(instead) else instead

    result = of_platform("pingvas", objects, answers)

    assert set(wrong(result)) == {number}
    assert said in outcomes(result)[number].detail
