"""The plan has the registrations that the engine would receive."""

import asyncio
import gc
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from aiplatform.preview.charts import values_of
from aiplatform.preview.monitor import DuplicateResourceError, UnsupportedError
from aiplatform.preview.plan import SECRET, UNKNOWN, Plan, Resource
from aiplatform.preview.record import record, record_function

Find = Callable[[Plan, str], Resource]
Program = Callable[[str, str], Path]
STACK = "urn:pulumi:test::ai-platform::pulumi:pulumi:Stack::ai-platform-test"
PROVIDER = "urn:pulumi:test::ai-platform::pulumi:providers:aws::aws"


def test_urns_have_the_types_of_all_ancestors_but_the_stack() -> None:
    def build() -> None:
        outer = pulumi.ComponentResource("ai-platform:a:Outer", "outer")
        inner = pulumi.ComponentResource("ai-platform:b:Inner", "inner", None, pulumi.ResourceOptions(parent=outer))
        aws.sns.Topic("alerts", opts=pulumi.ResourceOptions(parent=inner))

    urns = [resource.urn for resource in record_function(build).resources]
    chain = "ai-platform:a:Outer$ai-platform:b:Inner$aws:sns/topic:Topic"
    assert f"urn:pulumi:test::ai-platform::{chain}::alerts" in urns
    assert "urn:pulumi:test::ai-platform::ai-platform:a:Outer::outer" in urns


def test_parents_providers_and_dependencies_are_recorded(platform: Callable[[], None], named: Find) -> None:
    plan = record_function(platform)
    network, vpc, subnet = named(plan, "network"), named(plan, "main"), named(plan, "private-0")
    assert network.parent == STACK
    assert subnet.parent == network.urn
    assert subnet.provider == PROVIDER, "inherited from the component"
    assert subnet.dependencies == (vpc.urn,)
    assert named(plan, "metadata").provider == PROVIDER
    assert named(plan, "aws").provider is None


def test_every_parent_provider_and_dependency_is_in_the_plan(platform: Callable[[], None]) -> None:
    plan = record_function(platform)
    urns = {resource.urn for resource in plan.resources}
    for resource in plan.resources:
        assert {resource.parent, resource.provider, *resource.dependencies} - {None} <= urns


def test_remote_component_is_recorded_with_the_provider_of_its_children(
    platform: Callable[[], None], named: Find
) -> None:
    plan = record_function(platform)
    cluster, nodes = named(plan, "cluster"), named(plan, "gpu")
    assert (cluster.custom, cluster.remote, cluster.provider) == (False, True, PROVIDER)
    assert nodes.inputs["cluster"] == {"urn": cluster.urn}
    assert cluster.urn in nodes.dependencies, "a reference among the inputs is waited for like any other output"


def test_numbers_are_integers(platform: Callable[[], None], named: Find) -> None:
    # A protobuf float would read 3.0.
    plan = record_function(platform)
    storage = named(plan, "metadata").inputs["allocatedStorage"]
    assert (storage, type(storage)) == (20, int)
    assert named(plan, "gpu").inputs["scalingConfig"] == {"desiredSize": 1, "maxSize": 3, "minSize": 0}


def test_fractions_stay_fractions() -> None:
    def build() -> None:
        aws.cloudwatch.MetricAlarm("load", comparison_operator="x", evaluation_periods=1, threshold=0.75)

    (alarm,) = (item for item in record_function(build).resources if item.name == "load")
    assert alarm.inputs["threshold"] == 0.75


def test_null_below_a_property_is_kept() -> None:
    # Helm removes a default where a value is null.
    def build() -> None:
        kubernetes.helm.v3.Release("chart", chart="x", values={"limits": {"cpu": None, "memory": "1Gi"}, "none": None})

    (chart,) = (item for item in record_function(build).resources if item.name == "chart")
    assert chart.inputs["values"] == {"limits": {"cpu": None, "memory": "1Gi"}, "none": None}
    assert values_of(chart) == {"limits": {"memory": "1Gi"}}


