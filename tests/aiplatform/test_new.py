"""`aiplatform new`: stack files that are valid, and whose plans have no findings of their own."""

import json
from pathlib import Path

import pytest

from aiplatform.cli.stacks import Stack, record_stack
from aiplatform.cost.pricer import bill
from aiplatform.findings.checks import findings
from aiplatform.scaffold.answers import PURPOSES, Answers, Purpose, Size
from aiplatform.scaffold.write import copied_text, free_network, stack_text
from catalog.prices import load_prices
from catalog.reading.document import parse
from config.loader import load, load_file
from config.settings import NAMESPACE
from tests.aiplatform.test_boundary import call, project  # noqa: F401, a fixture of every test
from tests.config.base import BASE, STACK_FILES, TODAY

PLACES: tuple[tuple[str, Size, bool, str | None], ...] = (
    ("us-west-2", "small", False, "ai.acme.org"),
    ("ap-northeast-2", "medium", True, "ai.acme.org"),
    # A region without prices, and no domain.
    ("eu-central-1", "large", False, None),
)

UNAVOIDABLE = {"quota-request"}
"""A new account has 5 vCPUs of On-Demand instances, and none with GPUs: every cluster requests more."""


def answers(purpose: Purpose, region: str, size: Size, production: bool, domain: str | None) -> Answers:
    return Answers("fresh", purpose, region, size=size, production=production, domain=domain, network="8.8.8.0/24")


@pytest.mark.parametrize("place", PLACES, ids=[place[0] for place in PLACES])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_new_stack_file_has_no_error_and_no_warning_of_its_own(
    purpose: Purpose, place: tuple[str, Size, bool, str | None]
) -> None:
    chosen = answers(purpose, *place)
    loaded = load(parse(stack_text(chosen), "new.yaml", NAMESPACE), today=TODAY)
    expected = (
        ["fresh.example.com is an example domain; set your own before you deploy"] if chosen.example_domain else []
    )
    assert [line.split(": ", 2)[2] for line in loaded.warnings] == expected
    assert loaded.settings.project.is_production() is chosen.production
    assert len(loaded.settings.network.tiers().private) == (3 if chosen.production else 2)


@pytest.mark.parametrize(("purpose", "place"), [(one, PLACES[number % 2]) for number, one in enumerate(PURPOSES)])
def test_plan_of_a_new_stack_has_no_finding_of_its_own(
    purpose: Purpose,
    place: tuple[str, Size, bool, str | None],
    project: Path,  # noqa: F811, the fixture
) -> None:
    (project / "Pulumi.fresh.yaml").write_text(stack_text(answers(purpose, *place)))
    stack = Stack("fresh", project, load_file(project, "fresh", today=TODAY))
    plan = record_stack(stack)
    costs = bill(plan, stack.settings.costs, load_prices(), today=TODAY, settings=stack.settings)
    found = [one for one in findings(plan, stack.settings, costs) if one.severity != "info"]
    assert {one.rule for one in found} <= UNAVOIDABLE, [one.message for one in found]
    assert costs.total.expected > 100


def test_new_writes_a_file_and_names_the_next_commands(project: Path) -> None:  # noqa: F811, the fixture
    result = call(
        "new",
        "team",
        "--purpose",
        "mlflow",
        "--network",
        "8.8.8.0/24",
        "--budget",
        "500",
        "--zone",
        "us-west-2b",
        "--zone",
        "us-west-2c",
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["Written", "aiplatform", "aiplatform", "pulumi"]
    settings = load_file(project, "team", today=TODAY).settings
    assert settings.costs.budget is not None
    assert settings.costs.budget.monthly_limit == 500
    assert settings.network.zones == ("us-west-2b", "us-west-2c")
    assert str(settings.network.cidr) == "10.40.0.0/16"
    assert json.loads(call("list", "--json").stdout)[1]["stack"] == "team"


def test_new_never_overwrites(project: Path) -> None:  # noqa: F811, the fixture
    result = call("new", "small", "--purpose", "mlflow")
    assert (result.exit_code, result.stderr) == (2, "Pulumi.small.yaml exists; choose another name, or remove it\n")
    assert (project / "Pulumi.small.yaml").read_text() == BASE


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            "team",
            "--purpose is missing; choose mlflow, class, chat, environments or serving; or name a stack with --from",
        ),
        ("team --purpose clas", "--purpose clas: unknown purpose; did you mean class?; or name a stack with --from"),
        ("Team --purpose class", "'Team' is not a stack name for resources; write 2 to 20 letters, digits and hyphens"),
        ("team --from smal", "Pulumi.smal.yaml: stack file not found; did you mean small?"),
        ("team --from small --size large", "--from copies a stack file as it is; change the new file, and leave out"),
        ("team --purpose mlflow --region us-west-9", "Pulumi.team.yaml:7: project.region: "),
        ("team --purpose mlflow --network 8.8.8.0/33", "Pulumi.team.yaml:21: cluster.endpoint.publicCidrs[0]: "),
    ],
)
def test_invalid_answers_are_refused_and_nothing_is_written(words: str, message: str, project: Path) -> None:  # noqa: F811
    result = call("new", *words.split())
    assert result.exit_code == 2
    assert result.stderr.startswith(message)
    assert [file.name for file in project.glob("Pulumi.*.yaml")] == ["Pulumi.small.yaml"]


def test_copy_of_a_stack_has_names_of_its_own(project: Path) -> None:  # noqa: F811, the fixture
    text = BASE.replace("    environment", "    # shop is ours\n    environment")
    (project / "Pulumi.small.yaml").write_text(
        f"encryptionsalt: v1:abc\n{text}".replace("artifacts: {}", "artifacts: {name: shop-artifacts}")
    )
    assert call("new", "store", "--from", "small").exit_code == 0
    settings = load_file(project, "store", today=TODAY).settings
    assert (settings.project.name, settings.bucket_name("artifacts")) == ("store", "store-artifacts")
    assert "encryptionsalt" not in (project / "Pulumi.store.yaml").read_text()


@pytest.mark.parametrize("stack", ["dev", "lab", "nemo", "openwebui"])
def test_copy_of_a_shipped_stack_is_valid(stack: str) -> None:
    text = (STACK_FILES / f"Pulumi.{stack}.yaml").read_text()
    copied = load(parse(copied_text(text, "fresh"), "copy.yaml", NAMESPACE), today=TODAY).settings
    original = load(parse(text, "copy.yaml", NAMESPACE), today=TODAY).settings
    assert copied.project.name == "fresh"
    assert {copied.bucket_name(key) for key in copied.buckets} & {
        original.bucket_name(key) for key in original.buckets
    } == set()
    assert copied.cluster_name() != original.cluster_name()


def test_new_network_overlaps_no_other_stack() -> None:
    assert free_network([]) == "10.40.0.0/16"
    assert free_network(["    cidr: 10.40.0.0/16\n", '    cidr: "10.50.0.0/16"\n']) == "10.60.0.0/16"
