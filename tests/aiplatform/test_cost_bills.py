"""The bills of the shipped stacks, calculated by hand from unit prices, and properties of every bill."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest

from aiplatform.cost.bill import KEYS, NOTHING, SIZES, Group, cents
from aiplatform.cost.budget import budget_problem
from aiplatform.cost.document import cost_json
from aiplatform.cost.free import why_free
from aiplatform.cost.pricer import bill
from aiplatform.cost.pricing import RULES
from aiplatform.preview.charts import kinds
from aiplatform.preview.record import record_function
from catalog.aws import AWS_TYPES
from catalog.prices import PriceTable, load_prices
from components.platform import Platform
from config.costs import Costs
from tests.aiplatform.costing import plan, priced, resource, stack_bill
from tests.components.base import EVERY_STACK, STACKS, recorded, settings_from
from tests.config.base import TODAY

TABLE = load_prices()
MONTH = Decimal(730)
OREGON = "us-west-2"
TOLERANCE = Decimal("0.03")


def each(item: str) -> Decimal:
    """The unit price of an item in Oregon."""
    found = TABLE.service(OREGON, item)
    assert found is not None, item
    return found.price


def hour(type_: str, *, spot: bool = False) -> Decimal:
    """An hour of an instance in Oregon."""
    found = TABLE.instance(OREGON, type_, spot=spot)
    assert found is not None, type_
    return found.price


def close(found: Decimal, by_hand: Decimal) -> bool:
    return abs(found - by_hand) <= TOLERANCE * by_hand


def team() -> Decimal:
    """What a tenant has of its own: bucket 2.30, images 0.50, the database's password 0.40, volumes 0.80."""
    return (
        100 * each("s3_standard_gb_month")
        + 5 * each("ecr_storage_gb_month")
        + each("secrets_manager_secret_month")
        + 10 * each("ebs_gp3_gb_month")
    )


# --- by hand ---


def test_bill_of_dev_matches_manual_calculation() -> None:
    """Beside each line: the amount at the prices of 2026-11-21."""
    office = Decimal(5 * 12) / (7 * 24) * MONTH  # 260.71 hours
    days = Decimal(5) / 7 * MONTH / 24  # 21.73
    # Of four and of three types, the cheapest.
    system, gpu = hour("t3a.large", spot=True), hour("g4dn.xlarge", spot=True)
    by_hand = {
        "control plane": MONTH * each("eks_control_plane_hour"),  # 730 x 0.10 = 73.00
        "system nodes": 2 * office * system,  # 521.43 h x 0.0345 = 17.96
        "their disks": 2 * 30 * office / MONTH * each("ebs_gp3_gb_month"),  # 21.43 GB x 0.08 = 1.71
        "a GPU node for the model": office * gpu,  # 260.71 x 0.2464 = 64.24
        "its disk": 200 * office / MONTH * each("ebs_gp3_gb_month"),  # 71.43 GB x 0.08 = 5.71
        "its API key": each("secrets_manager_secret_month"),  # 0.40
        "database": office * each("rds_postgres_single_az_db.t4g.micro"),  # 260.71 h x 0.016 = 4.17
        "its storage": 20 * each("rds_storage_gp3_single_az_gb_month"),  # 20 x 0.115 = 2.30
        "its backups of a day": 10 * each("backup_rds_gb_month") / 7,  # 10 / 7 x 0.095 = 0.14
        "NAT gateway": MONTH * each("nat_gateway_hour"),  # 730 x 0.045 = 32.85
        # 100 GB, and on 21.73 days 4 GB of images of two nodes, and 12 of a GPU node with 8.044 GB of weights:
        # 709.29 x 0.045 = 31.92
        "its traffic": (100 + days * (2 * 4 + 12 + Decimal("8.044"))) * each("nat_gateway_gb"),
        "its address": MONTH * each("public_ipv4_hour"),  # 730 x 0.005 = 3.65
        "internal load balancer": MONTH * each("alb_hour"),  # 730 x 0.0225 = 16.43
        "one capacity unit": MONTH * each("alb_lcu_hour"),  # 730 x 0.008 = 5.84
        "between zones": 2 * 100 * each("data_transfer_cross_az_gb_each_direction"),  # 200 x 0.01 = 2.00
        "to the internet": Decimal(0),  # 100 GB are free
        "bucket": 100 * each("s3_standard_gb_month"),  # 100 x 0.023 = 2.30
        "secrets: RDS's and MLflow's four": 5 * each("secrets_manager_secret_month"),  # 5 x 0.40 = 2.00
        "key of Kubernetes secrets": each("kms_key_month"),  # 1.00
        # Types audit and authenticator are 60 and 10 % of 10 GB
        "logs: control plane, two of RDS": (7 + 2) * each("cloudwatch_logs_ingest_gb"),  # 9 x 0.50 = 4.50
        "kept for 7 days": 9 * Decimal(7) / 30 * Decimal("0.15") * each("cloudwatch_logs_storage_gb_month"),  # 0.01
        "two teams": 2 * team(),  # 2 x 4.00 = 8.00
        "their PostgreSQL: its disk": 10 * each("ebs_gp3_gb_month"),  # 10 x 0.08 = 0.80
        "and its superuser": each("secrets_manager_secret_month"),  # 0.40
    }
    total = sum(by_hand.values())
    assert close(stack_bill("dev").total.expected, total)
    assert cents(stack_bill("dev").total.expected) == cents(total) == Decimal("281.33")