def test_assets_are_readable() -> None:
    def build() -> None:
        code = pulumi.AssetArchive({"index.py": pulumi.StringAsset("print(1)")})
        aws.lambda_.Function("stop", role="arn:aws:iam::123456789012:role/r", code=code)

    (function,) = (item for item in record_function(build).resources if item.name == "stop")
    assert function.inputs["code"]["assets"]["index.py"]["text"] == "print(1)"


def test_object_without_a_name_gets_a_stable_name() -> None:
    def build() -> None:
        kubernetes.core.v1.ConfigMap("settings", data={"a": "b"})

    names = {record_function(build).resources[0].inputs["metadata"]["name"] for _ in range(2)}
    (name,) = names
    assert name.startswith("settings-")


def test_duplicate_urn_is_refused_like_on_the_engine() -> None:
    def build() -> None:
        aws.sns.Topic("alerts")
        aws.sns.Topic("alerts")

    with pytest.raises(DuplicateResourceError, match="aws:sns/topic:Topic::alerts: give one of them another name"):
        record_function(build)


def test_one_name_under_two_parents_is_allowed() -> None:
    def build() -> None:
        for name in ("a", "b"):
            parent = pulumi.ComponentResource("ai-platform:a:Outer", name)
            kind = f"ai-platform:{name}:Inner"
            inner = pulumi.ComponentResource(kind, name, None, pulumi.ResourceOptions(parent=parent))
            aws.sns.Topic("alerts", opts=pulumi.ResourceOptions(parent=inner))

    assert sum(resource.name == "alerts" for resource in record_function(build).resources) == 2


def test_transforms_are_refused() -> None:
    # Only the engine runs them.
    def build() -> None:
        pulumi.runtime.register_resource_transform(lambda args: pulumi.ResourceTransformResult(args.props, args.opts))

    with pytest.raises(UnsupportedError, match="transforms"):
        record_function(build)


def test_resource_that_is_only_read_is_not_in_the_plan() -> None:
    def build() -> None:
        vpc = aws.ec2.Vpc.get("existing", "vpc-0123456789abcdef0")
        aws.ec2.Subnet("mine", vpc_id=vpc.id, cidr_block="10.0.0.0/24")
        pulumi.export("arn", vpc.arn)

    plan = record_function(build)
    assert [resource.name for resource in plan.resources] == ["mine", "ai-platform-test"]
    assert plan.resources[0].inputs["vpcId"] == "vpc-0123456789abcdef0"
    assert plan.resources[0].dependencies == ()


def test_unknown_outputs_are_marked_in_the_first_preview(platform: Callable[[], None], named: Find) -> None:
    plan = record_function(platform, unknown_outputs=True)
    assert named(plan, "private-0").inputs == {"cidrBlock": "10.0.0.0/24", "vpcId": UNKNOWN}
    assert named(plan, "kubernetes").inputs["kubeconfig"] == UNKNOWN
    assert named(plan, "login").inputs["metadata"]["namespace"] == "mlflow", "what the program sets is known"
    assert plan.outputs["endpoint"] == UNKNOWN
    assert plan.outputs["login"] == {"user": "mlflow", "password": SECRET}


def test_first_preview_registers_the_same_resources(platform: Callable[[], None]) -> None:
    known, unknown = record_function(platform), record_function(platform, unknown_outputs=True)
    assert [resource.urn for resource in known.resources] == [resource.urn for resource in unknown.resources]
    assert [resource.dependencies for resource in known.resources] == [item.dependencies for item in unknown.resources]


def test_apply_is_skipped_on_an_unknown_value() -> None:
    seen: list[str] = []

    def build() -> None:
        topic = aws.sns.Topic("alerts")
        pulumi.export("upper", topic.arn.apply(lambda arn: seen.append(arn) or arn.upper()))

    assert record_function(build, unknown_outputs=True).outputs == {"upper": UNKNOWN}
    assert seen == []


