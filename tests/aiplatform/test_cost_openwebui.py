"""The bill of the stack openwebui, calculated by hand at prices of Seoul and Oregon, and the document's savings."""

from decimal import Decimal

import pytest

from aiplatform.cost.bill import cents
from aiplatform.cost.pricer import bill
from catalog.prices import load_prices
from config.loader import load_file
from tests.aiplatform.costing import stack_bill
from tests.config.base import STACK_FILES, TODAY
from tests.requirements.conftest import planned

TABLE = load_prices()
SEOUL, OREGON = "ap-northeast-2", "us-west-2"
MONTH = Decimal(730)


def each(item: str, region: str = SEOUL) -> Decimal:
    """The unit price of an item."""
    found = TABLE.service(region, item)
    assert found is not None, item
    return found.price


def hour(type_: str, *, spot: bool = False) -> Decimal:
    """An hour of an instance in Seoul."""
    found = TABLE.instance(SEOUL, type_, spot=spot)
    assert found is not None, type_
    return found.price


def of_the_document() -> dict[str, Decimal]:
    """What the document has a line for. Beside each: the amount at the prices of 2026-11-21."""
    return {
        "control plane": MONTH * each("eks_control_plane_hour"),  # 730 x 0.10 = 73.00
        "primary nodes": 2 * MONTH * hour("t3.medium"),  # 1,460 x 0.052 = 75.92
        "their disks": 40 * each("ebs_gp3_gb_month"),  # 40 x 0.0912 = 3.65
        "NAT gateways": 2 * MONTH * each("nat_gateway_hour"),  # 1,460 x 0.059 = 86.14
        "load balancer": MONTH * (each("alb_hour") + each("alb_lcu_hour")),  # 730 x (0.0225 + 0.008) = 22.27
        "transfer out": Decimal(0),  # 10 GB, of which the first 100 of an account are free
        "images": 5 * each("ecr_storage_gb_month"),  # 0.50
    }


def beside_it() -> dict[str, Decimal]:
    """What the document forgets, or leaves for later."""
    logs = each("cloudwatch_logs_ingest_gb") + Decimal("0.15") * each("cloudwatch_logs_storage_gb_month")
    return {
        "Spot node that no pod needs, of its cheapest type": 20 * hour("t3.medium", spot=True),  # 20 x 0.0200 = 0.40
        "its disk": 20 * 20 / MONTH * each("ebs_gp3_gb_month"),  # 0.05
        # 20 GB, and 4 GB of images of two nodes, and of five starts of the Spot node: 48 x 0.059 = 2.83
        "NAT: traffic": (20 + 2 * 4 + 5 * 4) * each("nat_gateway_gb"),
        "addresses: two of NAT, two of the ALB": 4 * MONTH * each("public_ipv4_hour"),  # 2,920 x 0.005 = 14.60
        "between zones": 2 * 100 * each("data_transfer_cross_az_gb_each_direction"),  # 2.00
        "PostgreSQL in two zones": MONTH * each("rds_postgres_multi_az_db.t4g.small"),  # 730 x 0.102 = 74.46
        "its storage": 20 * each("rds_storage_gp3_multi_az_gb_month"),  # 20 x 0.262 = 5.24
        "its own backups": 10 * each("backup_rds_gb_month"),  # 0.95
        "cache of two nodes": 2 * MONTH * each("elasticache_valkey_cache.t4g.micro"),  # 1,460 x 0.0192 = 28.03
        "logs: control plane 10 GB, flows by the minute 15, five others": 30 * logs,  # 30 x (0.76 + 0.0047) = 22.94
        "alarms: four, and five of backups": 9 * each("cloudwatch_alarm_month"),  # 0.90
        "keys: Kubernetes, alarms, backups": 3 * each("kms_key_month"),  # 3.00
        "secrets: 10, and RDS's own": 11 * each("secrets_manager_secret_month"),  # 4.40
        "DNS zone": each("route53_hosted_zone_month"),  # 0.50
        "files": 10 * each("s3_standard_gb_month"),  # 0.25
        "recovery points, all of PostgreSQL": 20 * each("backup_rds_gb_month"),  # 20 x 0.095 = 1.90
        # A month is 1.014 periods of 30 days; a quarter of the budget of 50 is used: 12.67
        "models of OpenAI": 50 * MONTH / 24 / 30 / 4,
        "to Oregon: points, RDS's backups, files, images": 4
        * 10
        * each("data_transfer_inter_region_out_gb"),  # 40 x 0.08 = 3.20
    }


def in_oregon() -> dict[str, Decimal]:
    """The copies, and what the budget's topics need."""
    return {
        "recovery points": 20 * each("backup_rds_gb_month", OREGON),  # 1.90
        "files": 10 * each("s3_standard_gb_month", OREGON),  # 0.23
        "images": 5 * each("ecr_storage_gb_month", OREGON),  # 0.50
        "RDS's replicated backups: its 20 GB, and changes": 30 * each("backup_rds_gb_month", OREGON),  # 2.85
        "keys: copies, RDS's backups, topics of the budget": 3 * each("kms_key_month", OREGON),  # 3.00
    }


def insights() -> Decimal:
    """Observations of two nodes, and 20 hours of a third, with twelve pods of one container each, by the million."""
    of_a_node = 26 + 12 * (35 + 12)  # 590 metrics, each once a minute
    millions = (2 * MONTH + 20) * 60 * of_a_node / 1_000_000  # 52.392
    return millions * each("container_insights_observation_million")  # 52.392 x 0.21 = 11.00


def test_bill_of_openwebui_matches_manual_calculation() -> None:
    found = stack_bill("openwebui").total.expected
    total = sum([*of_the_document().values(), *beside_it().values(), *in_oregon().values(), insights()])
    assert cents(found) == cents(total) == Decimal("459.28")


def test_lines_of_the_document_cost_261_in_seoul() -> None:
    assert cents(sum(of_the_document().values(), Decimal(0))) == Decimal("261.47")
    assert of_the_document()["transfer out"] == 0


@pytest.mark.requirement("004-net-14")
def test_single_nat_gateway_saves_a_gateway_and_still_exceeds_the_budget() -> None:
    settings = load_file(STACK_FILES, "openwebui", today=TODAY).settings
    plan = planned("openwebui", "network.nat=single").plan
    single = bill(plan, settings.costs, TABLE, today=TODAY, settings=settings).total.expected
    saved = MONTH * (each("nat_gateway_hour") + each("public_ipv4_hour"))  # 43.07 + 3.65 = 46.72
    assert cents(stack_bill("openwebui").total.expected - single) == cents(saved) == Decimal("46.72")
    assert single > 200