def test_bill_of_mlflow_matches_manual_calculation() -> None:
    """Beside each line: the amount at the prices of 2026-11-21."""
    by_hand = {
        "control plane": MONTH * each("eks_control_plane_hour"),  # 730 x 0.10 = 73.00
        "CPU nodes": 2 * MONTH * hour("t3.medium"),  # 1,460 h x 0.0416 = 60.74
        "their disks": 2 * 30 * each("ebs_gp3_gb_month"),  # 60 x 0.08 = 4.80
        "a GPU node for 20 hours": 20 * hour("g4dn.xlarge", spot=True),  # 20 x 0.2464 = 4.93
        "its disk": 200 * 20 / MONTH * each("ebs_gp3_gb_month"),  # 5.48 GB x 0.08 = 0.44
        "database in two zones": MONTH * each("rds_postgres_multi_az_db.t3.small"),  # 730 x 0.072 = 52.56
        "its storage": 20 * each("rds_storage_gp3_multi_az_gb_month"),  # 20 x 0.23 = 4.60
        "its backups": 10 * each("backup_rds_gb_month"),  # 10 x 0.095 = 0.95
        "three NAT gateways": 3 * MONTH * each("nat_gateway_hour"),  # 2,190 x 0.045 = 98.55
        # 100 GB, 2 x 4 GB of images of CPU nodes, and 12 in each of 20 / 4 starts of the GPU node: 168 x 0.045 = 7.56
        "their traffic": (100 + 2 * 4 + 5 * 12) * each("nat_gateway_gb"),
        "public load balancer": MONTH * each("alb_hour"),  # 730 x 0.0225 = 16.43
        "one capacity unit": MONTH * each("alb_lcu_hour"),  # 730 x 0.008 = 5.84
        "addresses: three of NAT, three of the ALB": 6 * MONTH * each("public_ipv4_hour"),  # 4,380 x 0.005 = 21.90
        "between zones": 2 * 100 * each("data_transfer_cross_az_gb_each_direction"),  # 200 x 0.01 = 2.00
        "zone mdpg.ai": each("route53_hosted_zone_month"),  # 0.50
        "bucket": 100 * each("s3_standard_gb_month"),  # 100 x 0.023 = 2.30
        "secrets: RDS's and MLflow's six": 7 * each("secrets_manager_secret_month"),  # 7 x 0.40 = 2.80
        "key of Kubernetes secrets": each("kms_key_month"),  # 1.00
        "logs: control plane, flows, two of RDS": 22 * each("cloudwatch_logs_ingest_gb"),  # 22 x 0.50 = 11.00
        "kept for 30 days": 22 * Decimal("0.15") * each("cloudwatch_logs_storage_gb_month"),  # 3.3 GB x 0.03 = 0.10
    }
    total = sum(by_hand.values())
    assert close(stack_bill("mlflow").total.expected, total)
    assert cents(stack_bill("mlflow").total.expected) == cents(total) == Decimal("371.99")


