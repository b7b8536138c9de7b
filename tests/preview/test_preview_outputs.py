"""Outputs of the preview have the format of the cloud."""

import importlib
import inspect
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes
import pytest

from aiplatform.preview.outputs import Context, answer_invoke, id_and_outputs
from aiplatform.preview.record import record_function
from catalog.aws import AWS_TYPES
from tests.each import each

HERE = Context("123456789012", "eu-central-1")


def _outputs(type_: str, inputs: Mapping[str, Any] | None = None, context: Context = HERE) -> dict[str, Any]:
    identifier, outputs = id_and_outputs(type_, "logical", inputs or {}, context)
    return {"id": identifier, **outputs}


def _exported(build: Callable[[], Mapping[str, object]]) -> Mapping[str, Any]:
    def program() -> None:
        for name, value in build().items():
            pulumi.export(name, value)

    return record_function(program, config={"aws:region": "eu-central-1"}).outputs


def _class(token: str) -> type:
    _, module, name = token.split(":")
    package = {"lambda": "lambda_"}.get(module.split("/")[0], module.split("/")[0])
    found: type = getattr(importlib.import_module(f"pulumi_aws.{package}"), name)
    return found


def _properties(resource: type) -> set[str]:
    getters = inspect.getmembers(resource, lambda member: isinstance(member, property))
    return {getattr(member.fget, "_pulumi_name", name) for name, member in getters}


@each("token", sorted(AWS_TYPES))
def test_described_types_exist_with_outputs_and_immutable_inputs(token: str) -> None:
    properties = _properties(_class(token))
    identifier, outputs = id_and_outputs(token, "logical", {}, HERE)
    assert identifier
    assert set(outputs) <= properties
    assert {path.partition(".")[0] for path in AWS_TYPES[token].immutable.split()} <= properties
    assert "arn" not in properties or "arn" in outputs or token.split(":")[2] in {"EventTarget", "TopicPolicy"}


@each("token", sorted(AWS_TYPES))
def test_answer_depends_on_its_arguments_only(token: str) -> None:
    assert id_and_outputs(token, "logical", {}, HERE) == id_and_outputs(token, "logical", {}, HERE)


