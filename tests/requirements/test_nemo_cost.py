"""001: the bill, which the document lacks, calculated by hand at Seoul's prices, and the savings by schedules."""

import re
from decimal import Decimal

import pytest

from aiplatform.cost.bill import cents
from aiplatform.cost.pricer import bill
from catalog.prices import load_prices
from tests.aiplatform.costing import stack_bill
from tests.components.base import settings_of
from tests.config.base import ROOT, TODAY
from tests.requirements.conftest import planned

TABLE = load_prices()
SEOUL = "ap-northeast-2"
MONTH = Decimal(730)
AWAKE = Decimal(18) / 24 * MONTH
"""From 7:00 to 1:00: 547.5 hours a month."""


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


def machines() -> dict[str, Decimal]:
    """What sleeps from 1:00 to 7:00. Beside each line: the amount at the prices of 2026-11-21."""
    return {
        "three nodes": 3 * AWAKE * hour("t3.large"),  # 1,642.5 h x 0.104 = 170.82
        "their disks": Decimal(18) / 24 * 3 * 20 * each("ebs_gp3_gb_month"),  # 45 GB x 0.0912 = 4.10
        "GPU server": AWAKE * hour("g5.xlarge"),  # 547.5 h x 1.237 = 677.26
        "two servers of the API": 2 * AWAKE * hour("t3.medium"),  # 1,095 h x 0.052 = 56.94
        "bastion": AWAKE * hour("t2.medium"),  # 547.5 h x 0.0576 = 31.54
        "public addresses of three servers": 3 * AWAKE * each("public_ipv4_hour"),  # 1,642.5 h x 0.005 = 8.21
    }


def volumes() -> dict[str, Decimal]:
    """Disks that stay while their server sleeps, and volumes of pods."""
    gb = each("ebs_gp3_gb_month")  # 0.0912
    return {
        "root disks: 100 for the GPU server, three of 20": 160 * gb,  # 14.59
        "models": 100 * gb,  # 9.12
        "brokers": 3 * 20 * gb,  # 5.47
        "ZooKeeper": 3 * 10 * gb,  # 2.74
        "Redis": 3 * 10 * gb,  # 2.74
        "Sentinels": 3 * 1 * gb,  # 0.27
    }


def database() -> dict[str, Decimal]:
    """MySQL in two zones, and what keeps it."""
    return {
        "db.t3.micro": MONTH * each("rds_mysql_multi_az_db.t3.micro"),  # 730 h x 0.052 = 37.96
        "storage": 20 * each("rds_storage_gp3_multi_az_gb_month"),  # 20 x 0.262 = 5.24
        "backups beyond its size": 10 * each("backup_rds_gb_month"),  # 10 x 0.095 = 0.95
        # 50 GB of 20 of MySQL, and of volumes of 100, 60, 30, 30 and 3: 2.29 + 0.39
        "recovery points of volumes": 50 * Decimal(223) / 243 * each("aws_backup_ebs_warm_gb_month"),
        "recovery points of MySQL": 50 * Decimal(20) / 243 * each("backup_rds_gb_month"),
    }


def network() -> dict[str, Decimal]:
    """Control plane, load balancers, NAT and network."""
    return {
        "control plane": MONTH * each("eks_control_plane_hour"),  # 73.00
        "NAT gateway": MONTH * each("nat_gateway_hour"),  # 43.07
        # 100 GB, and 4 GB of images of three nodes each morning: 465 x 0.059 = 27.44
        "its traffic": (100 + 3 * 4 * MONTH / 24) * each("nat_gateway_gb"),
        "load balancer": MONTH * each("alb_hour"),  # 16.43
        "one capacity unit": MONTH * each("alb_lcu_hour"),  # 5.84
        "load balancer of Kafka": MONTH * each("nlb_hour"),  # 16.43
        "one capacity unit of it": MONTH * each("nlb_nlcu_hour"),  # 4.38
        "addresses: NAT, bastion, two of the ALB": 4 * MONTH * each("public_ipv4_hour"),  # 14.60
        "between zones": 200 * each("data_transfer_cross_az_gb_each_direction"),  # 2.00
        "zones": 2 * each("route53_hosted_zone_month"),  # 1.00
    }