def test_total_of_prod_matches_manual_calculation() -> None:
    gpu = hour("g4dn.xlarge", spot=True)
    nodes = 3 * MONTH * hour("m7i.large") + 3 * 50 * each("ebs_gp3_gb_month")  # 220.75 + 12.00
    # 20 hours of a Spot node with 200 GB: 4.93 + 0.44
    gpus = 20 * gpu + 200 * 20 / MONTH * each("ebs_gp3_gb_month")
    # Two nodes for the model's replicas, always, each with 200 GB: 1,468.76 + 32.00
    gpus += 2 * MONTH * hour("g5.xlarge") + 2 * 200 * each("ebs_gp3_gb_month")
    # A half of the 100 GB of weights has moved to infrequent access: 15.00 + 0.80; the model's API key: 0.40
    weights = 50 * (each("efs_standard_gb_month") + each("efs_ia_elastic_gb_month"))
    weights += 100 * each("efs_elastic_read_gb") + 20 * each("efs_elastic_write_gb")  # 3.00 + 1.20
    weights += each("secrets_manager_secret_month")
    # 246.01 + 23.00, and 4.07 of backups of 30 days
    database = MONTH * each("rds_postgres_multi_az_db.m7g.large") + 10 * Decimal(30) / 7 * each("backup_rds_gb_month")
    database += 100 * each("rds_storage_gp3_multi_az_gb_month")
    # 98.55 + 8.82; images of three CPU nodes and of two and five starts of GPU nodes, whose weights are in EFS
    network = 3 * MONTH * each("nat_gateway_hour") + (100 + 3 * 4 + 7 * 12) * each("nat_gateway_gb")
    network += 6 * MONTH * each("public_ipv4_hour")  # 21.90
    network += 2 * 100 * each("data_transfer_cross_az_gb_each_direction")  # 2.00
    balancer = MONTH * (each("alb_hour") + each("alb_lcu_hour"))  # 22.27
    logs = 23 * each("cloudwatch_logs_ingest_gb")  # 11.50
    # Of the control plane and AWS WAF for a year, of flows and the database for 90 days: 20.1 + 5.4 GB
    kept = 11 * Decimal(365) / 30 + 12 * 3
    logs += kept * Decimal("0.15") * each("cloudwatch_logs_storage_gb_month")  # 0.76
    logs += 5 * Decimal(365) / 30 * each("s3_standard_gb_month")  # access logs: 1.40
    # A limit and three groups, five million requests: 5.00 + 4.00 + 3.00
    # Enhanced Monitoring once a minute: 43,800 samples of 4 KiB, 0.08
    samples = MONTH * 60 * 4 / Decimal(1024**2)
    logs += samples * (each("cloudwatch_logs_ingest_gb") + Decimal("0.15") * each("cloudwatch_logs_storage_gb_month"))
    logs += each("waf_web_acl_month") + 4 * each("waf_rule_month") + 5 * each("waf_request_million")
    # A half of the 100 GB has moved to infrequent access: 1.15 + 0.63
    bucket = 50 * (each("s3_standard_gb_month") + each("s3_standard_ia_gb_month"))
    small = each("kms_key_month") + each("route53_hosted_zone_month") + 6 * each("secrets_manager_secret_month")
    control_plane = MONTH * each("eks_control_plane_hour")  # 73.00
    # Two teams, the disk of their PostgreSQL, its superuser and its dumps: 8.00 + 1.60 + 0.40 + 2.30
    tenants = 2 * team() + 20 * each("ebs_gp3_gb_month") + each("secrets_manager_secret_month")
    tenants += 100 * each("s3_standard_gb_month")
    total = control_plane + nodes + gpus + weights + database + network + balancer + logs + bucket + small + tenants
    assert close(stack_bill("prod").total.expected, total)
    assert cents(stack_bill("prod").total.expected) == cents(total) == Decimal("2302.62")


# --- every type ---


