"""The bill of the stack lab, calculated by hand at Seoul's prices: a month, a course day and one trainee."""

from decimal import Decimal

import pytest

from aiplatform.cost.bill import cents
from catalog.prices import load_prices
from tests.aiplatform.costing import stack_bill

TABLE = load_prices()
SEOUL = "ap-northeast-2"
MONTH = Decimal(730)
AWAKE = Decimal(5 * 11) / (7 * 24) * MONTH
"""From 8:00 to 19:00 on five days of seven: 238.99 hours a month."""

DAYS = MONTH / 24
CLASS_DAYS = Decimal(5) / 7 * DAYS
"""21.73 days a month on which nodes are awake."""


def each(item: str) -> Decimal:
    """The unit price of an item in Seoul."""
    found = TABLE.service(SEOUL, item)
    assert found is not None, item
    return found.price


def hour(type_: str) -> Decimal:
    """An hour of an instance on demand in Seoul."""
    found = TABLE.instance(SEOUL, type_, spot=False)
    assert found is not None, type_
    return found.price


def nodes() -> dict[str, Decimal]:
    """What sleeps outside class hours, a month. Beside each line: the amount at the prices of 2026-11-21.

    A quarter of each quota is 2 CPUs and 4 GiB for fifteen trainees, and 4 CPUs and 8 GiB for the instructor in two
    pods: 34 CPUs, less MLflow's. With the platform's pods these are more than the 24 of the smallest platform.
    """
    disk = AWAKE / MONTH * each("ebs_gp3_gb_month")
    return {
        "system nodes": 4 * AWAKE * hour("m7i.xlarge"),  # 955.95 h x 0.2478 = 236.89
        "training nodes": 4 * AWAKE * hour("m7i.2xlarge"),  # 955.95 h x 0.4956 = 473.77
        "their disks": (4 * 50 + 4 * 100) * disk,  # 196.43 GB x 0.0912 = 17.91
    }


def tenant() -> dict[str, Decimal]:
    """What is a trainee's alone, a month."""
    return {
        "bucket": 10 * each("s3_standard_gb_month"),  # 10 x 0.025 = 0.25
        "repository": 5 * each("ecr_storage_gb_month"),  # 5 x 0.10 = 0.50
        "secrets: MLflow's database, Kubeflow's login": 2 * each("secrets_manager_secret_month"),  # 2 x 0.40 = 0.80
        "volumes of notebooks": 10 * each("ebs_gp3_gb_month"),  # 10 x 0.0912 = 0.91
    }


def shared() -> dict[str, Decimal]:
    """What all lean on, a month, whoever is awake."""
    return {
        "control plane": MONTH * each("eks_control_plane_hour"),  # 730 x 0.10 = 73.00
        "NAT gateway": MONTH * each("nat_gateway_hour"),  # 730 x 0.059 = 43.07
        # 100 GB, and 4 GB of images of each of eight nodes on 21.73 days: 795.24 x 0.059 = 46.92
        "its traffic": (100 + 8 * 4 * Decimal(5) / 7 * MONTH / 24) * each("nat_gateway_gb"),
        "load balancer": MONTH * each("alb_hour"),  # 730 x 0.0225 = 16.43
        "one capacity unit": MONTH * each("alb_lcu_hour"),  # 730 x 0.008 = 5.84
        "addresses: one of NAT, two of the ALB": 3 * MONTH * each("public_ipv4_hour"),  # 2,190 x 0.005 = 10.95
        "between zones": 2 * 100 * each("data_transfer_cross_az_gb_each_direction"),  # 200 x 0.01 = 2.00
        "zone": each("route53_hosted_zone_month"),  # 0.50
        "bucket of dumps": 10 * each("s3_standard_gb_month"),  # 0.25
        "volume of PostgreSQL": 50 * each("ebs_gp3_gb_month"),  # 50 x 0.0912 = 4.56
        "volumes of Kubeflow Pipelines": 2 * 20 * each("ebs_gp3_gb_month"),  # 40 x 0.0912 = 3.65
        "secrets: superuser, login": 2 * each("secrets_manager_secret_month"),  # 0.80
        "key of Kubernetes secrets": each("kms_key_month"),  # 1.00
        "logs: control plane, flows": 20 * each("cloudwatch_logs_ingest_gb"),  # 20 x 0.76 = 15.20
        "kept for 30 days": 20 * Decimal("0.15") * each("cloudwatch_logs_storage_gb_month"),  # 3 GB x 0.0314 = 0.09
    }


def test_bill_of_lab_matches_manual_calculation() -> None:
    found = stack_bill("lab").total.expected
    total = sum([*nodes().values(), *shared().values(), 16 * sum(tenant().values())])
    assert cents(found) == cents(total) == Decimal("992.22")


@pytest.mark.requirement("002-cst-01")
def test_course_day_costs_a_platform_day_and_eleven_node_hours() -> None:
    always = sum([*shared().values(), 16 * sum(tenant().values())]) / DAYS  # 263.65 / 30.42 = 8.67
    running_share = sum(nodes().values()) / CLASS_DAYS  # 728.57 / 21.73 = 33.53
    assert cents(running_share) == cents(
        11 * 4 * (hour("m7i.xlarge") + hour("m7i.2xlarge")) + 600 * 11 / MONTH * each("ebs_gp3_gb_month")
    )
    assert cents(stack_bill("lab").sum_of("day").expected) == cents(always + running_share) == Decimal("42.20")


def test_trainee_costs_its_own_resources_and_the_nodes_of_its_quota() -> None:
    """At the maximum, where all promised room is there: 8 CPU and 16 GiB of 88 CPU-units of 2,080."""
    weight = 9 * 8 + 16
    all_nodes = 4 * (9 * 4 + 16) + 18 * (9 * 8 + 32)
    most = AWAKE * (4 * hour("m7i.xlarge") + 18 * hour("m7i.2xlarge"))  # 2,368.85
    most += (4 * 50 + 18 * 100) * AWAKE / MONTH * each("ebs_gp3_gb_month")  # 59.71
    # Volumes up to the quota of 100Gi.
    own = sum(tenant().values()) + 90 * each("ebs_gp3_gb_month")  # 2.46 + 8.21
    by_hand = own + most * weight / all_nodes  # 10.67 + 2,428.56 x 0.0423
    bill = stack_bill("lab")
    assert cents(bill.by("tenant")["user01"].maximum) == cents(by_hand) == Decimal("113.42")
    assert set(bill.tenants) == {*(f"user{number:02}" for number in range(1, 16)), "user20"}


def test_bill_without_classes_is_that_of_resources_without_a_schedule() -> None:
    asleep = sum([*shared().values(), 16 * sum(tenant().values())])
    assert cents(asleep) == Decimal("263.65")
    assert cents(stack_bill("lab").total.expected - sum(nodes().values())) == cents(asleep)