def test_program_errors_are_raised_unchanged() -> None:
    error = pulumi.RunError("the subnet is too small")

    def build() -> None:
        aws.sns.Topic("alerts")
        raise error

    with pytest.raises(pulumi.RunError) as raised:
        record_function(build)
    assert raised.value is error


def test_program_error_precedes_a_registration_error_that_it_causes() -> None:
    def build() -> None:
        aws.sns.Topic("alerts")
        aws.sns.Topic("alerts")
        raise pulumi.RunError("the subnet is too small")

    with pytest.raises(pulumi.RunError, match="the subnet is too small"):
        record_function(build)


def test_program_exits_are_raised_unchanged() -> None:
    with pytest.raises(SystemExit, match="3"):
        record_function(lambda: sys.exit(3))


def test_error_in_an_unawaited_apply_is_raised() -> None:
    def build() -> None:
        topic = aws.sns.Topic("alerts")
        topic.arn.apply(lambda arn: {}[arn])

    with pytest.raises(KeyError, match="arn:aws:sns:us-east-1:123456789012:alerts"):
        record_function(build)


def test_error_in_an_apply_with_dependents_is_raised_once() -> None:
    # Only at the end of a process is every abandoned future gone, and with it the chance of a late complaint.
    source = """
import pulumi, pulumi_aws as aws
from aiplatform.preview.record import record_function
def build():
    broken = aws.sns.Topic("alerts").arn.apply(lambda arn: {}[arn])
    queues = [aws.sqs.Queue(f"queue-{number}", name=broken) for number in range(3)]
    pulumi.export("urls", [queue.url for queue in queues])
try:
    record_function(build)
except KeyError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", source], capture_output=True, text=True, check=True)
    assert run.stdout == "'arn:aws:sns:us-east-1:123456789012:alerts'\n"
    assert run.stderr == ""


def test_invalid_input_is_raised_with_the_name_of_its_resource() -> None:
    def build() -> None:
        aws.sns.Topic("alerts", display_name=object())  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="'alerts'"):
        record_function(build)


def test_program_warnings_are_shown(capfd: pytest.CaptureFixture[str]) -> None:
    record_function(lambda: pulumi.log.warn("the instance type is old"))
    assert capfd.readouterr().err == "warning: the instance type is old\n"


def test_stacks_recorded_in_one_process_are_independent() -> None:
    def build() -> None:
        aws.sns.Topic("alerts", name=pulumi.Config("ai-platform").get("name"))
        pulumi.export("stack", pulumi.get_stack())

    before = pulumi.runtime.get_root_resource()
    first = record_function(build, stack="dev", config={"ai-platform:name": "one"})
    second = record_function(build, stack="prod")
    assert first.outputs == {"stack": "dev"}
    assert second.outputs == {"stack": "prod"}
    assert "name" in first.resources[0].inputs
    assert "name" not in second.resources[0].inputs, "configuration of the first stack"
    assert pulumi.runtime.get_root_resource() is before


def test_failed_stack_does_not_affect_the_next() -> None:
    def broken() -> None:
        aws.sns.Topic("alerts").arn.apply(lambda arn: {}[arn])

    with pytest.raises(KeyError):
        record_function(broken)
    assert len(record_function(lambda: aws.sns.Topic("alerts")).resources) == 2


def test_program_runs_unchanged_in_its_own_folder(program: Program) -> None:
    main = program(
        "one", "import pulumi, sizes\npulumi.export('size', sizes.SIZE)\npulumi.export('d', open('d').read())"
    )
    (main.parent / "sizes.py").write_text("SIZE = 3\n")
    (main.parent / "d").write_text("data")
    here, path = Path.cwd(), list(sys.path)
    plan = record(main, project="p", stack="s", config={})
    assert plan.outputs == {"size": 3, "d": "data"}
    assert (Path.cwd(), sys.path) == (here, path)


def test_programs_with_modules_of_one_name_are_separate(program: Program) -> None:
    outputs = []
    for folder in ("one", "two"):
        main = program(folder, "import pulumi, settings_of_mine\npulumi.export('name', settings_of_mine.NAME)")
        (main.parent / "settings_of_mine.py").write_text(f"NAME = '{folder}'\n")
        outputs.append(record(main.parent, project="p", stack="s", config={}).outputs)
    assert outputs == [{"name": "one"}, {"name": "two"}]
    assert sys.modules["settings_of_mine"].NAME == "one", "whoever imported it before keeps it"


def test_functions_of_the_program_see_its_names_after_it_ends(program: Program) -> None:
    main = program(
        "late",
        "import pulumi, pulumi_aws\nNAME = 'late'\n"
        "def use(arn): return NAME + arn[:3]\n"
        "pulumi.export('value', pulumi_aws.sns.Topic('t').arn.apply(use))",
    )
    assert record(main, project="p", stack="s", config={}).outputs == {"value": "latearn"}


def test_methods_and_data_sources_use_the_region_of_their_provider() -> None:
    def build() -> None:
        provider = aws.Provider("west", region="us-west-2")
        there = pulumi.InvokeOptions(provider=provider)
        pulumi.export("zones", aws.get_availability_zones(opts=there).names)
        pulumi.export("arn", aws.sns.Topic("alerts", opts=pulumi.ResourceOptions(provider=provider)).arn)
        pulumi.export("account", aws.get_caller_identity_output().account_id)

    outputs = record_function(build, account="210987654321", config={"aws:region": "eu-west-1"}).outputs
    assert outputs["zones"] == ["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"]
    assert outputs["arn"] == "arn:aws:sns:us-west-2:210987654321:alerts"
    assert outputs["account"] == "210987654321"


def test_two_thousand_resources_are_recorded_once_each() -> None:
    def build() -> None:
        vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
        for number in range(2000):
            aws.ec2.SecurityGroup(f"group-{number}", vpc_id=vpc.id)

    plan = record_function(build)
    assert len(plan.resources) == 2002
    assert all(resource.dependencies for resource in plan.resources if resource.name.startswith("group-"))


def test_garbage_collection_is_enabled_after_a_record() -> None:
    record_function(lambda: None)
    assert gc.isenabled()


def test_no_event_loop_is_left_open() -> None:
    record_function(lambda: aws.sns.Topic("alerts"))
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()


@pytest.mark.parametrize("unknown", [False, True])
def test_same_program_gives_the_same_bytes_in_every_process(tmp_path: Path, unknown: bool) -> None:
    # Hash seeds and protobuf's map order differ from one process to the next.
    source = (
        "from pathlib import Path; import sys\n"
        "from aiplatform.preview.record import record_function\n"
        "from aiplatform.preview.write import write\n"
        "from conftest import declare_platform\n"
        f"write(record_function(declare_platform, unknown_outputs={unknown}), Path(sys.argv[1]))\n"
    )
    written = []
    for seed in ("1", "2", "3"):
        folder = tmp_path / seed
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        environment["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), *sys.path])
        subprocess.run([sys.executable, "-c", source, str(folder)], check=True, env=environment)
        written.append({str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*.*"))})
    assert written[0] == written[1] == written[2]
    assert len(written[0]) == 4


def outputs_after_up(account: str) -> frozenset[str]:
    def build() -> None:
        topic = aws.sns.Topic("alerts", name="alerts")
        zone = aws.route53.Zone("zone", name="example.com")
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
        for name, value in {
            "topic": topic.arn,
            "name": topic.name,
            "servers": zone.name_servers,
            "vpc": vpc.id,
            "sentence": pulumi.Output.concat("the network ", vpc.id),
            "cidr": vpc.cidr_block,
            "plain": "https://example.com",
        }.items():
            pulumi.export(name, value)

    return record_function(build, account=account).after_up


def test_outputs_that_aws_generates_are_known_after_up() -> None:
    assert outputs_after_up("111122223333") == {"servers", "vpc", "sentence"}


def test_account_of_examples_is_known_after_up() -> None:
    assert outputs_after_up("123456789012") == {"servers", "vpc", "sentence", "topic"}