@EVERY_STACK
def test_every_type_has_a_pricing_rule_or_a_reason_to_be_free(stack: str) -> None:
    types = {each.type for each in recorded(stack).plan.resources}
    assert sorted(type_ for type_ in types if type_ not in RULES and why_free(type_) is None) == []


def test_no_type_is_both_priced_and_free_and_every_reason_is_stated() -> None:
    known = [*AWS_TYPES, *(f"kubernetes:{kind}" for kind in kinds())]
    free = {type_: reason for type_ in known if (reason := why_free(type_)) is not None}
    assert RULES.keys() & free.keys() == set()
    assert [type_ for type_, reason in free.items() if len(reason) < 10] == []


def test_every_free_type_is_in_use() -> None:
    types = {each.type for stack in STACKS for each in recorded(stack).plan.resources}
    assert sorted(token for token, type_ in AWS_TYPES.items() if type_.free and token not in types) == []


def test_type_without_rule_and_reason_makes_the_bill_a_minimum() -> None:
    bill = priced(resource("aws:quantum/computer:Computer", "one"))
    assert bill.at_least
    assert [(each.item, each.why) for each in bill.missing] == [
        ("aws:quantum/computer:Computer", "not priced: the program has no rule")
    ]


@EVERY_STACK
def test_quantities_have_the_unit_of_their_price(stack: str) -> None:
    bill = stack_bill(stack)
    assert bill.lines or bill.region not in TABLE.regions
    for line in bill.lines:
        price = TABLE.service(bill.region, line.item)
        unbilled = "USD" if line.price is None else "h"
        assert line.unit == (price.unit.removeprefix("USD/") if price else unbilled), line.item


# --- every bill ---


@EVERY_STACK
@pytest.mark.parametrize("group", KEYS)
def test_groups_of_a_bill_sum_to_its_total(stack: str, group: Group) -> None:
    bill = stack_bill(stack)
    rest = sum(bill.by(group).values(), NOTHING) - bill.total
    # The last of 28 digits depends on the order in which amounts are added.
    assert all(abs(rest.at(size)) < Decimal("1e-20") for size in SIZES)


@EVERY_STACK
def test_minimum_expected_and_maximum_are_in_order(stack: str) -> None:
    for line in stack_bill(stack).lines:
        assert 0 <= line.monthly.minimum <= line.monthly.expected <= line.monthly.maximum, line.item


@EVERY_STACK
def test_assumptions_of_a_line_are_listed_with_their_value(stack: str) -> None:
    bill = stack_bill(stack)
    assert {name for line in bill.lines for name in line.assumptions} == bill.assumptions.keys()


@pytest.mark.parametrize("stack", ["dev", "data", "offline"])
def test_same_plan_gives_the_same_bytes(stack: str) -> None:
    recording = recorded(stack)
    settings = recording.settings
    again = bill(recording.plan, settings.costs, TABLE, today=TODAY, settings=settings)
    assert cost_json(again) == cost_json(stack_bill(stack))


def test_database_and_bucket_belong_to_their_only_workload() -> None:
    workloads = {line.owner.component: line.owner.workload for line in stack_bill("mlflow").lines}
    assert (workloads["database-mlflow"], workloads["bucket-mlflow-artifacts"]) == ("mlflow", "mlflow")
    assert (workloads["network"], workloads["cluster"]) == ("shared", "shared")


def test_nodes_belong_to_their_group_and_resources_to_the_tagged_environment() -> None:
    bill = stack_bill("prod")
    assert bill.by("nodeGroup").keys() == {"none", "system", "gpu", "gpu-spot"}
    assert bill.by("environment").keys() == {"production"}


def test_resource_tags_override_environment_and_tenant() -> None:
    tagged = resource("aws:kms/key:Key", "one", tags={"Environment": "production", "Tenant": "vision"})
    bill = priced(tagged, resource("aws:kms/key:Key", "two"))
    assert bill.by("environment").keys() == {"production", "staging"}
    assert bill.by("tenant").keys() == {"vision", "shared"}


# --- missing prices ---


def without(*items: str) -> PriceTable:
    """The shipped table without some items."""
    services = {
        region: MappingProxyType({item: price for item, price in found.items() if item not in items})
        for region, found in TABLE.services.items()
    }
    return replace(TABLE, services=services)