def rest() -> dict[str, Decimal]:
    """Keys, secrets, images, logs, metrics and alarms."""
    # GB: of the control plane, of the flows, and one of each other group: three of the agent, two of MySQL, three of
    # servers, one of the function. The agent's group of metrics is in their price.
    logs = 10 + 10 + 9
    # Millions: of a node, and of the 19 pods on it with a container each, every minute that it is awake.
    metrics = 3 * AWAKE * (26 + 19 * (35 + 12)) * 60 / 1_000_000
    return {
        "keys: secrets of Kubernetes, alarms, backups": 3 * each("kms_key_month"),  # 3.00
        "secrets: six of the file, MySQL's master, Redis's own": 8 * each("secrets_manager_secret_month"),  # 3.20
        "images": 3 * 5 * each("ecr_storage_gb_month"),  # 1.50
        "logs": logs * each("cloudwatch_logs_ingest_gb"),  # 29 x 0.76 = 22.04
        # The control plane's for a year, the others for 30 days.
        "kept": (10 * Decimal(365) / 30 + logs - 10)
        * Decimal("0.15")
        * each("cloudwatch_logs_storage_gb_month"),  # 21.1 x 0.0314 = 0.66
        # Of the two load balancers, for 90 days.
        "access logs": 5 * 3 * each("s3_standard_gb_month"),  # 15 x 0.025 = 0.38
        "Container Insights": metrics * each("container_insights_observation_million"),  # 90.57 x 0.21 = 19.02
        "alarms": 5 * each("cloudwatch_alarm_month"),  # 0.50
        # Ten schedules call it each day for ten seconds with a quarter of a GB.
        "function": 300 * 10 * Decimal("0.25") * each("lambda_gb_second_arm"),  # 750 x 0.0000133 = 0.01
        "its calls": Decimal(300) / 1_000_000 * each("lambda_request_million"),  # 0.00
    }


def by_hand() -> Decimal:
    """All of it."""
    return sum(
        (amount for part in (machines, volumes, database, network, rest) for amount in part().values()), Decimal()
    )


@pytest.mark.requirement("001-cst-01")
def test_bill_of_nemo_matches_manual_calculation() -> None:
    found = stack_bill("nemo").total.expected
    assert cents(found) == cents(by_hand()) == Decimal("1285.12")


@pytest.mark.requirement("001-cst-01")
def test_six_stopped_hours_save_a_quarter_of_the_running_cost() -> None:
    schedules = [
        "nodeGroups.nemo_node_group",
        *(f"instances.{name}" for name in ("bastion", "vllm", "ai-prod", "ai-dev")),
    ]
    running_share = planned("nemo", *(f"{one}.schedule=null" for one in schedules), "scheduler=null")
    settings = settings_of("nemo")
    found = bill(running_share.plan, settings.costs, TABLE, today=TODAY).total.expected
    # A third more of the machines and of what watches them; the function and its log go.
    more = (sum(machines().values(), Decimal()) + rest()["Container Insights"]) / 3
    gone = rest()["function"] + rest()["its calls"] + each("cloudwatch_logs_ingest_gb")
    gone += Decimal("0.15") * each("cloudwatch_logs_storage_gb_month")
    # Nodes that run always pull their images once a month, and not on each of 30.4 mornings: 12 GB instead of 365
    pulled = 3 * 4 * (MONTH / 24 - 1) * each("nat_gateway_gb")  # 20.83
    assert cents(found) == cents(by_hand() + more - gone - pulled)
    assert cents(more) == Decimal("322.63")


@pytest.mark.requirement("001-cst-01")
def test_table_of_the_page_is_this_bill() -> None:
    page = (ROOT / "docs" / "nemo.md").read_text(encoding="utf-8")
    lines = dict(re.findall(r"^\| (.+?) \| ([\d,.]+) \|$", page, re.MULTILINE))
    parts = {
        "nodes, servers and the bastion, 18 hours a day": machines(),
        "disks and volumes": volumes(),
        "database and backups": database(),
        "control plane, load balancers, NAT and network": network(),
        "keys, secrets, images, logs, metrics, alarms": rest(),
    }
    for name, part in parts.items():
        assert lines[name] == f"{sum(part.values(), Decimal()):,.2f}", name
    assert lines["total"] == f"{by_hand():,.2f}"


def test_budget_is_above_the_estimate() -> None:
    budget = settings_of("nemo").costs.budget
    assert budget is not None
    assert Decimal("1285.12") < Decimal(str(budget.monthly_limit)) == Decimal(1400)