@pytest.mark.parametrize(
    ("token", "pattern"),
    [
        ("aws:ec2/vpc:Vpc", r"vpc-[0-9a-f]{17}"),
        ("aws:ec2/subnet:Subnet", r"subnet-[0-9a-f]{17}"),
        ("aws:ec2/securityGroup:SecurityGroup", r"sg-[0-9a-f]{17}"),
        ("aws:ec2/natGateway:NatGateway", r"nat-[0-9a-f]{17}"),
        ("aws:ec2/internetGateway:InternetGateway", r"igw-[0-9a-f]{17}"),
        ("aws:ec2/routeTable:RouteTable", r"rtb-[0-9a-f]{17}"),
        ("aws:ec2/launchTemplate:LaunchTemplate", r"lt-[0-9a-f]{17}"),
        ("aws:ec2/eip:Eip", r"eipalloc-[0-9a-f]{17}"),
        ("aws:efs/fileSystem:FileSystem", r"fs-[0-9a-f]{17}"),
        ("aws:kms/key:Key", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("aws:route53/zone:Zone", r"Z[0-9A-F]{20}"),
    ],
)
def test_ids_have_the_format_of_aws(token: str, pattern: str) -> None:
    assert re.fullmatch(pattern, _outputs(token)["id"])


@each(
    ("token", "inputs", "arn"),
    [
        ("aws:iam/role:Role", {"name": "r", "path": "/team/"}, "arn:aws:iam::123456789012:role/team/r"),
        ("aws:iam/role:Role", {}, "arn:aws:iam::123456789012:role/logical"),
        ("aws:iam/policy:Policy", {"name": "p"}, "arn:aws:iam::123456789012:policy/p"),
        ("aws:iam/user:User", {"name": "u"}, "arn:aws:iam::123456789012:user/u"),
        ("aws:iam/group:Group", {"name": "g"}, "arn:aws:iam::123456789012:group/g"),
        (
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
            {"url": "https://oidc.example.com/id/1"},
            "arn:aws:iam::123456789012:oidc-provider/oidc.example.com/id/1",
        ),
        ("aws:s3/bucket:Bucket", {"bucket": "artifacts"}, "arn:aws:s3:::artifacts"),
        ("aws:rds/instance:Instance", {"identifier": "db"}, "arn:aws:rds:eu-central-1:123456789012:db:db"),
        (
            "aws:cloudwatch/logGroup:LogGroup",
            {"name": "/aws/x"},
            "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/x",
        ),
        ("aws:ssm/parameter:Parameter", {"name": "/a/b"}, "arn:aws:ssm:eu-central-1:123456789012:parameter/a/b"),
        ("aws:kms/alias:Alias", {"name": "alias/data"}, "arn:aws:kms:eu-central-1:123456789012:alias/data"),
        ("aws:sqs/queue:Queue", {"name": "q"}, "arn:aws:sqs:eu-central-1:123456789012:q"),
        (
            "aws:scheduler/schedule:Schedule",
            {"name": "s"},
            "arn:aws:scheduler:eu-central-1:123456789012:schedule/default/s",
        ),
        ("aws:eks/cluster:Cluster", {"name": "lab"}, "arn:aws:eks:eu-central-1:123456789012:cluster/lab"),
        ("aws:glue/job:Job", {"name": "j"}, "arn:aws:glue:eu-central-1:123456789012:job/j"),
        ("aws:sns/topic:Topic", {"name": "t", "region": "us-west-2"}, "arn:aws:sns:us-west-2:123456789012:t"),
    ],
)
def test_arns_have_the_real_name_and_path(token: str, inputs: Mapping[str, Any], arn: str) -> None:
    assert _outputs(token, inputs)["arn"] == arn


def test_masked_or_unknown_name_is_replaced_by_the_logical_name() -> None:
    for name in ("[secret]", "[unknown]"):
        assert _outputs("aws:sns/topic:Topic", {"name": name})["arn"].endswith(":logical")


def test_name_prefix_is_completed() -> None:
    name = _outputs("aws:rds/parameterGroup:ParameterGroup", {"namePrefix": "mlflow-"})["name"]
    assert re.fullmatch(r"mlflow-[0-9a-f]{8}", name)


def test_partition_follows_the_region() -> None:
    china = _outputs("aws:s3/bucket:Bucket", {"bucket": "b"}, Context(region="cn-north-1"))
    assert china["arn"] == "arn:aws-cn:s3:::b"
    assert china["bucketRegionalDomainName"] == "b.s3.cn-north-1.amazonaws.com.cn"
    assert _outputs("aws:sns/topic:Topic", {}, Context(region="us-gov-west-1"))["arn"].startswith("arn:aws-us-gov:sns")


def test_secret_arns_have_the_random_suffix() -> None:
    arn = _outputs("aws:secretsmanager/secret:Secret", {"name": "mlflow/db"})["arn"]
    assert re.fullmatch(r"arn:aws:secretsmanager:eu-central-1:123456789012:secret:mlflow/db-\w{6}", arn)


@pytest.mark.parametrize(("engine", "port"), [("postgres", 5432), ("mysql", 3306), ("aurora-postgresql", 5432)])
def test_database_port_follows_the_engine(engine: str, port: int) -> None:
    outputs = _outputs("aws:rds/instance:Instance", {"identifier": "metadata", "engine": engine})
    assert re.fullmatch(r"metadata\.\w{12}\.eu-central-1\.rds\.amazonaws\.com", outputs["address"])
    assert outputs["endpoint"] == f"{outputs['address']}:{port}"
    assert outputs["port"] == port
    assert "masterUserSecrets" not in outputs


def test_database_with_a_managed_password_has_the_secret_arn() -> None:
    (secret,) = _outputs("aws:rds/instance:Instance", {"manageMasterUserPassword": True})["masterUserSecrets"]
    assert set(secret) == {"secretArn", "kmsKeyId", "secretStatus"}
    assert ":secret:rds!db-" in secret["secretArn"]


def test_database_cluster_has_a_writer_and_a_reader_endpoint() -> None:
    outputs = _outputs("aws:rds/cluster:Cluster", {"clusterIdentifier": "c", "engine": "aurora-mysql"})
    assert outputs["endpoint"].startswith("c.cluster-")
    assert outputs["readerEndpoint"].startswith("c.cluster-ro-")
    assert outputs["port"] == 3306


def test_internal_load_balancer_has_an_internal_host_name() -> None:
    public = _outputs("aws:lb/loadBalancer:LoadBalancer", {"name": "web"})
    internal = _outputs("aws:lb/loadBalancer:LoadBalancer", {"name": "web", "internal": True})
    assert re.fullmatch(r"web-\d{10}\.eu-central-1\.elb\.amazonaws\.com", public["dnsName"])
    assert re.fullmatch(r"internal-web-\d{10}\.eu-central-1\.elb\.amazonaws\.com", internal["dnsName"])
    assert public["id"] == public["arn"]
    assert ":loadbalancer/app/web/" in public["arn"]


def test_listeners_and_rules_have_the_path_of_their_load_balancer() -> None:
    balancer = _outputs("aws:lb/loadBalancer:LoadBalancer", {"name": "web"})["arn"]
    listener = _outputs("aws:lb/listener:Listener", {"loadBalancerArn": balancer})["arn"]
    rule = _outputs("aws:lb/listenerRule:ListenerRule", {"listenerArn": listener, "priority": 7})
    path = balancer.partition(":loadbalancer/")[2]
    assert f":listener/{path}/" in listener
    assert f":listener-rule/{path}/" in rule["arn"]
    assert "priority" not in rule, "the program's own stands"


def test_wildcard_certificate_shares_the_validation_record_of_its_apex() -> None:
    inputs = {
        "domainName": "ai.example.com",
        "subjectAlternativeNames": ["*.ai.example.com", "x.org", "ai.example.com"],
    }
    options = _outputs("aws:acm/certificate:Certificate", inputs)["domainValidationOptions"]
    assert [option["domainName"] for option in options] == ["ai.example.com", "*.ai.example.com", "x.org"]
    apex, wildcard, other = options
    assert apex["resourceRecordName"] == wildcard["resourceRecordName"] != other["resourceRecordName"]
    assert re.fullmatch(r"_\w{32}\.ai\.example\.com\.", apex["resourceRecordName"])
    assert apex["resourceRecordValue"].endswith(".acm-validations.aws.")
    assert apex["resourceRecordType"] == "CNAME"


def test_zone_has_four_name_servers_in_four_domains() -> None:
    outputs = _outputs("aws:route53/zone:Zone", {"name": "example.com"})
    assert outputs["zoneId"] == outputs["id"]
    assert [server.split(".", 2)[2] for server in outputs["nameServers"]] == ["com", "net", "org", "co.uk"]


def test_addresses_are_in_the_documentation_range() -> None:
    for number in range(50):
        context = Context(urn=f"urn:{number}")
        assert re.fullmatch(r"203\.0\.113\.\d+", _outputs("aws:ec2/eip:Eip", {}, context)["publicIp"])


def test_resources_of_one_name_have_different_ids() -> None:
    ids = {_outputs("aws:ec2/vpc:Vpc", {}, Context(urn=urn))["id"] for urn in ("urn:a", "urn:b")}
    assert len(ids) == 2


def test_cluster_references_resolve_as_on_the_engine() -> None:
    def build() -> Mapping[str, object]:
        cluster = eks.Cluster("cluster", name="lab", vpc_id="vpc-1", skip_default_node_group=True)
        inner = cluster.eks_cluster
        return {
            "arn": inner.apply(lambda made: made.arn),
            "name": inner.apply(lambda made: made.name),
            "endpoint": inner.apply(lambda made: made.endpoint),
            "authority": inner.apply(lambda made: made.certificate_authority.data),
            "group": inner.apply(lambda made: made.vpc_config.cluster_security_group_id),
            "vpc": inner.apply(lambda made: made.vpc_config.vpc_id),
            "issuer": inner.apply(lambda made: made.identities[0].oidcs[0].issuer),
            "core": cluster.core.apply(lambda core: core.endpoint),
            "kubeconfig": cluster.kubeconfig_json,
            "settings": cluster.kubeconfig,
            "oidcIssuer": cluster.oidc_issuer,
            "oidcUrl": cluster.oidc_provider_url,
            "oidcArn": cluster.oidc_provider_arn,
            "nodes": cluster.node_security_group_id,
            "profile": cluster.get_kubeconfig(profile_name="ops"),
        }

    outputs = _exported(build)
    assert outputs["arn"] == "arn:aws:eks:eu-central-1:123456789012:cluster/lab"
    assert outputs["name"] == "lab"
    assert re.fullmatch(r"https://[0-9A-F]{32}\.gr7\.eu-central-1\.eks\.amazonaws\.com", outputs["endpoint"])
    assert outputs["core"] == outputs["endpoint"]
    assert outputs["group"].startswith("sg-")
    assert outputs["vpc"] == "vpc-1"
    identifier = outputs["endpoint"].removeprefix("https://").partition(".")[0]
    assert outputs["oidcIssuer"] == f"oidc.eks.eu-central-1.amazonaws.com/id/{identifier}"
    assert outputs["oidcUrl"] == outputs["issuer"] == f"https://{outputs['oidcIssuer']}"
    assert outputs["oidcArn"] == "", "the component makes none unless it is told to"
    settings = json.loads(outputs["kubeconfig"])
    assert settings == outputs["settings"]
    assert settings["clusters"][0]["cluster"]["server"] == outputs["endpoint"]
    command = settings["users"][0]["user"]["exec"]
    assert (command["command"], "get-token" in command["args"]) == ("aws", True)
    assert "ops" in outputs["profile"]


def test_cluster_with_an_identity_provider_returns_it() -> None:
    def build() -> Mapping[str, object]:
        return {"arn": eks.Cluster("cluster", name="lab", create_oidc_provider=True).oidc_provider_arn}

    assert ":oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/" in _exported(build)["arn"]


def test_auto_scaling_group_of_a_node_group_has_the_name_of_eks() -> None:
    def build() -> Mapping[str, object]:
        cluster = eks.Cluster("cluster", name="lab")
        nodes = eks.ManagedNodeGroup("gpu", cluster=cluster, node_group_name="gpu-spot")
        made = nodes.node_group
        return {
            "group": made.apply(lambda node_group: node_group.resources).apply(
                lambda resources: resources[0].autoscaling_groups[0].name
            ),
            "arn": made.apply(lambda node_group: node_group.arn),
            "name": made.apply(lambda node_group: node_group.node_group_name),
            "status": made.apply(lambda node_group: node_group.status),
        }

    outputs = _exported(build)
    assert re.fullmatch(r"eks-gpu-spot-[0-9a-f-]{36}", outputs["group"])
    assert ":nodegroup/lab/gpu-spot/" in outputs["arn"]
    assert (outputs["name"], outputs["status"]) == ("gpu-spot", "ACTIVE")


def test_referenced_resource_is_unlisted_and_its_component_is_the_dependency() -> None:
    def build() -> None:
        cluster = eks.Cluster("cluster", name="lab")
        aws.sns.Topic("alerts", display_name=cluster.eks_cluster.apply(lambda made: made.name))

    plan = record_function(build)
    assert [resource.type for resource in plan.resources] == [
        "aws:sns/topic:Topic",
        "eks:index:Cluster",
        "pulumi:pulumi:Stack",
    ]
    assert plan.resources[0].inputs == {"displayName": "lab"}
    assert plan.resources[0].dependencies == (plan.resources[1].urn,)


def test_output_types_match_the_sdk() -> None:
    def build() -> Mapping[str, object]:
        database = aws.rds.Instance("db", instance_class="db.t4g.micro", manage_master_user_password=True)
        certificate = aws.acm.Certificate("web", domain_name="example.com")
        template = aws.ec2.LaunchTemplate("gpu")
        return {
            "secret": database.master_user_secrets[0].secret_arn,
            "record": certificate.domain_validation_options[0].resource_record_name,
            "version": template.latest_version.apply(lambda version: f"v{version}"),
        }

    outputs = _exported(build)
    assert outputs["version"] == "v1"
    assert outputs["secret"].startswith("arn:aws:secretsmanager")
    assert outputs["record"].endswith(".example.com.")


def test_kubernetes_objects_return_their_metadata() -> None:
    def build() -> Mapping[str, object]:
        namespace = kubernetes.core.v1.Namespace("team", metadata={"name": "team-a"})
        claim = {"name": "web", "namespace": namespace.metadata.name}
        service = kubernetes.core.v1.Service("web", metadata=claim, spec={"type": "LoadBalancer"})
        release = kubernetes.helm.v3.Release("chart", chart="mlflow", name="tracking", namespace="team-a")
        return {
            "namespace": namespace.id,
            "service": service.id,
            "host": service.status.load_balancer.ingress[0].hostname,
            "release": release.status.name,
            "resources": release.resource_names,
        }

    outputs = _exported(build)
    assert (outputs["namespace"], outputs["service"], outputs["release"]) == ("team-a", "team-a/web", "tracking")
    assert outputs["host"].endswith(".eu-central-1.elb.amazonaws.com")
    assert outputs["resources"] == {}


def test_data_sources_return_the_values_that_programs_read() -> None:
    def build() -> Mapping[str, object]:
        zone = aws.route53.get_zone_output(name="example.com")
        return {
            "account": aws.get_caller_identity().account_id,
            "partition": aws.get_partition().partition,
            "region": aws.get_region().region,
            "zone": zone.zone_id,
            "servers": zone.name_servers,
            "password": aws.secretsmanager.get_random_password().random_password,
            "certificate": aws.acm.get_certificate(domain="example.com").arn,
            "image": aws.ec2.get_ami(owners=["amazon"]).image_id,
            "vpc": aws.ec2.get_vpc(id="vpc-1").id,
            "subnets": aws.ec2.get_subnets().ids,
            "parameter": aws.ssm.get_parameter(name="/aws/service/eks/image_id").value,
        }

    outputs = _exported(build)
    assert outputs["account"] == "123456789012"
    assert (outputs["partition"], outputs["region"]) == ("aws", "eu-central-1")
    assert outputs["zone"].startswith("Z")
    assert len(outputs["servers"]) == 4
    assert outputs["certificate"].startswith("arn:aws:acm:eu-central-1:123456789012:certificate/")
    assert outputs["vpc"] == "vpc-1"
    assert len(outputs["subnets"]) == 3
    assert outputs["image"].startswith("ami-")


def test_unknown_data_source_returns_its_arguments_and_an_id() -> None:
    answer = answer_invoke("aws:new/getThing:getThing", {"name": "x"}, HERE)
    assert answer == {"id": "aws:new/getThing:getThing", "name": "x"}


@pytest.mark.parametrize(
    ("region", "zone"),
    [
        ("us-east-1", "use1-az1"),
        ("ap-southeast-2", "apse2-az1"),
        ("eu-central-1", "euc1-az1"),
        ("us-gov-west-1", "usgw1-az1"),
    ],
)
def test_zone_ids_use_the_abbreviations_of_aws(region: str, zone: str) -> None:
    answer = answer_invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {}, Context(region=region))
    assert answer["zoneIds"][0] == zone