def test_missing_price_is_reported_and_other_lines_are_unchanged() -> None:
    recording = recorded("prod")
    whole = stack_bill("prod")
    found = bill(recording.plan, recording.settings.costs, without("alb_hour", "nat_gateway_hour"), today=TODAY)
    assert (whole.at_least, found.at_least) == (False, True)
    assert [(each.item, each.quantity.expected) for each in found.missing] == [
        ("alb_hour", 730),
        *[("nat_gateway_hour", 730)] * 3,
    ]
    assert found.lines == tuple(line for line in whole.lines if line.item not in ("alb_hour", "nat_gateway_hour"))


def test_region_without_prices_never_uses_those_of_another() -> None:
    found = stack_bill("controller")
    assert found.region not in TABLE.regions
    assert found.lines == ()
    assert len(found.missing) > 20


def test_spot_type_without_a_price_is_reported_and_replaced_by_its_group() -> None:
    given = {"instanceTypes": ["m6i.large", "x9.huge"], "capacityType": "SPOT", "nodeGroupName": "cpu"}
    sizes = {"minSize": 1, "desiredSize": 1, "maxSize": 1}
    found = priced(resource("eks:index:ManagedNodeGroup", scalingConfig=sizes, **given))
    assert found.total.expected == 730 * hour("m6i.large", spot=True)
    assert [each.item for each in found.missing] == ["spot:x9.huge"]


def test_zero_quantity_without_a_price_costs_nothing() -> None:
    gateway = resource("aws:ec2/internetGateway:InternetGateway")
    assert not priced(gateway, table=without("data_transfer_out_first_10tb_gb"), dataTransferOutGb=50).at_least
    assert priced(gateway, table=without("data_transfer_out_first_10tb_gb"), dataTransferOutGb=150).at_least


# --- budget ---


def limited(limit: float) -> Costs:
    return settings_from(Costs, {"budget": {"monthlyLimit": limit}})


def test_bill_above_the_limit_is_reported_with_figures_and_largest_lines() -> None:
    over = budget_problem(stack_bill("dev"), limited(150))
    assert over is not None
    assert over.message == "dev is expected to cost 281.33 USD a month, 131.33 above the budget of 150.00"
    assert over.fix == (
        "lower what costs most (cluster 77.51, network 70.42, nodes-gpu 69.95), or raise costs.budget.monthlyLimit"
    )


def test_bill_at_the_limit_or_without_one_is_no_finding() -> None:
    two = priced(resource("aws:kms/key:Key", "a"), resource("aws:kms/key:Key", "b"))
    assert budget_problem(two, limited(2)) is None
    assert budget_problem(two, limited(1.99)) is not None
    assert budget_problem(two, Costs()) is None


def test_bill_with_missing_prices_is_a_minimum_above_the_limit() -> None:
    found = priced(resource("aws:kms/key:Key"), resource("aws:x/y:Z"))
    over = budget_problem(found, limited(0.5))
    assert over is not None
    assert "at least 1.00 USD a month" in over.message


# --- time ---


def seconds(work: Callable[[], object]) -> float:
    """The processor time of the fastest of three runs: others use this machine, too."""
    found = []
    for _ in range(3):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def test_billing_adds_at_most_a_twentieth_to_the_time_of_a_plan(capsys: pytest.CaptureFixture[str]) -> None:
    settings = recorded("prod").settings

    def build() -> None:
        Platform(settings.project.name, settings)

    def previewed() -> object:
        return record_function(build, stack="prod")

    def billed() -> str:
        return cost_json(bill(recorded("prod").plan, settings.costs, TABLE, today=date(2026, 11, 21)))

    alone, added = seconds(previewed), seconds(billed)
    with capsys.disabled():
        print(f"\nplan {alone:.3f} s, with its bill {alone + added:.3f} s: {1 + added / alone:.3f} times")  # noqa: T201
    assert added <= 0.05 * alone


def test_empty_plan_costs_nothing() -> None:
    assert bill(plan(), Costs(), TABLE, today=TODAY).total == NOTHING
